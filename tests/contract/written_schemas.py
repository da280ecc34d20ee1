"""`make schemas`: what ships is written from the code."""

from pathlib import Path

from sordiff import schemas
from sordiff.kafka.asyncapi import build_asyncapi

if __name__ == "__main__":
    folder = Path(schemas.__file__).parent
    schemas.export_schemas(
        folder, {**schemas.generate_schemas(), schemas.ASYNCAPI: build_asyncapi()}
    )
