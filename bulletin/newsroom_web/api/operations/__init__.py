"""The table of operations, a file for each kind."""

from __future__ import annotations

from bulletin.newsroom_web.api.operation_table import Operation
from bulletin.newsroom_web.api.operations import (
    bulletin_operations,
    clip_operations,
    correction_operations,
    log_operations,
    name_operations,
    profile_operations,
    request_operations,
    sound_operations,
    station_operations,
    story_operations,
)

OPERATIONS: tuple[Operation, ...] = (
    *station_operations.OPERATIONS,
    *bulletin_operations.OPERATIONS,
    *sound_operations.OPERATIONS,
    *clip_operations.OPERATIONS,
    *name_operations.OPERATIONS,
    *story_operations.OPERATIONS,
    *request_operations.OPERATIONS,
    *correction_operations.OPERATIONS,
    *log_operations.OPERATIONS,
    *profile_operations.OPERATIONS,
)
