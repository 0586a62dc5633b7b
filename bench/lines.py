"""
Lines of code: lines that hold code, without comments, docstrings and blank lines.

    python -m bench.lines [FOLDER ...]      default: bulletin, by folder
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections import Counter
from pathlib import Path

_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


def main() -> None:
    for folder in map(Path, sys.argv[1:] or ["bulletin"]):
        counts: Counter[str] = Counter()
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).parts
            counts[parts[0] if len(parts) > 1 else "."] += count_lines(path.read_text(encoding="utf-8"))
        for name, lines in sorted(counts.items()):
            print(f"{lines:7,}  {folder / name}")
        print(f"{counts.total():7,}  {folder}")


def count_lines(source: str) -> int:
    """Lines of `source` that hold at least one token of code; a docstring is none."""
    docstrings = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in _NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(code - docstrings)


if __name__ == "__main__":
    main()
