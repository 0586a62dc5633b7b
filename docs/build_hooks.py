"""Hooks of mkdocs: pages from the root of the repository, drawings as SVG, links to code as plain text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parent.parent
PAGES = {
    "README.md": "index.md",
    "ARCHITECTURE.md": "ARCHITECTURE.md",
    "CONTRIBUTING.md": "CONTRIBUTING.md",
    "CHANGELOG.md": "CHANGELOG.md",
}
"""Page in the root -> page of the site."""

_LINK = re.compile(r"(?<!!)\[([^]]*)\]\(([^)\s]+)\)")
_DRAWING = re.compile(r"```mermaid\n.*?```", re.DOTALL)


def on_files(files: Files, config: Any) -> Files:
    """Add the pages of the root."""
    for name, page in PAGES.items():
        text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
        files.append(File.generated(config, page, content=_draw(text)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Link pages of the root to the site, and show links to code as text: the site carries no code."""
    depth = page.file.src_uri.count("/")

    def replace(link: re.Match[str]) -> str:
        text, target = link.groups()
        if target.startswith(("http:", "https:", "#")):
            return link.group()
        path, _, anchor = target.partition("#")
        root = path.removeprefix("../" * (depth + 1))
        if path.startswith("../" * (depth + 1)) and root in PAGES:
            return f"[{text}]({'../' * depth}{PAGES[root]}{'#' + anchor if anchor else ''})"
        if not path.endswith(".md") and not path.endswith((".png", ".svg")):
            return text
        return link.group()

    return _LINK.sub(replace, markdown)


def _draw(text: str) -> str:
    """Replace each mermaid drawing by its picture: the site needs no script from another host."""
    number = 0

    def replace(_: re.Match[str]) -> str:
        nonlocal number
        number += 1
        return f"![Drawing {number}](pictures/architecture-{number}.svg)"

    return _DRAWING.sub(replace, text)
