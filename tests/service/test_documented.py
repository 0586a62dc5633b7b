"""What docs/SERVICE.md lists for engineers is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import bulletin
from bulletin.service.alerts import Kind

ROOT = Path(bulletin.__file__).parent.parent
SERVICE = (ROOT / "docs" / "SERVICE.md").read_text(encoding="utf-8")


def test_every_kind_of_alert_is_documented() -> None:
    table = SERVICE.partition("| kind | when |")[2].partition("\n\n")[0]

    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == {str(kind) for kind in Kind}


def test_every_metric_is_documented() -> None:
    code = (ROOT / "bulletin" / "service" / "metrics.py").read_text(encoding="utf-8")
    names = set(re.findall(r'"(bulletin_[a-z_]+)"', code))
    told = {name.removesuffix("_total") for name in re.findall(r"`(bulletin_[a-z_]+)", SERVICE)}

    assert names
    assert told == names
