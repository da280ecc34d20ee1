"""The OpenAPI document, made of the operations and of the records that they take and tell."""

import json
from collections.abc import Sequence
from importlib.metadata import version
from inspect import cleandoc
from typing import Any, Final

import msgspec

from sordiff.http.answer import JSON
from sordiff.http.operation import Operation, list_path_parameters
from sordiff.http.problem import PROBLEM_JSON, Problem
from sordiff.schemas.command_output import complete_tuples

_REFERENCE: Final = "#/components/schemas/{name}"
_DESCRIPTION: Final = "SOR, the Danish register of health-care organisations, and its changes."
_PROBLEMS: Final = {
    400: "A parameter is wrong, or is not known.",
    401: "A token is needed, or the one that was sent is not valid.",
    403: "The role does not allow it, or deciding is switched off.",
    404: "Nobody knows what is asked for, or it was not there on that day.",
    405: "This method is not for this path.",
    408: "What was sent did not come to its end.",
    409: "Somebody or something came before: the problem says how the run stands.",
    410: "The sequence is not of this changelog, or is lost: read the units anew.",
    413: "What was sent is too large.",
    415: "What was sent is not application/json.",
    422: "It can't be done: the problem says why.",
    429: "Too many attempts; Retry-After says how long to wait.",
    500: "The server failed.",
    503: "The changelog can't be used just now, or too many are waiting.",
}
_OF_ALL: Final = (400, 401, 405, 429, 500, 503)
_OF_DECISIONS: Final = (403, 404, 408, 409, 413, 415, 422)
_SECURITY: Final = "token"


def build_openapi(operations: Sequence[Operation]) -> dict[str, Any]:
    """The document, as OpenAPI 3.1 has it."""
    records = [operation.answers for operation in operations if operation.answers is not None]
    bodies = [operation.body for operation in operations if operation.body is not None]
    schemas, components = msgspec.json.schema_components(
        [Problem, *records, *bodies], ref_template=_REFERENCE
    )
    answered = iter(schemas[1:])
    paths = {
        operation.path: {
            operation.method.lower(): _describe(
                operation, None if operation.answers is None else next(answered)
            )
        }
        for operation in operations
    }
    for component in components.values():
        if "description" in component:
            component["description"] = cleandoc(component["description"])
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "sordiff",
            "version": version("sordiff"),
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {_SECURITY: {"type": "http", "scheme": "bearer"}},
        },
    }
    # Tuples become lists, and patterns those of ECMAScript.
    plain: dict[str, Any] = json.loads(json.dumps(document).replace("\\\\Z", "$"))
    complete_tuples(plain)
    return plain


def _describe(operation: Operation, schema: dict[str, Any] | None) -> dict[str, Any]:
    content = {operation.media_type: {"schema": schema or {"type": "string"}}}
    headers = {
        name: {"description": meaning, "schema": {"type": "string"}}
        for name, meaning in operation.headers.items()
    }
    answers: dict[str, Any] = {
        "200": {"description": "What is asked for.", "content": content, "headers": headers},
        "304": {"description": "It is what the client has, by If-None-Match."},
    }
    problem = {"$ref": _REFERENCE.format(name=Problem.__name__)}
    decides = operation.body is not None
    if decides:
        del answers["304"]
    for status in sorted({*_OF_ALL, *operation.problems, *(_OF_DECISIONS if decides else ())}):
        answers[str(status)] = {
            "description": _PROBLEMS[status],
            "content": {PROBLEM_JSON: {"schema": problem}},
        }
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        **({"description": operation.description} if operation.description else {}),
        "parameters": list(_list_parameters(operation)),
        **_describe_body(operation),
        "responses": answers,
        # Without a token one can read, unless the server asks for one.
        "security": [{_SECURITY: []}] if decides else [{}, {_SECURITY: []}],
    }


def _describe_body(operation: Operation) -> dict[str, Any]:
    if operation.body is None:
        return {}
    schema = {"$ref": _REFERENCE.format(name=operation.body.__name__)}
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema}}}}


def _list_parameters(operation: Operation) -> list[dict[str, Any]]:
    _, components = msgspec.json.schema_components([operation.parameters])
    record = components[operation.parameters.__name__]
    in_path = list_path_parameters(operation)
    return [
        _describe_parameter(name, schema, operation, in_path=name in in_path)
        for name, schema in record["properties"].items()
    ]


def _describe_parameter(
    name: str, schema: dict[str, Any], operation: Operation, *, in_path: bool
) -> dict[str, Any]:
    # Absent is what null is elsewhere.
    [schema] = [each for each in schema.pop("anyOf", [schema]) if each.get("type") != "null"]
    schema = {key: value for key, value in schema.items() if value is not None}
    described: dict[str, Any] = {"name": name, "in": "path" if in_path else "query"}
    required = {
        field.encode_name
        for field in msgspec.structs.fields(operation.parameters)
        if field.required
    }
    described["required"] = name in required
    if "description" in schema:
        described["description"] = schema.pop("description")
    if name in operation.example:
        described["example"] = operation.example[name]
    return {**described, "schema": schema}
