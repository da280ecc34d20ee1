"""`make schemas`: what ships is written from the code."""

from pathlib import Path

from sordiff import schemas
from sordiff.kafka.asyncapi import asyncapi

if __name__ == "__main__":
    folder = Path(schemas.__file__).parent
    schemas.export(folder, {**schemas.generated(), schemas.ASYNCAPI: asyncapi()})
