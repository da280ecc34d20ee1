"""An operation: a path, what it takes and what it answers. Routes and OpenAPI are made of these."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import fields
from starlette.requests import Request

from sordiff.http.answer import JSON, Answer
from sordiff.http.parameters import NoParameters
from sordiff.http.problem import RequestRefused
from sordiff.http.request_reader import RequestReader


class Operation(Struct, frozen=True, kw_only=True):
    """A path to read, or to decide at, for programs.

    `parameters`: a record with a field for each parameter of path and query. Without `answer` it
    is a stream. `answers` is the record that is told, None where the body is no JSON. `problems`:
    the status codes of problem documents beside those that any operation has; `headers`: those of
    the answer, with what each means. `example`: parameters that the nights of the demo answer.
    `body`: of a decision, the record that is sent.
    """

    path: str
    name: str
    summary: str
    answer: Callable[[RequestReader, Any], Awaitable[Answer]] | None
    answers: Any
    description: str = ""
    media_type: str = JSON
    parameters: type[Struct] = NoParameters
    problems: tuple[int, ...] = ()
    headers: Mapping[str, str] = {}
    example: Mapping[str, str] = {}
    body: type[Struct] | None = None

    @property
    def method(self) -> str:
        """Decisions are posted, all else is read."""
        return "GET" if self.body is None else "POST"


def read_parameters(operation: Operation, request: Request) -> Struct:
    """The parameters of a request; RequestRefused where one is wrong.

    One that is not known is refused: misspelt, it would leave more in the answer than was asked.
    """
    given: dict[str, str] = {}
    for name, value in (*request.path_params.items(), *request.query_params.multi_items()):
        if name in given:
            message = f"The parameter {name} is given twice."
            raise RequestRefused(HTTPStatus.BAD_REQUEST, "parameters", message)
        given[name] = value
    try:
        return msgspec.convert(given, operation.parameters, strict=False)
    except msgspec.ValidationError as error:
        message = f"The request can't be understood: {error}."
        advice = "/openapi.json names the parameters of each path."
        raise RequestRefused(HTTPStatus.BAD_REQUEST, "parameters", message, advice=advice) from None


def list_path_parameters(operation: Operation) -> set[str]:
    """The parameters that stand in the path; the others stand in the query."""
    names = {field.encode_name for field in fields(operation.parameters)}
    return {name for name in names if f"{{{name}}}" in operation.path}
