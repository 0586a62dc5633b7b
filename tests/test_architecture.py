"""ARCHITECTURE.md agrees with the contracts of import-linter and shows every package."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import bulletin

ROOT = Path(bulletin.__file__).parent.parent
MAP = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
STEPS, LAYERS = re.findall(r"```mermaid\n(.*?)```", MAP, re.DOTALL)
PACKAGES = {path.parent.name for path in (ROOT / "bulletin").glob("*/__init__.py")}
NOTES = ROOT / "docs" / "decisions"


def _contract(kind: str) -> dict[str, Any]:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    (contract,) = (contract for contract in tools["importlinter"]["contracts"] if contract["type"] == kind)
    return dict(contract)


def _layers() -> list[set[str]]:
    return [set(re.findall(r"\w+", layer)) for layer in _contract("layers")["layers"]]


def _exceptions(kind: str) -> set[tuple[str, str]]:
    """Exceptions of a contract: (path of the module below bulletin/, module that it may import)."""
    pairs = (line.removeprefix("bulletin.").split(" -> ") for line in _contract(kind)["ignore_imports"])
    return {
        (f"{name[:-3]}/" if name.endswith(".**") else f"{name.replace('.', '/')}.py", imported)
        for name, imported in pairs
    }


def _boxes(drawing: str) -> set[str]:
    """Names of the boxes in a Mermaid drawing, without labels."""
    arrows = [line for line in drawing.splitlines() if not re.match(r"\s*(click|flowchart)\b", line)]
    plain = re.sub(r'\|[^|]*\||"[^"]*"|\(\[[^]]*\]\)', " ", "\n".join(arrows))
    return set(re.findall(r"[a-z_]+", plain))


def test_the_table_of_layers_is_the_contract() -> None:
    rows = [re.findall(r"\]\(bulletin/(\w+)", row) for row in re.findall(r"^\| [^\n]*\|$", MAP, re.MULTILINE)]

    assert [set(row) for row in rows if row] == _layers()


def test_the_drawing_of_layers_points_downwards() -> None:
    layer_of = {package: number for number, layer in enumerate(_layers()) for package in layer}
    for line in LAYERS.splitlines():
        boxes = [re.findall(r"\w+", box) for box in line.split("-->")] if "-->" in line else []
        for upper, lower in pairwise(boxes):
            assert max(layer_of[box] for box in upper) < min(layer_of[box] for box in lower)


def test_each_box_is_a_package_or_a_page_and_leads_to_it() -> None:
    for drawing in (STEPS, LAYERS):
        links = dict(re.findall(r'click (\w+) href "([^"]+)"', drawing))

        assert set(links) == _boxes(drawing)
        assert {
            box: (ROOT / path.partition("#")[0]).exists() for box, path in links.items()
        } == dict.fromkeys(links, True)
    assert _boxes(LAYERS) == PACKAGES | {"errors"}
    assert _boxes(STEPS) - PACKAGES == {"feeds", "folder"}


def test_the_contract_has_the_exceptions_for_entry_functions() -> None:
    (rule,) = re.findall(r"^- Only the pipeline calls the entry functions,.*$", MAP, re.MULTILINE)

    assert set(re.findall(r"`([\w/]+\.py)`", rule)) == {path for path, _ in _exceptions("protected")}


def test_the_table_of_libraries_is_the_contract() -> None:
    text = (ROOT / "docs" / "developer.md").read_text(encoding="utf-8")
    table = text.partition("## Foreign libraries")[2].partition("## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| (.+) \|$", table, re.MULTILINE)

    assert {(path, name) for name, paths in rows for path in re.findall(r"`([^`]+)`", paths)} == _exceptions(
        "forbidden"
    )
    for name, count in (("lxml", 11), ("starlette", 11), ("scipy", 6)):  # figures of ARCHITECTURE.md
        assert sum(imported == name for _, imported in _exceptions("forbidden")) == count


def test_the_page_stays_a_page() -> None:
    assert len(re.sub(r"```mermaid.*?```", "", MAP, flags=re.DOTALL).split()) < 500


def test_the_index_lists_every_design_note_with_its_title() -> None:
    index = re.findall(
        r"^- \[(\d{4})\]\((.+)\): (.+)$", (NOTES / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    titles = {
        path.name: path.read_text(encoding="utf-8").partition("\n")[0] for path in NOTES.glob("[0-9]*.md")
    }

    assert {name: f"# {number}: {title}" for number, name, title in index} == titles
    assert [name[:4] for _, name, _ in index] == [number for number, _, _ in index]


@pytest.mark.slow
def test_every_name_that_a_bench_imports_from_the_program_exists() -> None:
    lost = [
        f"{path.name}: {node.module}.{alias.name}"
        for path in (ROOT / "bench").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bulletin")
        for alias in node.names
        if not _defines(ROOT.joinpath(*(node.module or "").split(".")), alias.name)
    ]

    assert lost == []


def _defines(module: Path, name: str) -> bool:
    """Whether a module or package has a module, a definition, a value or an import of that name."""
    return (module / name).is_dir() or (module / f"{name}.py").exists() or name in _names_in(module)


@cache
def _names_in(module: Path) -> frozenset[str]:
    path = module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
    tree = ast.parse(path.read_text(encoding="utf-8") if path.exists() else "")
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    names = {node.name for node in ast.walk(tree) if isinstance(node, kinds)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.asname or node.name for node in ast.walk(tree) if isinstance(node, ast.alias)}
    return frozenset(names)


def test_a_file_that_a_docstring_or_a_document_names_exists() -> None:
    paths = [
        path
        for folder in ("bulletin", "bench", "docs", "tests", ".ci")
        for path in (ROOT / folder).rglob("*")
    ]
    names = {path.name for path in (*paths, *ROOT.iterdir())}
    texts = [*(ROOT / "bulletin").rglob("*.py"), *(ROOT / "bench").rglob("*.py"), *ROOT.glob("*.md")]
    texts += (ROOT / "docs").glob("*.md")

    lost = {
        f"{path.name}: {name}"
        for path in texts
        for name in re.findall(r"(?<![\w{.-])[a-z_]\w*\.py\b", path.read_text(encoding="utf-8"))
        if name not in names
    }

    assert lost == set()
