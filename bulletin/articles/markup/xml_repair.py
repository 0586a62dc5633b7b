"""Bytes of a feed -> UTF-8 XML, repaired where that is simple. Pure, linear in time."""

from __future__ import annotations

import html
import re
from xml.sax.saxutils import escape

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})""")
_SEVEN_BIT = {"iso-2022-jp", "iso-2022-kr", "hz", "hz-gb-2312"}
"""Encodings in ASCII bytes, which would pass as UTF-8."""
_LATIN = {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"}
_REFUSED = {"utf-7", "unicode-1-1-utf-7"}
"""Encodings that hide markup in ASCII letters (the WHATWG Encoding Standard forbids them)."""

_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]{0,30}:)?(?:rss|feed|rdf)(?=[\s>/])", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?",
    re.DOTALL,
)
"""An ampersand and its reference; or CDATA, where it needs none."""
_XML_OWN = {"amp;", "lt;", "gt;", "quot;", "apos;"}
_PREFIXED = re.compile(r"<([A-Za-z][\w.-]{0,30}):(?:channel|item|entry)[\s>]")
# feedparser 6.0.14 raises on an unknown coordinate system; the attribute holds no news.
_SRS = re.compile(r"""\ssrsName\s{0,9}=\s{0,9}(?:"[^"<>]{0,200}"|'[^'<>]{0,200}')""")


def decode(body: bytes, *, charset: str = "") -> str:
    """
    Decode by the first that fits: byte order mark, UTF-8, the document's declaration, the server's, Windows-1252.

    UTF-8 goes before both declarations because they are wrong more often than a text is UTF-8 by accident.
    """
    for mark, encoding in _BOMS.items():
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    match = _DECLARED.search(body[:1000])
    claims = [match[1].decode("ascii").lower() if match else "", charset.strip().lower()]
    if claims[0] in _SEVEN_BIT:
        return body.decode(claims[0], "replace")
    for claim in ("utf-8", *claims):
        text = _try(body, claim)
        if text is not None:
            return text
    return _least_broken(body)


def looks_like_html(text: str) -> bool:
    """Whether it is a web page: the root of HTML comes before that of any feed."""
    page, root = _HTML.search(text[:5000]), _ROOT.search(text)
    return page is not None and (root is None or page.start() < root.start())


def preclean(text: str) -> bytes:
    """
    Repair the most frequent faults of feeds.

    Text before the root is removed: junk, style sheets and the DOCTYPE with all its entities, which only attackers
    define. Ampersands outside CDATA come last: a removed character may be within a reference.
    """
    root = _ROOT.search(text)
    text = text[root.start() :] if root else text
    text = _drop_stray_prefix(_SRS.sub("", _ILLEGAL.sub("", text)))
    repaired = _AMPERSAND.sub(_repair_reference, text)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + repaired.encode("utf-8", "replace")


def _try(body: bytes, encoding: str) -> str | None:
    if not encoding or encoding in _REFUSED:
        return None
    if encoding.startswith(("utf-16", "utf-32")) and b"\0" not in body[:200]:
        return None  # declared after it was converted to something else
    try:
        return body.decode("cp1252" if encoding in _LATIN else encoding)
    except (UnicodeError, LookupError, ValueError):
        return None


def _least_broken(body: bytes) -> str:
    """UTF-8 with a few bad bytes (cut within a character) stays UTF-8; with many it is Windows-1252."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(character > "\x7f" for character in text) - broken
    return text if sound > broken else body.decode("cp1252", "replace")


def _drop_stray_prefix(text: str) -> str:
    """Remove an undeclared prefix: "<rss:item>" of some generators."""
    match = _PREFIXED.search(text)
    if match is None or f"xmlns:{match[1]}" in text:
        return text
    return re.sub(rf"(</?){re.escape(match[1])}:", r"\1", text)


def _repair_reference(match: re.Match[str]) -> str:
    """Escape a bare ampersand, and write out a reference that only HTML knows."""
    if match[0][0] == "<" or match[1] in _XML_OWN:
        return match[0]
    return escape(_ILLEGAL.sub("\ufffd", html.unescape(match[0])))
