"""Start of the program: the command line, a station opened, and the imports alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench.processes import run_way

# Each process imports only the modules that it needs, because imports count.


def bare(_: Path) -> None:
    """Python alone."""


def click(_: Path) -> None:
    """The library for commands."""
    import click

    assert click


def version(_: Path) -> None:
    """`bulletin --version`."""
    from bulletin.cli.main import main

    sys.argv = ["bulletin", "--version"]
    main()


def station(folder: Path) -> None:
    """All modules of `bulletin make`, and the demo's station; the foreign modules are noted for `imports`."""
    from bulletin.cli.main import spare_collector

    spare_collector()
    from bulletin.config.load_profile import load_profile
    from bulletin.pipeline.make_bulletin import make_bulletin
    from bulletin.station.build_station_object import open_station

    assert make_bulletin
    with open_station(load_profile("demo"), output=folder / "output") as opened:
        assert opened
    ours = {"bulletin", "bench", "__main__", "__mp_main__"}
    names = [name for name in sys.modules if name.partition(".")[0] not in ours]
    (folder / "modules.json").write_text(json.dumps(names), encoding="utf-8")


def imports(folder: Path) -> None:
    """The foreign modules of `station`."""
    import contextlib
    import gc
    import importlib
    import warnings

    gc.disable()
    warnings.simplefilter("ignore")
    for name in json.loads((folder / "modules.json").read_text(encoding="utf-8")):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


if __name__ == "__main__":
    run_way({"bare": bare, "click": click, "version": version, "station": station, "imports": imports})
