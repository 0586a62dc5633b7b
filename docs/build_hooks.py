"""Hooks of mkdocs: pages from the root of the repository, a page of all packages, and drawings with their links."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from mkdocs.structure.files import Files

ROOT = Path(__file__).parent.parent
PAGES = {
    "README.md": "index.md",
    "ARCHITECTURE.md": "ARCHITECTURE.md",
    "CONTRIBUTING.md": "CONTRIBUTING.md",
    "CHANGELOG.md": "CHANGELOG.md",
}
"""Page in the root -> page of the site."""

PACKAGES = "packages.md"
"""Page of the site that stands for the code: a heading for each package, a line for each module."""

_LINK = re.compile(r"(?<!!)\[([^]]*)\]\(([^)\s]+)\)")
_DRAWING = re.compile(r"```mermaid\n.*?```", re.DOTALL)
_IMAGE = re.compile(r'<img [^>]*src="(pictures/architecture-\d\.svg)"[^>]*>')
_CLICK = re.compile(r'^ *click (\w+) href "([^"]+)"$', re.MULTILINE)
_PACKAGE = re.compile(r"(?:\.\./)*bulletin/(\w+?)(?:\.py)?/?")
_SVG = "http://www.w3.org/2000/svg"


def on_files(files: Files, config: Any) -> Files:
    """Add the pages of the root, and the one of all packages."""
    from mkdocs.structure.files import File

    for name, page in PAGES.items():
        text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
        files.append(File.generated(config, page, content=_draw(text)))
    files.append(File.generated(config, PACKAGES, content=packages_page()))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Link pages of the root to the site, and packages to their page; show other links to code as text."""
    depth = page.file.src_uri.count("/")

    def replace(link: re.Match[str]) -> str:
        text, target = link.groups()
        if target.startswith(("http:", "https:", "#")):
            return link.group()
        path, _, anchor = target.partition("#")
        root = path.removeprefix("../" * (depth + 1))
        if path.startswith("../" * (depth + 1)) and root in PAGES:
            return f"[{text}]({'../' * depth}{PAGES[root]}{'#' + anchor if anchor else ''})"
        if package := _PACKAGE.fullmatch(path):
            return f"[{text}]({'../' * depth}{PACKAGES}#{package[1]})"
        if not path.endswith(".md") and not path.endswith((".png", ".svg")):
            return text
        return link.group()

    return _LINK.sub(replace, markdown)


def on_post_page(output: str, **_: Any) -> str:
    """
    Put the drawings into their page, each box linked: a browser follows no link inside an image.

    Last of all, so that the search index does not hold their texts and styles.
    """
    links = {box: _address(target) for box, target in _CLICK.findall(_read("ARCHITECTURE.md"))}
    return _IMAGE.sub(lambda image: _link_boxes(_read(f"docs/{image[1]}"), links), output)


def packages_page() -> str:
    """Every package with its purpose, and the modules in it: the first line of each docstring."""
    lines = ["# Packages", "", "The code, package by package, as its modules describe themselves."]
    for package in sorted(path.parent for path in (ROOT / "bulletin").glob("*/__init__.py")):
        lines += [
            "",
            f"## {package.name}",
            "",
            _purpose(package / "__init__.py"),
            "",
            "| module | |",
            "|---|---|",
        ]
        lines += _module_rows(package)
    return "\n".join([*lines, "", "## errors", "", _purpose(ROOT / "bulletin" / "errors.py"), ""])


def _module_rows(package: Path) -> Iterator[str]:
    for path in sorted(package.rglob("*.py")):
        if path.name != "__init__.py":
            yield f"| `{path.relative_to(package).as_posix()}` | {_purpose(path)} |"


def _purpose(path: Path) -> str:
    """First line of a module's docstring, as Markdown."""
    text = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
    return re.sub(r"([|*\[\]])", r"\\\1", html.escape(text, quote=False))


def _address(target: str) -> str:
    """Page of the site for a link of a drawing, "bulletin/audio" or "docs/SERVING.md#public-files"."""
    if package := _PACKAGE.fullmatch(target):
        return f"{PACKAGES.removesuffix('.md')}.html#{package[1]}"
    return re.sub(r"\.md(?=#|$)", ".html", target.removeprefix("docs/"))


def _link_boxes(svg: str, links: dict[str, str]) -> str:
    ElementTree.register_namespace("", _SVG)
    drawing = ElementTree.fromstring(svg)
    for parent in list(drawing.iter(f"{{{_SVG}}}g")):
        for place, node in enumerate(list(parent)):
            box = re.fullmatch(r"architecture-\d-flowchart-(\w+)-\d+", node.get("id", ""))
            if box:
                link = ElementTree.Element(f"{{{_SVG}}}a", {"href": links[box[1]]})
                link.append(node)
                parent[place] = link
    # a page is HTML, which has no prefixes: inside <foreignObject> its own elements stand plainly
    return re.sub(r"(</?)html:", r"\1", ElementTree.tostring(drawing, encoding="unicode"))


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _draw(text: str) -> str:
    """Replace each mermaid drawing by its picture: the site needs no script from another host."""
    number = 0

    def replace(_: re.Match[str]) -> str:
        nonlocal number
        number += 1
        return f"![Drawing {number}](pictures/architecture-{number}.svg)"

    return _DRAWING.sub(replace, text)
