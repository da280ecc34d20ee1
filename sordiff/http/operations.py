"""All operations, in the order in which the OpenAPI document lists them."""

from typing import Final

from sordiff.http import standing
from sordiff.http.operation import Operation
from sordiff.report import StatusReport

OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        path="/v1/status",
        name="readStatus",
        summary="How the changelog stands: the newest snapshot, what is held, what waits.",
        answer=standing.answer_status,
        answers=StatusReport,
    ),
    Operation(
        path="/health",
        name="readHealth",
        summary="Whether the changelog can be read; 503 where it can't.",
        answer=standing.answer_health,
        answers=standing.Health,
    ),
    Operation(
        path="/metrics",
        name="readMetrics",
        summary="The metrics of the changelog for Prometheus.",
        answer=standing.answer_metrics,
        answers=None,
        media_type=standing.METRICS_TYPE,
    ),
)
