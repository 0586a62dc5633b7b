"""
File names, messages and changelog lines drawn at random, for a reader who has never seen the project.

    python -m bench.reader_draw --seed 7 > draw.txt

One seed draws the same from the same checkout. A message is a text of four words or more that a user meets: each text
of `cli` and `diagnostics`, elsewhere the words of an error, an option, a log line or a finding.
"""

from __future__ import annotations

import argparse
import ast
import random
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "bulletin"
_WITH_URL = ("ArticleError", "FetchError", "ParseError")  # they put "{url}: " before their message
# calls whose arguments a user reads
_SHOWN = re.compile(r"\w*Error|BadParameter|echo|option|debug|info|warning|exception|error|report")
_INSTRUCTION = """\
For a reader who has never seen the project. Say in one line what each is for, and whether you understood
it at first sight: yes/no. Words in {braces} and %s stand for values."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw file names and messages for a new reader.")
    parser.add_argument("--seed", type=int, required=True, help="another seed draws other lines")
    rng = random.Random(parser.parse_args().seed)
    paths = sorted(path for path in PACKAGE.rglob("*.py") if not path.name.startswith("__"))
    names = [path.relative_to(PACKAGE).with_suffix("").as_posix() for path in paths]
    messages = sorted({message for path in paths for message in messages_in(path)})
    changes = re.findall("(?m)^- (.+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    print(_INSTRUCTION)
    for title, lines, count in (("Files", names, 40), ("Messages", messages, 40), ("Changelog", changes, 20)):
        print(f"\n{title} ({count} of {len(lines)})\n")
        for number, line in enumerate(rng.sample(lines, count), 1):
            print(f"{number:3}. {line}")


def messages_in(path: Path) -> Iterator[str]:
    """Messages to users in the module at `path`, each on one line."""
    is_shown = path.relative_to(PACKAGE).parts[0] in ("cli", "diagnostics")
    for text in _texts(ast.parse(path.read_text(encoding="utf-8")), is_shown=is_shown):
        words = re.findall(r"(?<!\S)(?:\S*[a-z]{2}\S*|a)(?!\S)", re.sub(r"\{.*?\}|%\S+", " ", text))
        if len(words) >= 4 and not text.startswith("<"):
            yield " ".join(text.split())


def _texts(node: ast.AST, *, is_shown: bool, prefix: str = "") -> Iterator[str]:
    """Texts below `node` that a user reads, without docstrings; `prefix` stands before each."""
    children = ast.iter_child_nodes(node)
    match node:
        case ast.Expr(ast.Constant()):
            return
        case ast.JoinedStr() | ast.Constant(str()) if is_shown:
            yield prefix + _text(node)
            return
        case ast.Call(
            ast.Name("ok" | "warning" | "failure"), [part, *rest]
        ):  # a finding names its part first
            is_shown, prefix, children = True, f"{_text(part)}: ", iter(rest)
        case ast.Call(
            ast.Attribute(attr="option"), [name, *_], [*keywords]
        ):  # its help stands beside its name
            is_shown, prefix, children = True, f"{_text(name)}: ", iter(keywords)
        case ast.Call(
            ast.Attribute(attr="exception"), [text, *_]
        ):  # logging writes the error behind the text
            yield f"{_text(text)}: {{error}}"
            return
        case ast.Call(func) if _SHOWN.fullmatch(called := _text(func).strip("{}")):
            is_shown, prefix = True, "{url}: " if called in _WITH_URL else ""
    for child in children:
        yield from _texts(child, is_shown=is_shown, prefix=prefix)


def _text(node: ast.AST) -> str:
    """A constant or f-string as a user reads it; another expression by the name of what it holds, in braces."""
    match node:
        case ast.Constant(value):
            return str(value)
        case ast.JoinedStr(parts):
            return "".join(map(_text, parts))
        case ast.Name(name) | ast.Attribute(attr=name):
            return f"{{{(name.lower() if name.isupper() else name).strip('_')}}}"
        case ast.Call(ast.Name("len") | ast.Attribute(ast.Constant()), [of]):
            return _text(of)
        case ast.FormattedValue(of) | ast.Subscript(of) | ast.Call(of) | ast.BoolOp(_, [of, *_]):
            return _text(of)
    return "{...}"


if __name__ == "__main__":
    main()
