"""
Every language rule has an example, which is executed, and a source.

A rule is a function or a module-level value in capitals: a regular expression, a word list, a weight, a threshold.
"""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FunctionType

import pytest

from bulletin.language.english_grammar_parser import has_parser

ROOT = Path(__file__).parents[1]
FOLDERS = ("editing", "language", "script", "normalization", "stories", "recognition")
RULES = ("editing", "normalization", "stories")
MATRICES = ("find_related_stories", "group_articles", "same_event_probability", "term_vectors")
"""Modules of story choice that compute with matrices, which an example would not explain."""
NO_RULES = ("_FOLDER", "NO_HARD_NEWS")
"""Values in capitals that are no rules: the name of a package and a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A function, method or module-level value, with its docstring."""

    module: str
    name: str
    node: ast.AST
    docstring: str
    line: int


def _modules(*folders: str) -> list[str]:
    paths = sorted(
        path for folder in folders or FOLDERS for path in (ROOT / "bulletin" / folder).rglob("*.py")
    )
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths if path.stem != "__init__"
    ]


@pytest.mark.parametrize("name", _modules())
def test_the_examples_of_a_module_are_true(name: str) -> None:
    if name.startswith("bulletin.editing.") and not has_parser():
        pytest.skip("examples of sentences that are parsed need the extra [english]")
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for test in (*doctest.DocTestFinder(exclude_empty=True).find(module), *_examples_of_values(name)):
        runner.run(test)

    failed, attempted = runner.summarize(verbose=False)
    assert failed == 0, f"{failed} of {attempted} examples failed; they are printed above"


def _examples_of_values(name: str) -> Iterator[doctest.DocTest]:
    """Examples in the docstrings below values, which Python does not keep."""
    names = vars(importlib.import_module(name))
    for value in _values(name):
        if ">>>" in value.docstring:
            yield doctest.DocTestParser().get_doctest(
                value.docstring, dict(names), f"{name}.{value.name}", str(_path(name)), value.line
            )


@pytest.mark.parametrize("folder", RULES)
def test_every_folder_of_language_rules_has_examples(folder: str) -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    modules = [importlib.import_module(name) for name in _modules(folder)]

    assert any(test.examples for module in modules for test in finder.find(module))


@pytest.mark.slow
@pytest.mark.parametrize("folder", RULES)
def test_every_function_has_an_example_or_names_a_function_with_one(folder: str) -> None:
    functions = [value for name in _modules(folder) for value in _find_functions(name)]

    assert len(functions) > 100
    assert [f"{value.module}.{value.name}" for value in functions if not _has_example(value)] == []


@pytest.mark.slow
@pytest.mark.parametrize("folder", RULES)
def test_every_predicate_and_edit_has_an_example(folder: str) -> None:
    without = [
        f"{name}.{function.__name__}"
        for name in _modules(folder)
        for function in _functions(name)
        if function.__annotations__.get("return") in ("bool", "str") and ">>>" not in (function.__doc__ or "")
    ]

    assert without == []


@pytest.mark.slow
@pytest.mark.parametrize("folder", RULES)
def test_every_value_of_a_rule_has_an_example_or_names_a_function_with_one(folder: str) -> None:
    values = [value for name in _modules(folder) for value in _values(name)]

    assert len(values) > 50
    assert [f"{value.module}.{value.name}" for value in values if not _has_example(value)] == []


def test_a_value_without_an_example_is_found() -> None:
    module = "bulletin.stories.article_filters"
    node = ast.parse('re.compile("x")').body[0]
    assert isinstance(node, ast.Expr)
    texts = ("", "Example: `oldest_h`.", "Example: `_why_untimely`.", ">>> True")
    values = [
        Value(module=module, name="_EMBARGO", node=node.value, docstring=text, line=1) for text in texts
    ]

    assert [_has_example(value) for value in values] == [False, False, True, True]


@pytest.mark.parametrize("folder", RULES)
def test_every_module_of_rules_states_its_sources(folder: str) -> None:
    without = [
        name
        for name in _modules(folder)
        if (_functions(name) or _values(name))
        and not re.search(r"(?m)^Source\b.*:", ast.get_docstring(_tree(name)) or "")
    ]

    assert without == []


def test_every_command_and_design_note_that_is_a_source_exists() -> None:
    texts = [ast.get_docstring(_tree(name)) or "" for name in _modules(*RULES)]
    benches = {bench for text in texts for bench in re.findall(r"python -m bench\.(\w+)", text)}
    notes = {note for text in texts for note in re.findall(r"docs/decisions/(\d{4})", text)}

    assert len(benches) > 5
    assert [bench for bench in benches if not (ROOT / "bench" / f"{bench}.py").exists()] == []
    assert [note for note in notes if not list((ROOT / "docs" / "decisions").glob(f"{note}-*.md"))] == []


