"""`bulletin inspect FILE`: what a listener gets, by instruments."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bulletin.cli.options import json_option

if TYPE_CHECKING:
    from bulletin.audio.quality import QualityReport


@click.command("inspect")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--lufs", type=float, help="The loudness that it should have (within 0.5 LU).")
@click.option("--peak", type=float, metavar="DBTP", help="The true peak that it may have.")
@json_option
def command(file: Path, lufs: float | None, peak: float | None, as_json: bool) -> None:
    """
    Examine any sound file as a listener would get it: decoded, from start to end.

    Exits 0 when it is fit to go out, 6 when it is not or cannot be read.
    """
    from bulletin.audio.quality import Limits, inspect
    from bulletin.cli.data import print_json
    from bulletin.errors import AudioError

    report = inspect(file, limits=Limits(loudness_lufs=lufs, true_peak_dbtp=peak))
    if as_json:
        print_json(report_data(report))
    else:
        _print(report)
    if not report.is_fit:
        sys.exit(AudioError.exit_code)


def report_data(report: QualityReport) -> dict[str, Any]:
    """A quality report as plain data; lengths in seconds, levels in LUFS, LU and dBTP."""
    return {
        "file": str(report.path),
        "fit": report.is_fit,
        "duration_s": round(report.duration_s, 4),
        "rate_hz": report.rate_hz,
        "channels": report.channels,
        "loudness_lufs": round(report.loudness_lufs, 2),
        "short_term_max_lufs": round(report.short_term_max_lufs, 2),
        "range_lu": round(report.range_lu, 2),
        "true_peak_dbtp": round(report.true_peak_dbtp, 2),
        "silences_s": [[round(start, 2), round(end, 2)] for start, end in report.silences],
        "clipped": report.clipped,
        "dc_offset": round(report.dc_offset, 6),
        "mono_loss_lu": round(report.mono_loss_lu, 2),
        "chapters": [{"start_s": round(c.start_s, 3), "title": c.title} for c in report.chapters],
        "faults": list(report.faults),
        "warnings": list(report.warnings),
    }


def _print(report: QualityReport) -> None:
    minutes, seconds = divmod(report.duration_s, 60)
    rows = (
        ("length", f"{int(minutes)}:{seconds:05.2f}"),
        ("format", f"{report.rate_hz} Hz, {report.channels} channels"),
        ("loudness", f"{report.loudness_lufs:.1f} LUFS, at most {report.short_term_max_lufs:.1f} short-term"),
        ("range", f"{report.range_lu:.1f} LU"),
        ("true peak", f"{report.true_peak_dbtp:.1f} dBTP"),
        ("mono", f"{report.mono_loss_lu:.1f} LU less loud on one loudspeaker"),
        ("chapters", str(len(report.chapters))),
    )
    for name, text in rows:
        click.echo(f"{name:<10}{text}")
    for fault in report.faults:
        click.echo(f"fault     {fault}")
    for warning in report.warnings:
        click.echo(f"warning   {warning}")
    click.echo("fit to go out" if report.is_fit else "not fit to go out")
