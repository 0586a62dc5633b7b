"""Dashboards for Grafana: importable anywhere, and of the types that Grafana's own package gives."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.chromium import MODULES
from tests.support.prometheus_server import MONITORING

DASHBOARDS = sorted(MONITORING.glob("*.dashboard.json"))
RAW = "@grafana/schema/dist/types/raw"
LITERALS = """
type Plain<T> = T extends string ? `${T}`
  : T extends number ? (`${T}` extends `${infer N extends number}` ? N : T)
  : T extends readonly (infer E)[] ? Plain<E>[]
  : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
"""
"""Grafana's types name the values of an enumeration; a file has the values themselves."""
OPTIONS = {"stat": "Partial<Stat>", "table": "Partial<Table>", "timeseries": "Partial<TimeSeries>"}

pytestmark = pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.name)


def test_dashboard_can_be_imported_anywhere(path: Path):
    """Grafana asks for the data source, and chooses the number of the dashboard itself."""
    dashboard = json.loads(path.read_text("utf-8"))
    panels = dashboard["panels"]
    drawn = [panel for panel in panels if panel["type"] != "row"]

    assert dashboard["id"] is None
    assert "version" not in dashboard
    sources = [one["datasource"] for panel in drawn for one in (panel, *panel["targets"])]
    assert {source["uid"] for source in sources} == {"${datasource}"}
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["description"].endswith(".") for panel in drawn)
    taken = [
        (x, y)
        for grid in (panel["gridPos"] for panel in panels)
        for x in range(grid["x"], grid["x"] + grid["w"])
        for y in range(grid["y"], grid["y"] + grid["h"])
    ]
    assert len(set(taken)) == len(taken), "panels overlap"
    assert max(x for x, _ in taken) < 24


@pytest.mark.clients
@pytest.mark.parametrize("mistake", ["", '"absolute"->"absolut"', '"calcs"->"sums"'])
def test_dashboard_has_the_types_of_grafana(path: Path, mistake: str, tmp_path: Path):
    compiler = MODULES / "node_modules" / ".bin" / "tsc"
    if (
        not shutil.which("node")
        or not compiler.is_file()
        or not (MODULES / "node_modules/@grafana/schema").is_dir()
    ):
        pytest.skip("TypeScript and @grafana/schema are not installed (.ci/tools)")
    wrong, _, right = mistake.partition("->")
    (tmp_path / "node_modules").symlink_to(MODULES / "node_modules")
    program = _program(json.loads(path.read_text("utf-8").replace(wrong, right)))
    (tmp_path / "dashboard.ts").write_text(program, "utf-8")

    done = subprocess.run(
        [compiler, "--noEmit", "--strict", "--skipLibCheck", "--moduleResolution", "node", "--target", "es2022", "dashboard.ts"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode == 0) == (not mistake), done.stdout


def _program(dashboard: dict[str, Any]) -> str:
    """The dashboard, and the options of its panels, as typed constants."""
    lines = [
        f'import type {{ Dashboard }} from "{RAW}/dashboard/x/types.gen";',
        *(
            f'import type {{ Options as {name} }} from "{RAW}/composable/{name.lower()}/panelcfg/x/types.gen";'
            for name in ("Stat", "Table", "TimeSeries")
        ),
        LITERALS,
        f"const dashboard: Plain<Dashboard> = {json.dumps(dashboard)};",
    ]
    for number, panel in enumerate(dashboard["panels"]):
        if panel["type"] != "row":
            lines.append(
                f"const o{number}: Plain<{OPTIONS[panel['type']]}> = {json.dumps(panel['options'])};"
            )
    return "\n".join([*lines, "export default dashboard;"])
