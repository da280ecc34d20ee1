"""`make schemas`: what ships is written from the code."""

from pathlib import Path

from sordiff import schemas, store
from sordiff.kafka.asyncapi import asyncapi
from sordiff.store import newest_schema

if __name__ == "__main__":
    folder = Path(schemas.__file__).parent
    schemas.export(folder, {**schemas.generated(), schemas.ASYNCAPI: asyncapi()})
    newest_schema.write(Path(store.__file__).parent)
