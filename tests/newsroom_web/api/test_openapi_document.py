"""The OpenAPI document of the API."""

from __future__ import annotations

import re

import pytest

from bulletin.newsroom_web.api.openapi_document import openapi_document
from bulletin.newsroom_web.api.operations import OPERATIONS

DOCUMENT = openapi_document(OPERATIONS)


@pytest.mark.slow
def test_it_is_a_valid_openapi_3_1_document() -> None:
    validator = pytest.importorskip("openapi_spec_validator")
    validator.validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1")


def test_every_operation_has_a_name_of_its_own_a_summary_and_problems() -> None:
    names = [operation.name for operation in OPERATIONS]
    assert len(names) == len({*names})
    for operation in OPERATIONS:
        found = DOCUMENT["paths"][f"/{operation.path}"][operation.method.lower()]
        assert operation.summary.endswith(".")
        assert {"401", "default"} <= set(found["responses"])
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", operation.name)


def test_every_field_of_a_request_is_declared() -> None:
    """extra="forbid" in every body: what is not declared is refused."""
    for operation in OPERATIONS:
        assert operation.body.model_config.get("extra") == "forbid", operation.name
        assert operation.query.model_config.get("extra") == "forbid", operation.name
