"""`bulletin inspect FILE`: loudness, peaks, silences and clicks of a sound file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bulletin.cli.shared_options import json_option

if TYPE_CHECKING:
    from bulletin.audio.quality.examine_file import QualityReport

_SILENT_LUFS, _NO_PEAK_DB = -100.0, -119.0


@click.command("inspect")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--lufs", type=float, help="Loudness wanted, in LUFS (within 0.5 LU).")
@click.option("--peak", type=float, metavar="DBTP", help="Highest true peak allowed.")
@click.option(
    "--picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.png",
    help="Draw waveform, chapters and loudness into this file.",
)
@json_option
def command(file: Path, lufs: float | None, peak: float | None, picture: Path | None, as_json: bool) -> None:
    """
    Measure any sound file as a listener hears it: decoded, from start to end.

    Exits 0 when it passes, 6 when it fails or cannot be read.
    """
    from bulletin.audio.quality.examine_file import QualityLimits, inspect
    from bulletin.cli.output.json_output import print_json
    from bulletin.errors import AudioError

    if picture and picture.suffix.lower() != ".png":
        raise click.BadParameter(f"{picture} does not end in .png", param_hint="'--picture'")
    limits = QualityLimits(loudness_lufs=lufs, true_peak_dbtp=peak)
    report = inspect(file, limits=limits)
    if picture:
        from bulletin.audio.quality.report_picture import draw_report

        draw_report(report, picture, limits=limits)
    if as_json:
        print_json(report_data(report))
    else:
        _print(report)
    if not report.is_fit:
        sys.exit(AudioError.exit_code)


def report_data(report: QualityReport) -> dict[str, Any]:
    """A quality report for JSON; lengths in seconds, levels in LUFS, LU and dBTP; null: too short or quiet."""
    return {
        "file": str(report.path),
        "fit": report.is_fit,
        "duration_s": round(report.duration_s, 4),
        "rate_hz": report.rate_hz,
        "channels": report.channels,
        "loudness_lufs": _known(report.loudness_lufs),
        "short_term_max_lufs": _known(report.short_term_max_lufs),
        "range_lu": round(report.range_lu, 2),
        "true_peak_dbtp": round(report.true_peak_dbtp, 2),
        "silences_s": [[round(start, 2), round(end, 2)] for start, end in report.silences],
        "quiet_start_s": round(report.quiet_start_s, 2),
        "quiet_end_s": round(report.quiet_end_s, 2),
        "dropouts_s": [[round(start, 3), round(end, 3)] for start, end in report.dropouts],
        "clicks_s": [round(at_s, 3) for at_s in report.clicks_s],
        "clipped": report.clipped,
        "dc_offset": round(report.dc_offset, 6),
        "mono_loss_lu": round(report.mono_loss_lu, 2),
        "title": report.title,
        "artist": report.artist,
        "picture": report.has_picture,
        "chapters": [
            {
                "start_s": round(chapter.start_s, 3),
                "end_s": round(chapter.end_s, 3),
                "title": chapter.title,
                "first_word_s": None if first_s is None else round(first_s, 2),
            }
            for chapter, first_s in zip_longest(report.chapters, report.first_words_s)
        ],
        "faults": list(report.faults),
        "warnings": list(report.warnings),
    }


def _known(lufs: float) -> float | None:
    return None if lufs <= _SILENT_LUFS else round(lufs, 2)


def _print(report: QualityReport) -> None:
    for name, text in _rows(report):
        click.echo(f"{name:<11}{text}")
    for fault in report.faults:
        click.secho(f"fault      {fault}", fg="red")
    for warning in report.warnings:
        click.secho(f"warning    {warning}", fg="yellow")
    click.secho("passed" if report.is_fit else "failed", bold=True)


def _rows(report: QualityReport) -> Iterator[tuple[str, str]]:
    from bulletin.audio.metering.quality_report import clock

    minutes, seconds = divmod(round(report.duration_s, 2), 60)
    kind = {1: "mono", 2: "stereo"}.get(report.channels, f"{report.channels} channels")
    loudness, highest = _known(report.loudness_lufs), _known(report.short_term_max_lufs)
    short_term = f", at most {highest:.1f} in 3 s" if highest is not None else ""
    yield "length", f"{int(minutes)}:{seconds:05.2f}"
    yield "format", f"{report.rate_hz} Hz, {kind}"
    yield "loudness", f"{loudness:.1f} LUFS{short_term}" if loudness is not None else "too quiet to measure"
    yield "range", f"{report.range_lu:.1f} LU"
    yield "true peak", f"{report.true_peak_dbtp:.1f} dBTP" if report.true_peak_dbtp > _NO_PEAK_DB else "none"
    yield "clipped", f"{report.clipped} places" if report.clipped else "none"
    yield "dead air", _spans(report.silences)
    yield "clicks", f"{len(report.clicks_s)} suspected" if report.clicks_s else "none"
    yield "offset", f"{report.dc_offset:.4f} of full scale"
    yield "mono", f"{report.mono_loss_lu:.1f} LU quieter"
    yield "title", " - ".join(filter(None, (report.title, report.artist))) or "none"
    if report.has_picture:
        yield "picture", "yes"
    for number, (chapter, first_s) in enumerate(zip_longest(report.chapters, report.first_words_s)):
        title = " ".join(chapter.title.split())
        spoken = f"  (first word {first_s - chapter.start_s:+.1f} s)" if first_s is not None else ""
        yield "" if number else "chapters", f"{clock(chapter.start_s)}  {title}{spoken}"


def _spans(spans: tuple[tuple[float, float], ...]) -> str:
    return ", ".join(f"{start:.1f} to {end:.1f} s" for start, end in spans) or "none"
