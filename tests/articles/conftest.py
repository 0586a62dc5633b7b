from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from bulletin.config.options import FetchOptions
from tests.articles.site import Site

# No test may fail because the machine is busy.
settings.register_profile("articles", deadline=None, max_examples=30)
settings.load_profile("articles")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def options() -> FetchOptions:
    """Loopback needs no manners."""
    return FetchOptions(timeout_s=30, budget_s=120, host_gap_s=0)
