from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import pytest
from hypothesis import settings

from bulletin.articles.worker import parser_process_pool
from bulletin.articles.worker.parser_process import ParserProcess
from bulletin.config.profile_options import FetchOptions
from tests.articles.site import Site

# No test may fail because the machine is busy.
settings.register_profile("articles", deadline=None, max_examples=30)
settings.load_profile("articles")


class _Lasting(ParserProcess):
    """Outlives a run: the libraries that read pages take a quarter of a second to load."""

    def close(self) -> None:
        """Not yet."""


@pytest.fixture(scope="module")
def lasting_workers() -> Iterator[None]:
    """The runs of a file's tests have the same two readers of hostile bytes."""
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
    """Loopback needs no manners."""
    return FetchOptions(timeout_s=30, budget_s=120, host_gap_s=0)
