"""docs/CAPACITY.md against the costs that it is computed from; formula against simulation."""

from __future__ import annotations

import pytest

from bench.capacity import MARGIN, PAGE, render
from bench.capacity_model import Plan, need_of, read_costs
from bench.capacity_simulation import simulate
from bench.performance.record_results import read_results


@pytest.mark.slow
def test_the_page_matches_the_measured_costs() -> None:
    """`python -m bench.capacity` writes it again; each line compares formula and simulation."""
    assert PAGE.read_text(encoding="utf-8") == render(read_results())


@pytest.mark.parametrize("sharing", [0.0, 0.9])
def test_formula_and_simulation_agree(sharing: float) -> None:
    plan, costs = Plan(stations=60, sharing=sharing), read_costs(read_results())
    for cores in (1, 4):
        formula_s = need_of(plan, costs).finish_s(cores, 1)
        assert simulate(plan, costs, cores=cores, database_cores=1) == pytest.approx(formula_s, rel=MARGIN)


def test_a_slow_database_holds_up_the_group() -> None:
    """Sixty stations on cores without number: then only PostgreSQL counts."""
    costs, plan = read_costs(read_results()), Plan(stations=60)
    server_s = need_of(plan, costs).server_s
    quick_s = simulate(plan, costs, cores=10_000, database_cores=100)
    slow_s = simulate(plan, costs, cores=10_000, database_cores=1)
    assert quick_s < need_of(plan, costs).chain_s * 2
    assert slow_s >= server_s
