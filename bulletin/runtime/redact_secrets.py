"""Redaction of secrets in messages, logs and the archive; control characters of foreign texts as escapes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import pbkdf2_hmac
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

HIDDEN = "***"
_SHORTEST_SECRET = 6
"""A shorter value occurs by chance in many words of a log."""
_SHORTEST_IN_DATA = 12
"""A shorter password, like "london", must not be cut out of the words on air, nor out of the ids of articles."""
_USER_INFO = re.compile(
    r"(?<=//)(?!\[)(?:[^\s/?#\"'<>@:]{0,200}:(?!\d+(?:[/?#]|$))[^\s\"'<>@]{0,200}@|[^\s/?#\"'<>@]{0,200}@)"
    r"(?:[^\s/?#\"'<>@]{0,200}@)*"  # a password may hold an @ itself
)
_PAIR = re.compile(
    r"(?:(?<![A-Za-z0-9_.\-])|(?<=%3[FfBb])|(?<=%26))([A-Za-z][A-Za-z0-9_.\-]{0,60})(=|%3[Dd])"
    r"([^\s&#\"'<>\\]+?)(?=[:;,.)\]]{0,3}(?:[\s&#\"'<>\\]|$))"  # punctuation after it is the message's
)
_QUOTED = re.compile(
    r"""(["'])([A-Za-z][A-Za-z0-9_.\-]{0,60})\1(\s*:\s*)"""
    r"""(?:(["'])((?:(?!\4)[^\\]|\\.){1,4096})\4|\d{4,60}(?!\d))"""
)
_LEAST_NUMBER = 1000
"""A PIN has four digits."""
_PLACEHOLDER = "TOKEN"
"""The word that messages and pages of help print in place of a token."""
_HEADER = re.compile(
    r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)"
    rf"(\s*:(?!\s*(?-i:Bearer {_PLACEHOLDER})(?:`|, or |[.;)]*(?:[\r\n]|$)))\s*)[^\r\n\"'\\]+"
)
_BEARER = re.compile(r"(?i)\b(bearer\s+)(?=[^\s\"']*\d)[\w.~+/=\-]{16,}")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.\-]*://\S+", re.IGNORECASE)

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SECRET_WORDS = frozenset(
    "key apikey token secret password passwd passphrase pass pwd auth oauth sig signature hmac jwt "
    "credential credentials bearer".split()
)
_SECRET_ENDS = tuple(
    "token secret password passwd passphrase signature apikey authkey accesskey secretkey".split()
)


def is_secret_name(name: str) -> bool:
    """
    Whether a key, a parameter or a variable has the name of a secret.

    >>> [is_secret_name(n) for n in ("access_token", "X-Amz-Date", "pwd", "AWSAccessKeyId", "authtoken")]
    [True, True, True, True, True]
    >>> [is_secret_name(n) for n in ("author", "signal", "keyword", "monkey", "passage", "design")]
    [False, False, False, False, False, False]
    """
    low = name.casefold()
    if low.startswith("x-amz-") or low.endswith(_SECRET_ENDS):
        return True
    return any(word.casefold() in _SECRET_WORDS for word in _WORD.findall(name))


class Redactor:
    """Hides known secrets, and values with the name of a secret."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._replacements: dict[str, str] = {}
        self._known: re.Pattern[str] | None = None
        self._long: re.Pattern[str] | None = None
        self.learn(dict.fromkeys(secrets, HIDDEN))

    def learn(self, shown: Mapping[str, str]) -> None:
        """Hide these from now on, each behind the text of its value: "env:FTP_PASSWORD"."""
        for secret, name in shown.items():
            for spelling in _spellings(secret):
                self._replacements.setdefault(spelling, name)
        self._known = _any_of(text for text in self._replacements if len(text) >= _SHORTEST_SECRET)
        self._long = _any_of(text for text in self._replacements if len(text) >= _SHORTEST_IN_DATA)

    def forget(self) -> None:
        """Forget all known secrets."""
        self._replacements.clear()
        self._known = self._long = None

    def __call__(self, text: str) -> str:
        """A message without known secrets and without values named as one."""
        return hide_marked(self._known.sub(self._name, text) if self._known else text)

    def holds(self, text: str) -> bool:
        """Whether a known long secret occurs in the text."""
        return bool(self._long and self._long.search(text))

    def address(self, url: str) -> str:
        """
        An address for the archive: as it is, or without its secrets and with a checksum, so that it stays unique.

        Idempotent. A redacted address cannot be fetched.
        """
        text = self._long.sub(self._name, url) if self._long else url
        shown = hide_marked(text)
        return url if shown == url else f"{shown.partition('#')[0]}#{_checksum(url)}"

    def data(self, value: Any) -> Any:
        """Plain data for the archive: addresses without their secrets, other texts as they are spoken."""
        if isinstance(value, str):
            return self.address(value) if _ADDRESS.fullmatch(value) else hide_marked(value)
        return _within(value, self.data)

    def json(self, value: Any) -> Any:
        """Plain data for people and programs: every text redacted, and values under the name of a secret hidden."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, Mapping):
            return {
                key: HIDDEN if _may_be_secret(item) and is_secret_name(str(key)) else self.json(item)
                for key, item in value.items()
            }
        return _within(value, self.json)

    def _name(self, match: re.Match[str]) -> str:
        return self._replacements[match[0]]


