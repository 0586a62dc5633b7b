from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import pytest
from hypothesis import settings

from bulletin.articles.worker import parser_process_pool
from bulletin.articles.worker.parser_process import ParserProcess
from bulletin.config.profile_options import FetchOptions
from tests.articles.site import Site

# No deadline, because a busy machine must not fail a test.
settings.register_profile("articles", deadline=None, max_examples=30)
settings.load_profile("articles")


class _Lasting(ParserProcess):
    """A parser process that outlives a run, because its libraries take 0.25 s to load."""

    def close(self) -> None:
        """Keep the process; `lasting_workers` closes it."""


@pytest.fixture(scope="module")
def lasting_workers() -> Iterator[None]:
    """Two parser processes that all runs of a test file share."""
    workers = (_Lasting(), _Lasting())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parser_process_pool, "ParserProcess", cycle(workers).__next__)
        yield
    for worker in workers:
        ParserProcess.close(worker)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def options() -> FetchOptions:
    """Options without a pause between requests, because the server is on loopback."""
    return FetchOptions(timeout_s=30, budget_s=120, host_gap_s=0)
