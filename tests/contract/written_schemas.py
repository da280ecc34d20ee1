"""`make schemas`: what ships is written from the code."""

from pathlib import Path

from sordiff import schemas, store
from sordiff.kafka.asyncapi import build_asyncapi
from sordiff.store.newest_schema import write_newest_schema

if __name__ == "__main__":
    folder = Path(schemas.__file__).parent
    schemas.export_schemas(
        folder, {**schemas.generate_schemas(), schemas.ASYNCAPI: build_asyncapi()}
    )
    write_newest_schema(Path(store.__file__).parent)
