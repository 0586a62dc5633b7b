"""
Draw a bulletin's running order as SVG, from what `bulletin make --json` says of it.

    bulletin make demo --json > run.json; python -m bench.picture run.json docs/running-order.svg
"""

from __future__ import annotations

import json
import sys
from html import escape
from pathlib import Path
from typing import Any

from bulletin.runtime.sound_file import read_sound, to_mono

WIDTH, LEFT, ROW, TOP = 960, 20, 30, 150
COLOURS = {"opening": "#14532d", "news": "#0b6e4f", "late": "#2f9e75", "closing": "#14532d"}


def main() -> None:
    data: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(draw(data), encoding="utf-8")


def draw(data: dict[str, Any]) -> str:
    """The waveform on top, a bar for each chapter below."""
    sound = data["renditions"][0]
    length = sound["duration_s"]
    chapters = sound["chapters"]
    height = TOP + ROW * len(chapters) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        '<g font-family="system-ui, sans-serif" font-size="14">',
        f"<title>Running order of {escape(data['title'])}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="28" font-size="18" font-weight="600" fill="#111">{escape(data["title"])}</text>',
        note(f"{clock(length)} · {sound['loudness_lufs']:.1f} LUFS"),
        waveform(Path(sound["path"]), chapters, length),
    ]
    ends = [c["start_s"] for c in chapters[1:]] + [length]
    for number, (chapter, end) in enumerate(zip(chapters, ends, strict=True)):
        parts.append(bar(number, chapter, end, length, is_own=number in (0, len(chapters) - 1)))
    return "\n".join([*parts, "</g></svg>", ""])


def note(text: str) -> str:
    return f'<text x="{WIDTH - LEFT}" y="28" text-anchor="end" fill="#555">{escape(text)}</text>'


def bar(number: int, chapter: dict[str, Any], end: float, length: float, *, is_own: bool) -> str:
    x, width = place(chapter["start_s"], length), place(end, length) - place(chapter["start_s"], length)
    y = TOP + ROW * number
    label = f"{clock(chapter['start_s'])}  {chapter['title']}"
    is_late = x > WIDTH * 0.45
    anchor, at = ("end", x - 8) if is_late else ("start", x + width + 8)
    colour = COLOURS["opening"] if is_own else COLOURS["news"]
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{max(3, width - 2):.1f}" height="{ROW - 10}" rx="3" fill="{colour}"/>'
        f'<text x="{at:.1f}" y="{y + 15}" text-anchor="{anchor}" fill="#222">{escape(label)}</text>'
    )


def waveform(path: Path, chapters: list[dict[str, Any]], length: float) -> str:
    samples, _ = read_sound(path)
    mono = abs(to_mono(samples))
    columns = WIDTH - 2 * LEFT
    step = max(1, len(mono) // columns)
    peaks = [float(mono[i * step : (i + 1) * step].max(initial=0)) for i in range(columns)]
    lines = "".join(
        f"M{LEFT + i} {90 - 44 * peak:.1f}V{90 + 44 * peak:.1f}"
        for i, peak in enumerate(peaks)
        if peak > 0.004
    )
    marks = "".join(f"M{place(c['start_s'], length):.1f} 42V138" for c in chapters)
    return f'<path d="{marks}" stroke="#cbd5d1" fill="none"/><path d="{lines}" stroke="#0b6e4f" fill="none"/>'


def place(seconds: float, length: float) -> float:
    return LEFT + (WIDTH - 2 * LEFT) * seconds / length


def clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


if __name__ == "__main__":
    main()
