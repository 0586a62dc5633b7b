"""
Lighthouse of the listener pages: scores of every category, the performance as a median of runs.

    python -m bench.lighthouse [--runs 5] [--folder output] [--station demo] [--page front]

Without --folder the demo's bulletin is made first; --page chooses front, bulletin, day, player or stations. The pages are served on loopback by the routes of `bulletin serve`,
without compression, which a web server in front adds. Lighthouse (npm, `.ci/tools`) imitates a phone of the middle
class on a slow mobile network, so scores depend little on this machine, but other work on it lowers them. Printed for
each page: the scores (performance: median and range), first and largest paint, blocking time, layout shift, bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from bulletin.service.http.list_stations import list_routes
from bulletin.service.http.serve_published_files import PublicFolder, public_routes
from bulletin.service.http.web_server import WebServer

ROOT = Path(__file__).parents[1]
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_METRICS = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest paint",
    "total-blocking-time": "blocked",
    "cumulative-layout-shift": "layout shift",
    "total-byte-weight": "weight",
}


@contextmanager
def serve_stations(output: Path) -> Iterator[str]:
    """Serve the stations below a folder as `bulletin serve` does; yields the address with a slash at the end."""
    folders = [
        PublicFolder(station=path.name, folder=path)
        for path in sorted(output.iterdir())
        if (path / "index.html").is_file()
    ]
    app = Starlette(routes=[*list_routes(lambda: folders), *public_routes(lambda: folders)])
    server = WebServer(app)
    server.start()
    try:
        yield f"{server.address}/"
    finally:
        server.stop()


def run_lighthouse(url: str, *, categories: Sequence[str] = CATEGORIES) -> Mapping[str, Any]:
    """The report of one run. Raises FileNotFoundError where a program is missing, RuntimeError where it fails."""
    program = ROOT / ".venv-clients/node_modules/.bin/lighthouse"
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program.exists() or not chromium:
        raise FileNotFoundError("lighthouse or Chromium is missing; run .ci/tools")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        done = subprocess.run(
            [
                str(program),
                url,
                "--quiet",
                "--output=json",
                f"--output-path={report}",
                f"--only-categories={','.join(categories)}",
                "--chrome-flags=--headless=new --no-sandbox",
            ],
            env={**os.environ, "CHROME_PATH": chromium},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if not report.is_file():
            raise RuntimeError(f"lighthouse: {done.stderr.strip()[-500:]}")
        content: Mapping[str, Any] = json.loads(report.read_bytes())
    if content.get("runtimeError"):
        raise RuntimeError(f"lighthouse: {content['runtimeError']['message']}")
    return content


def scores_of(report: Mapping[str, Any]) -> dict[str, int]:
    """Score of each category, 0 to 100."""
    return {name: round(100 * data["score"]) for name, data in report["categories"].items()}


def failed_audits(report: Mapping[str, Any]) -> list[str]:
    """Names of the audits that cost points, with what they say."""
    weights = {
        item["id"]: item["weight"] for data in report["categories"].values() for item in data["auditRefs"]
    }
    return [
        f"{name}: {audit.get('displayValue') or audit['title']}"
        for name, audit in report["audits"].items()
        if weights.get(name) and audit["score"] is not None and audit["score"] < 1
    ]


def _make_demo(folder: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "bulletin",
        "make",
        str(ROOT / "feeds/demo.toml"),
        "-o",
        str(folder),
        "-q",
    ]
    subprocess.run(command, check=True, cwd=ROOT)


def _pages_of(output: Path, station: str) -> dict[str, str]:
    """Kind of each page -> its path."""
    newest = max((output / station).glob(f"{station}-*.html"))
    day = max((output / station / "days").glob("2*.html"))
    return {
        "front": f"{station}/index.html",
        "bulletin": f"{station}/{newest.name}",
        "day": f"{station}/days/{day.name}",
        "player": f"{station}/player.html",
        "stations": "",
    }


def measure(output: Path, paths: Sequence[str], *, runs: int) -> None:
    """Print a line for each page."""
    with serve_stations(output) as address:
        for path in paths:
            reports = [run_lighthouse(f"{address}{path}") for _ in range(runs)]
            scores = [scores_of(report) for report in reports]
            speeds = sorted(score["performance"] for score in scores)
            middle = next(
                report
                for report, score in zip(reports, scores, strict=True)
                if score["performance"] == speeds[len(speeds) // 2]
            )
            others = {name: min(score[name] for score in scores) for name in CATEGORIES[1:]}
            shown = ", ".join(
                f"{label} {middle['audits'][name]['displayValue']}" for name, label in _METRICS.items()
            )
            print(
                f"/{path}: performance {statistics.median(speeds):g} ({speeds[0]} to {speeds[-1]}), "
                + ", ".join(f"{name} {score}" for name, score in others.items())
                + f"; {shown}",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="output folder with published pages")
    parser.add_argument("--station", default="demo")
    parser.add_argument("--page", choices=("front", "bulletin", "day", "player", "stations"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        output = options.folder or Path(work)
        if not options.folder:
            _make_demo(output)
        pages = _pages_of(output, options.station)
        measure(output, [pages[options.page]] if options.page else [*pages.values()], runs=options.runs)


if __name__ == "__main__":
    main()