def test_every_rule_of_the_choice_has_an_example() -> None:
    modules = [name for name in _modules("stories") if name.rpartition(".")[2] not in MATRICES]
    functions = [function for name in modules for function in _public_functions(name)]

    assert len(functions) > 30
    assert [f.__qualname__ for f in functions if ">>>" not in (f.__doc__ or "")] == []


def _public_functions(name: str) -> list[FunctionType]:
    return [function for function in _functions(name) if not function.__name__.startswith("_")]


def _functions(name: str) -> list[FunctionType]:
    values = (
        inspect.unwrap(value) for value in vars(importlib.import_module(name)).values() if callable(value)
    )
    return [value for value in values if isinstance(value, FunctionType) and value.__module__ == name]


def _path(name: str) -> Path:
    return ROOT.joinpath(*name.split(".")).with_suffix(".py")


@cache
def _tree(name: str) -> ast.Module:
    return ast.parse(_path(name).read_text(encoding="utf-8"))


@cache
def _values(name: str) -> tuple[Value, ...]:
    return tuple(_find_values(name))


def _find_values(name: str) -> Iterator[Value]:
    """Values of a module in capitals, without empty dictionaries."""
    body = _tree(name).body
    for statement, following in zip(body, [*body[1:], ast.Pass()], strict=True):
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            continue
        if isinstance(statement.value, ast.Dict) and not statement.value.keys:
            continue
        is_text = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
        text = str(following.value.value) if is_text else ""  # type: ignore[attr-defined]
        line = following.lineno if is_text else statement.lineno
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        names = [node.id for part in targets for node in ast.walk(part) if isinstance(node, ast.Name)]
        for target in names:
            if re.fullmatch(r"_?[A-Z][A-Z0-9_]*", target) and target not in NO_RULES:
                yield Value(module=name, name=target, node=statement.value, docstring=text, line=line)


def _find_functions(name: str) -> Iterator[Value]:
    """Functions and methods of a module, without dunder methods, which Python calls itself."""
    tree = _tree(name)
    bodies = (tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef)))
    for node in (node for body in bodies for node in body):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
            text = ast.get_docstring(node) or ""
            yield Value(module=name, name=node.name, node=node, docstring=text, line=node.lineno)


def _has_example(value: Value) -> bool:
    """Whether a rule has an example, or names a function that has one and uses the rule."""
    if ">>>" in value.docstring:
        return True
    _, _, named = value.docstring.partition("Example")
    functions = [_find(value.module, name) for name in re.findall(r"`([\w.]+)`", named)]
    return bool(functions) and all(
        ">>>" in (ast.get_docstring(node) or "") and (value.module, value.name) in _used_by(module, node)
        for module, node in functions
    )


def _find(module: str, name: str) -> tuple[str, ast.FunctionDef]:
    """Find a function by its name, which may have its class or another module before it."""
    *before, last = name.split(".")
    others = [other for other in _modules() if before and other.endswith(f".{before[0]}")]
    for owner in (module, *others):
        for node in ast.walk(_tree(owner)):
            if isinstance(node, ast.FunctionDef) and node.name == last:
                return owner, node
    raise LookupError(f"{module} names {name}, which no module has")


@cache
def _used_by(module: str, node: ast.FunctionDef) -> frozenset[tuple[str, str]]:
    """(module, name) of everything that a function and its examples use, directly or indirectly."""
    known: set[tuple[str, str]] = set()
    waiting: list[tuple[str, ast.AST]] = [(module, node)]
    waiting += [
        (module, ast.parse(example.source))
        for example in doctest.DocTestParser().get_examples(ast.get_docstring(node) or "")
    ]
    while waiting:
        owner, part = waiting.pop()
        for used in _names_in(owner, part) - known:
            known.add(used)
            definition = _definitions(used[0]).get(used[1])
            if definition is not None:
                waiting.append((used[0], definition))
    return frozenset(known)


def _names_in(module: str, part: ast.AST) -> set[tuple[str, str]]:
    imported = _imports(module)
    names = set()
    for node in ast.walk(part):
        if isinstance(node, ast.Name):
            names.add(imported.get(node.id, (module, node.id)))
        elif isinstance(node, ast.Attribute):
            owner = imported.get(node.value.id) if isinstance(node.value, ast.Name) else None
            names.add((".".join(owner) if owner else module, node.attr))
    return names


@cache
def _definitions(module: str) -> dict[str, ast.AST]:
    """Functions, methods and values of a module by name."""
    if module not in _modules():
        return {}
    functions = {n.name: n for n in ast.walk(_tree(module)) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    return {**functions, **{value.name: value.node for value in _values(module)}}


@cache
def _imports(module: str) -> dict[str, tuple[str, str]]:
    """Imported name -> (its module, its name there)."""
    return {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
