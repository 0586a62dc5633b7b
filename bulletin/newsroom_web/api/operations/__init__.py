"""The table of operations, a file for each kind."""

from __future__ import annotations

from bulletin.newsroom_web.api.operation_table import Operation
from bulletin.newsroom_web.api.operations import bulletin_operations, request_operations, station_operations

OPERATIONS: tuple[Operation, ...] = (
    *station_operations.OPERATIONS,
    *bulletin_operations.OPERATIONS,
    *request_operations.OPERATIONS,
)
