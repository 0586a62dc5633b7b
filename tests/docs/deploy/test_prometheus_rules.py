"""Alert rules for Prometheus: its own promtool checks them, and each alert fires and is silent in a test."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from click import Command, Context, Group

from bulletin.cli.main import cli
from tests.support.prometheus_server import MONITORING, needs_prometheus

yaml = pytest.importorskip("yaml", reason="PyYAML, which comes with moto, reads the rules")

RULES = sorted(MONITORING.glob("*.rules.yml"))
HERE = Path(__file__).parent

pytestmark = [pytest.mark.clients, needs_prometheus]


def promtool(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["promtool", *map(str, args)], capture_output=True, text=True, check=False, cwd=MONITORING
    )


@pytest.mark.parametrize("rules", RULES, ids=lambda path: path.stem)
def test_rules_are_valid(rules: Path):
    done = promtool("check", "rules", "--lint=all", "--lint-fatal", rules)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_configuration_is_valid_with_and_without_a_group(tmp_path: Path):
    text = (MONITORING / "prometheus.yml").read_text("utf-8")
    for path in RULES:
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")

    for number, config in enumerate((text, re.sub(r"(?m)^( *)# (?=- |  )", r"\1", text))):
        (tmp_path / f"{number}.yml").write_text(config, "utf-8")
        done = promtool("check", "config", tmp_path / f"{number}.yml")
        assert done.returncode == 0, done.stdout + done.stderr
        assert [path.name in done.stdout for path in RULES] == [number == 1, True]


@pytest.mark.parametrize("rules", RULES, ids=lambda path: path.stem)
def test_each_alert_fires_when_it_must_and_is_silent_otherwise(rules: Path):
    cases = HERE / f"{rules.stem}.test.yml"
    done = promtool("test", "rules", cases)
    checks = [
        check
        for test in yaml.safe_load(cases.read_text("utf-8"))["tests"]
        for check in test["alert_rule_test"]
    ]

    assert done.returncode == 0, done.stdout + done.stderr
    alerts = {
        rule["alert"]
        for group in yaml.safe_load(rules.read_text("utf-8"))["groups"]
        for rule in group["rules"]
    }
    assert {check["alertname"] for check in checks if check["exp_alerts"]} == alerts
    assert {check["alertname"] for check in checks if not check["exp_alerts"]} == alerts


@pytest.mark.parametrize("rules", RULES, ids=lambda path: path.stem)
def test_commands_in_an_alert_exist(rules: Path):
    printed = re.findall(r"`(bulletin [^`]*)`", rules.read_text("utf-8"))
    assert printed

    for line in printed:
        _, *words = shlex.split(line.replace("{{ $labels.station }}", "hill"))
        command: Command = cli
        context = Context(cli)
        while isinstance(command, Group):
            found = command.get_command(context, words.pop(0))
            assert found, line
            command = found
        command.make_context(line, words)
