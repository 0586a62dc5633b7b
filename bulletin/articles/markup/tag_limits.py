"""Markup -> the same with few attributes in overlong tags, which parsers take minutes for. Pure, linear in time."""

from __future__ import annotations

import re

LONGEST_TAG = 4000
"""Characters of a tag that is left alone. Parsers compare each attribute with all before: 50,000 take 20 s."""
_MOST = 100
"""Attributes that an overlong tag keeps."""
_LONGEST_VALUE = 2000
_READ = frozenset(
    "class id style hidden aria-hidden href rel type title src url content name property lang datetime".split()
)
"""Attributes that this package reads: the first of each stays, wherever in its tag."""

# No part of it can be matched in two ways (atomic groups), so nothing is tried twice. A quotation mark opens a
# value only after "="; one that is never closed goes on to the end, as it does for a parser. "a<b" in a script
# looks like a tag: it ends before the end of the script.
_OUT = r"</s(?:cript|tyle)"
_INNER = r"<(?!/s(?:cript|tyle))"
_TAG = re.compile(
    r"<(?P<name>/?[A-Za-z][^\s/>]{0,200}+)"
    rf"(?P<rest>(?>[^=><]++|{_INNER}|=\s*+(?:"
    rf"\"(?>[^\"<]++|{_INNER})*+(?:\"|(?={_OUT})|\Z)|'(?>[^'<]++|{_INNER})*+(?:'|(?={_OUT})|\Z)|))*+)"
    rf"(?:>|(?={_OUT})|\Z)",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([^\s=/>\"']++)(?:\s*+=\s*+(?:\"([^\"]*+)\"?|'([^']*+)'?|([^\s\"'>]++)))?+")


def trim_tags(markup: str) -> str:
    """
    Remove most attributes of overlong tags; all else stays as it is.

    A picture loses its data where the tag holds it.
    """
    pieces: list[str] = []
    position = 0
    for match in _TAG.finditer(markup):
        if match.end() - match.start() > LONGEST_TAG:
            pieces += [markup[position : match.start()], _trim(match)]
            position = match.end()
    return "".join([*pieces, markup[position:]]) if pieces else markup


def _trim(match: re.Match[str]) -> str:
    kept: dict[str, str] = {}
    for number, attribute in enumerate(_ATTRIBUTE.finditer(match["rest"])):
        name = attribute[1]
        value = attribute[0].partition("=")[2].strip()
        if (number < _MOST or name.casefold() in _READ) and name not in kept and len(value) <= _LONGEST_VALUE:
            kept[name] = value
    words = [match["name"][:200], *(f"{name}={value}" if value else name for name, value in kept.items())]
    closes = " /" if match["rest"].endswith("/") else ""
    return f"<{' '.join(words)}{closes}>"
