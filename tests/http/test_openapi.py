"""The OpenAPI document: it is one, its examples work, and no answer is other than it says."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from sordiff.http.deciding.operations import DECISIONS
from sordiff.http.openapi import build_openapi
from sordiff.http.operations import OPERATIONS
from tests.http.asking import Client

DOCUMENT = build_openapi((*OPERATIONS, *DECISIONS))
READ_WHOLE = [operation for operation in OPERATIONS if operation.answer is not None]


def answer_schema(path: str, status: int, media_type: str, method: str = "get") -> dict[str, Any]:
    """The schema of an answer, with the records that it refers to; no field that is not named may be there."""
    content = DOCUMENT["paths"][path][method]["responses"][str(status)]["content"]
    return {**content[media_type]["schema"], "components": DOCUMENT["components"]}


@pytest.mark.parametrize("operation", READ_WHOLE, ids=lambda operation: operation.name)
def test_an_example_is_answered_as_the_document_says(client: Client, operation: Any) -> None:
    path = operation.path.format(**operation.example)
    in_query = {
        name: value
        for name, value in operation.example.items()
        if f"{{{name}}}" not in operation.path
    }
    answer = client.get(path, params=in_query or None)
    assert (answer.status_code, answer.headers["content-type"]) == (200, operation.media_type)
    missing = {name for name in operation.headers if name not in answer.headers}
    assert not missing
    if operation.answers is not None:
        told = answer.json()
        assert told
        schema = answer_schema(operation.path, 200, operation.media_type)
        Draft202012Validator(schema, validate_formats=True).validate(told)


def test_what_is_served_is_an_openapi_document(client: Client) -> None:
    told = client.ask("/openapi.json")
    assert told == DOCUMENT
    validate(told, cls=OpenAPIV31SpecValidator)
