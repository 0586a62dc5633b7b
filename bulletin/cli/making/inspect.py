"""`bulletin inspect FILE`: loudness, peaks, silences and clicks of a sound file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click

from bulletin.audio.metering.quality_report import clock
from bulletin.audio.quality.inspect_sound_file import QualityLimits, QualityReport, inspect
from bulletin.cli.output.text_or_json_answer import Answer, pick, print_json, to_data
from bulletin.cli.shared_options import FILE, answer_options, file_argument
from bulletin.errors import AudioError

_SILENT_LUFS, _NO_PEAK_DB = -100.0, -119.0


@click.command("inspect")
@file_argument()
@click.option("--lufs", type=float, help="Target loudness in LUFS (tolerance 0.5 LU).")
@click.option("--peak", type=float, metavar="DBTP", help="Highest true peak allowed, in dBTP.")
@click.option(
    "--picture", type=FILE, metavar="FILE.png", help="Draw waveform, chapters and loudness into this file."
)
@answer_options
def command(file: Path, lufs: float | None, peak: float | None, picture: Path | None, answer: Answer) -> None:
    """
    Measure any sound file as a listener hears it: decoded, from start to end.

    Exits 0 when it passes, 6 when it fails or cannot be read.
    """
    if picture and picture.suffix.lower() != ".png":
        raise click.BadParameter(
            f"{picture} does not end in .png; name a .png file", param_hint="'--picture'"
        )
    limits = QualityLimits(loudness_lufs=lufs, true_peak_dbtp=peak)
    report = inspect(file, limits=limits)
    if picture:
        from bulletin.audio.quality.draw_waveform_and_loudness import draw_report

        draw_report(report, picture, limits=limits)
    if answer.as_json:
        print_json(report_data(report))
    elif not answer.quiet:
        _print(report)
    if not report.is_fit:
        sys.exit(AudioError.exit_code)


def report_data(report: QualityReport) -> dict[str, Any]:
    """A quality report for JSON; lengths in seconds, levels in LUFS, LU and dBTP; null: too short or quiet."""
    names = (
        *("duration_s", "rate_hz", "channels", "range_lu", "true_peak_dbtp", "quiet_start_s", "quiet_end_s"),
        *("clicks_s", "clipped", "dc_offset", "mono_loss_lu", "title", "artist", "faults", "warnings"),
    )
    return {
        **pick(report, *names, file="path", fit="is_fit", picture="has_picture"),
        **pick(report, silences_s="silences", dropouts_s="dropouts"),
        "loudness_lufs": _known(report.loudness_lufs),
        "short_term_max_lufs": _known(report.short_term_max_lufs),
        "chapters": [
            pick(chapter, "start_s", "end_s", "title") | {"first_word_s": to_data(first_s)}
            for chapter, first_s in zip_longest(report.chapters, report.first_words_s)
        ],
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
