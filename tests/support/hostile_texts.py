"""Hostile feed texts for markup, paths, headers, captions and terminals."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html

HOSTILE = (
    "<script>alert(1)</script>Breaking",
    '"><img src=x onerror=alert(1)>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "</script><script>alert(1)</script>",
    "{{ 7 * 7 }}{% include 'base.html' %}",
    "]]><title>x</title> -->",
    "../../../etc/passwd",
    "Title \u202eturned\u202c \x00\x1b",
    "javascript:alert(1)",
    "x" * 10_000,
    "half \ud800 a pair \udc00",
    "Line\r\nSet-Cookie: a=b\r\n\r\n<p>body",
    "%0d%0aX-Header: 1 %2e%2e%2f {slot:%H%M} {0}",
    "1\n00:00:00,000 --> 00:00:09,000\n<v Evil>said",
    "\u2066isolate\u2067 \u2028line\u2029 \ufeff\ufff9a\ufffb \U000e0001\U000e0041 \x85\x9f\x7f",
    "\x1b[31mred\x1b]0;title\x07",
    "word " * 20_000,
)
"""Hostile texts; the last one has 100 kB."""

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\uffff]")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PICTURE = re.compile(r"(?:\A|\.\./)(?:logo|thumb)-[0-9a-f]{8}\.(?:png|webp)\Z")
_LINKS = {"href", "src", "data-cover"}


def broken_promises(folder: Path) -> Iterator[str]:
    """Faults of a public folder made from hostile words."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not _PLAIN_NAME.fullmatch(path.name):
            yield f"{name!r}: a name with more than letters, figures, dots and dashes"
        if path.suffix in {".html", ".xml", ".json", ".vtt", ".srt"}:
            text = path.read_bytes().decode("utf-8")  # raises for invalid XML
            if match := _UNFIT.search(text):
                yield f"{name}: holds {match[0]!r} at {text[max(0, match.start() - 30) : match.end()]!r}"
            yield from _JUDGES[path.suffix](name, text)


def _judge_page(name: str, text: str) -> Iterator[str]:
    page = html.fromstring(text.encode())
    for element in page.iter():
        if not isinstance(element.tag, str):
            yield f"{name}: {element}"
            continue
        if element.get("http-equiv", "Content-Security-Policy") != "Content-Security-Policy":
            yield f"{name}: {element.get('http-equiv')}"
        if element.tag == "img" and not _PICTURE.search(element.get("src", "")):
            yield f"{name}: picture {element.get('src', '')[:60]!r}"
        if element.tag in {"iframe", "object", "embed", "form", "style"}:
            yield f"{name}: <{element.tag}>"
        if element.tag == "script" and not (
            element.get("src") or element.get("type") == "application/ld+json"
        ):
            yield f"{name}: a script of somebody's"
        if element.get("type") == "application/ld+json":
            json.loads(element.text)
        for key, value in element.attrib.items():
            if key.startswith("on") or (key in _LINKS and re.match(r"\s*(javascript|data|vbscript):", value)):
                yield f"{name}: {key}={value[:60]!r}"


def _judge_feed(name: str, text: str) -> Iterator[str]:
    root = etree.fromstring(text.encode())
    for title in root.iter("title"):
        if len(title) or re.search("<[A-Za-z/!?]", title.text or "") or len(title.text or "") > 255:
            yield f"{name}: title {(title.text or '')[:60]!r}"
    for item in root.iter("item"):
        for child in item.iter():
            if isinstance(child.tag, str) and etree.QName(child).localname in {"script", "img", "p", "v"}:
                yield f"{name}: <{child.tag}> in an item"


def _judge_json(name: str, text: str) -> Iterator[str]:
    for key, value in _fields(json.loads(text)):
        if key in {"url", "link", "streamUrl", "redirectionUrl"} and not re.match(
            r"https?://[^\s<>\"]*\Z|\Z", value
        ):
            yield f"{name}: {key} = {value[:60]!r}"


def _fields(data: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a JSON value with its key."""
    if isinstance(data, str):
        yield key, data
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from _fields(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from _fields(value, key)


def _judge_vtt(name: str, text: str) -> Iterator[str]:
    head, *blocks = text.rstrip("\n").split("\n\n")
    if head != "WEBVTT":
        yield f"{name}: begins {head[:40]!r}"
    for block in blocks:
        lines = block.split("\n")
        if len(lines) != 2 or not re.fullmatch(r"[\d:.]+ --> [\d:.]+", lines[0]):
            yield f"{name}: cue {block[:60]!r}"
        elif not re.fullmatch(r"<v [^<>]+>[^<>]*" if block is blocks[0] else r"[^<>]+", lines[1]):
            yield f"{name}: says {lines[1][:60]!r}"


def _judge_srt(name: str, text: str) -> Iterator[str]:
    for number, block in enumerate(text.rstrip("\n").split("\n\n"), 1):
        lines = block.split("\n")
        caption = "".join(lines[2:])
        if (
            len(lines) not in (3, 4)
            or lines[0] != str(number)
            or "-->" in caption
            or re.search("[<>]", caption)
        ):
            yield f"{name}: block {block[:60]!r}"


_JUDGES = {
    ".html": _judge_page,
    ".xml": _judge_feed,
    ".json": _judge_json,
    ".vtt": _judge_vtt,
    ".srt": _judge_srt,
}