def hide_marked(text: str) -> str:
    """The text without passwords in addresses and without values that are named as a secret."""
    if "//" in text and "@" in text:
        text = _USER_INFO.sub(f"{HIDDEN}@", text)
    if "=" in text or "%3" in text:
        text = _PAIR.sub(_hide_pair, text)
    if any(mark in text for mark in ('":', '" :', "':", "' :")):
        text = _QUOTED.sub(_hide_quoted, text)
    low = text.casefold()
    if any(name in low for name in ("authorization", "cookie", "x-api-key")):
        text = _HEADER.sub(rf"\1\2{HIDDEN}", text)
    return _BEARER.sub(rf"\1{HIDDEN}", text) if "bearer" in low else text


def _hide_pair(match: re.Match[str]) -> str:
    """A value with a harmless name may hold another pair: "a=1;token=abc"."""
    name, sign, value = match.groups()
    if value.rstrip("`") == _PLACEHOLDER:
        return match[0]
    return f"{name}{sign}{HIDDEN if is_secret_name(name) else _PAIR.sub(_hide_pair, value)}"


def secrets_in_address(value: str) -> tuple[str, ...]:
    """The password and the secret parameters of an address, decoded."""
    try:
        parts = urlsplit(value)
        secrets = [parts.password or "", *(v for k, v in parse_qsl(parts.query) if is_secret_name(k))]
    except ValueError:
        return ()
    return tuple(filter(None, secrets))


def may_be_published(link: str) -> bool:
    """Whether an article's link holds no secret of the station's: a token of its feed, a password."""
    return HIDDEN not in link and not hide.holds(link) and not _USER_INFO.search(link)


def one_line(text: str) -> str:
    """The text with control characters as escapes: a headline can neither begin a new line nor colour a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _hide_quoted(match: re.Match[str]) -> str:
    mark, name, colon, value_mark, _ = match.groups()
    value_mark = value_mark or mark
    return f"{mark}{name}{mark}{colon}{value_mark}{HIDDEN}{value_mark}" if is_secret_name(name) else match[0]


def _may_be_secret(value: Any) -> bool:
    return bool(value) if isinstance(value, str) else type(value) is int and value >= _LEAST_NUMBER


def _within(value: Any, do: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: do(item) for key, item in value.items()}
    return [do(item) for item in value] if isinstance(value, list | tuple) else value


def _spellings(secret: str) -> set[str]:
    """The secret as it is, as addresses and JSON write it, and each long line of a key file."""
    lines = (line for line in secret.splitlines() if len(line) >= _SHORTEST_IN_DATA)
    spellings = {secret, quote(secret), quote(secret, safe=""), json.dumps(secret)[1:-1], *lines}
    return {spelling for spelling in spellings if len(spelling) >= _SHORTEST_SECRET}


def _any_of(texts: Iterable[str]) -> re.Pattern[str] | None:
    known = sorted(texts, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known))) if known else None


@lru_cache(maxsize=4096)
def _checksum(url: str) -> str:
    """Checksum of a secret, slow on purpose: a brute-force search must not find a short password."""
    return pbkdf2_hmac("sha256", url.encode("utf-8", "surrogatepass"), b"bulletin address", 5_000).hex()[:16]


hide = Redactor()
"""Redactor with the secrets of every profile that this process has read."""
