"""Documentation site: every page is listed, every link has its target, drawings match their text."""

from __future__ import annotations

import hashlib
import re
import runpy
from pathlib import Path
from xml.etree import ElementTree

import pytest

import bulletin

ROOT = Path(bulletin.__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
SITE = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def _anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\s-]", "", title.lower()) for title in titles)
    return {re.sub(r"[\s]+", "-", title.strip()) for title in plain}


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 900


def test_every_page_is_in_the_site() -> None:
    pages = {
        path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md") if path.parent.name != "decisions"
    }

    assert {page for page in pages if f"- {page}\n" not in f"{SITE}\n"} == set()


def test_the_reference_has_a_meaning_for_every_option() -> None:
    rows = [
        row
        for page in sorted((DOCS / "reference").glob("*.md"))
        for row in page.read_text("utf-8").splitlines()
    ]
    options = [row for row in rows if row.startswith("| `")]

    assert len(options) > 400
    assert [row for row in options if re.search(r"\|\s*\|$", row)] == []


def test_every_link_leads_to_a_file_and_a_heading() -> None:
    broken = []
    for page in PAGES:
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            path, _, anchor = target.partition("#")
            linked = page.parent / path if path else page
            if re.match(r"\w+:", target):
                continue
            if not linked.exists() or (anchor and linked.suffix == ".md" and anchor not in _anchors(linked)):
                broken.append(f"{page.relative_to(ROOT)}: {target}")

    assert broken == []


def test_the_drawings_match_the_text() -> None:
    """`node docs/draw_architecture.mjs` writes the pictures again."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for number, drawing in enumerate(re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL), 1):
        picture = (DOCS / "pictures" / f"architecture-{number}.svg").read_text(encoding="utf-8")

        drawn = re.sub(r"(?m)^ *click .*$", "", drawing)  # the picture has no links
        assert hashlib.sha256(drawn.encode()).hexdigest()[:16] in picture
        assert ElementTree.fromstring(picture).tag.endswith("svg")


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
def test_each_box_of_a_drawing_links_to_a_page_and_a_heading(number: int) -> None:
    image = f'<p><img alt="Drawing {number}" src="pictures/architecture-{number}.svg" /></p>'
    hooks = runpy.run_path(str(DOCS / "build_hooks.py"))
    packages = set(re.findall(r"^## (\w+)$", hooks["packages_page"](), re.MULTILINE))

    page = ElementTree.fromstring(hooks["on_post_page"](image))

    svg = "{http://www.w3.org/2000/svg}"
    boxes = {node for node in page.iter(f"{svg}g") if "-flowchart-" in node.get("id", "")}
    links = {link.attrib["href"]: link for link in page.iter(f"{svg}a")}
    assert {box for link in links.values() for box in link} == boxes
    assert len(boxes) == len(links) > 10
    for address in links:
        name, _, anchor = address.partition("#")
        linked = DOCS / name.replace(".html", ".md")
        assert anchor in (packages if name == "packages.html" else _anchors(linked))


def test_every_file_named_on_a_page_exists() -> None:
    missing = {
        (page.name, name)
        for page in PAGES
        for name in re.findall(r"`([a-z_]+/[a-z_/]+\.(?:py|toml))`", page.read_text(encoding="utf-8"))
        if not name.startswith("languages/")  # languages of a station's own
        and not any((folder / name).is_file() for folder in (ROOT, ROOT / "bulletin", page.parent))
    }

    assert missing == set()
