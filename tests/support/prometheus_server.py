"""A real Prometheus (Debian's package) that scrapes the addresses it is given."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

import pytest

from tests.support.delivery_servers.base import wait_for
from tests.support.free_ports import free_port

MONITORING = Path(__file__).parents[2] / "docs" / "deploy" / "monitoring"
NO_METRIC = {
    "and",
    "or",
    "unless",
    "on",
    "by",
    "without",
    "ignoring",
    "group_left",
    "group_right",
    "offset",
    "bool",
}
BY_PROMETHEUS = {"up"}
"""Metrics that a scrape makes itself."""

needs_prometheus = pytest.mark.skipif(
    not (shutil.which("prometheus") and shutil.which("promtool")),
    reason="Prometheus is not installed (.ci/tools)",
)
_DIRECT = build_opener(ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Prometheus:
    """Its HTTP API."""

    address: str

    def ask(self, path: str, **parameters: str) -> Any:
        """`data` of an answer; an error, a warning or a note about the expression fails the test."""
        with _DIRECT.open(f"{self.address}/api/v1/{path}?{urlencode(parameters)}", timeout=60) as reply:
            answer = json.load(reply)
        assert answer["status"] == "success", answer
        assert not answer.get("warnings"), answer
        return answer["data"]

    def series(self, expression: str) -> list[dict[str, str]]:
        """Labels of each series that an expression has now."""
        data = self.ask("query", query=expression)
        return [one["metric"] for one in data["result"]] if data["resultType"] == "vector" else [{}]

    def metrics(self) -> set[str]:
        """Every name that an expression may use: those of /metrics, the parts of a histogram too."""
        names = set[str](BY_PROMETHEUS)
        for name, (one, *_) in self.ask("metadata").items():
            parts = ("_bucket", "_sum", "_count") if one["type"] == "histogram" else ("",)
            names |= {name + part for part in parts}
        return names

    def has_scraped(self) -> bool:
        """Whether every target has been scraped twice: a rate needs two samples."""
        try:
            return bool(self.series("min(up) == 1 and min(count_over_time(up[1m])) >= 2"))
        except (URLError, ConnectionError):
            return False

    def check_dashboard(
        self, path: Path, *, empty: Collection[str] = (), empty_panels: Collection[str] = ()
    ) -> None:
        """
        Each query of a dashboard's panels and variables has an answer with the labels that its legend names.

        `empty` are metrics that the scraped process has no series of now; `empty_panels` are titles of panels that
        show something in trouble only.
        """
        known, dashboard = self.metrics(), json.loads(path.read_text("utf-8"))
        for panel in dashboard["panels"]:
            for target in panel.get("targets", ()):
                names = metrics_in(target["expr"])
                assert names <= known, (panel["title"], names - known)
                series = self.series(target["expr"].replace("$station", ".*"))
                may_be_empty = bool(names & set(empty)) or panel["title"] in empty_panels
                assert series or may_be_empty, (panel["title"], target["expr"])
                legend = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
                assert all(legend <= labels.keys() for labels in series), (panel["title"], legend, series)
        for variable in dashboard["templating"]["list"]:
            if variable["type"] == "query":
                found = re.fullmatch(r"label_values\((\w+), (\w+)\)", variable["query"])
                assert found, variable
                assert [one for one in self.series(found[1]) if one.get(found[2])], variable

    def rules(self) -> list[dict[str, Any]]:
        """All rules, as Prometheus evaluates them."""
        return [rule for group in self.ask("rules")["groups"] for rule in group["rules"]]

    def check_rules(self, *, empty: Collection[str] = ()) -> None:
        """Every rule is evaluated without an error, over metrics that exist."""
        known = self.metrics()
        wait_for(lambda: all(not rule["lastEvaluation"].startswith("0001") for rule in self.rules()))
        assert self.rules()
        for rule in self.rules():
            assert (rule["health"], rule.get("lastError", "")) == ("ok", ""), rule
            names = metrics_in(rule["query"])
            assert names <= known, (rule["name"], names - known)
            assert all(self.series(name) for name in names - set(empty)), (rule["name"], names)


def metrics_in(expression: str) -> set[str]:
    """
    The names of metrics in an expression of PromQL.

    >>> sorted(metrics_in('sum by (le) (rate(a_bucket{x="b"}[5m])) / on (c) group_left time() - d unless e offset 1m'))
    ['a_bucket', 'd', 'e']
    """
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^]]*\]', " ", re.sub(r'"[^"]*"', "", expression))
    bare = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", " ", bare)
    bare = re.sub(r"\boffset\s+\S+", " ", bare)
    names = re.findall(r"(?<![\w.])([a-zA-Z_:][\w:]*)(?!\w*\s*\()", bare)
    return set(names) - NO_METRIC


@contextmanager
def prometheus(folder: Path, *targets: str, rules: Sequence[Path] = ()) -> Iterator[Prometheus]:
    """Start it with the job `bulletin`; the block runs after two scrapes."""
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(path) for path in rules],
        "scrape_configs": [{"job_name": "bulletin", "static_configs": [{"targets": [*targets]}]}],
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "prometheus.yml").write_text(json.dumps(config), "utf-8")  # JSON is YAML
    address = f"127.0.0.1:{free_port()}"
    command = [
        "prometheus",
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
    ]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen([*command, f"--web.listen-address={address}"], stdout=log, stderr=log) as process,
    ):
        server = Prometheus(f"http://{address}")
        try:
            wait_for(lambda: process.poll() is not None or server.has_scraped())
            assert process.poll() is None, (folder / "log").read_text()
            yield server
        finally:
            process.terminate()
            process.wait(60)
