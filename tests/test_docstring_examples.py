"""Every example in a docstring of the language rules is executed, so that none of them goes stale."""

from __future__ import annotations

import doctest
import importlib
import inspect
from pathlib import Path
from types import FunctionType

import pytest

from bulletin.language.english_grammar_parser import has_parser

ROOT = Path(__file__).parents[1]
FOLDERS = ("editing", "language", "script", "normalization", "stories")
MATRICES = ("find_related_stories", "group_articles", "same_event_probability", "term_vectors")
"""Modules of the choice that compute with matrices, which an example would not explain."""


def _modules() -> list[str]:
    paths = sorted(path for folder in FOLDERS for path in (ROOT / "bulletin" / folder).rglob("*.py"))
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths if path.stem != "__init__"
    ]


@pytest.mark.parametrize("name", _modules())
def test_the_examples_of_a_module_are_true(name: str) -> None:
    if name.startswith("bulletin.editing.") and not has_parser():
        pytest.skip("examples of sentences that are parsed need the extra [english]")
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)

    assert result.failed == 0, (
        f"{result.failed} of {result.attempted} examples failed; they are printed above"
    )


@pytest.mark.parametrize("folder", ["editing", "normalization", "stories"])
def test_every_folder_of_language_rules_has_examples(folder: str) -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    modules = [importlib.import_module(name) for name in _modules() if name.startswith(f"bulletin.{folder}.")]

    assert any(test.examples for module in modules for test in finder.find(module))


@pytest.mark.parametrize("folder", ["editing", "normalization", "stories"])
def test_every_predicate_and_edit_has_an_example(folder: str) -> None:
    without = [
        f"{name}.{function.__name__}"
        for name in _modules()
        if name.startswith(f"bulletin.{folder}.")
        for function in _functions(name)
        if function.__annotations__.get("return") in ("bool", "str") and ">>>" not in (function.__doc__ or "")
    ]

    assert without == []


def test_every_rule_of_the_choice_has_an_example() -> None:
    modules = [
        name
        for name in _modules()
        if name.startswith("bulletin.stories.") and name.rpartition(".")[2] not in MATRICES
    ]
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
