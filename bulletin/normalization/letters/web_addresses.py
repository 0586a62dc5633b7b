"""Addresses, handles and hashtags -> words, or nothing where a listener could not use them."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.normalization.language_tables import Tongue, either

_HOST = r"(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,5}"
_TAIL = r"(?::\d{1,5})?(?P<path>[/?#][^\s<>\"')\]]{0,2000})?"
_MAIL = re.compile(
    rf"(?<![\w.@+-])(?P<who>[\w.+-]{{1,64}})@(?P<host>{_HOST}[A-Za-z]{{2,24}})(?![\w-])", re.ASCII
)
_LINK = re.compile(
    rf"\b(?P<scheme>(?:https?|ftp)://)(?P<host>{_HOST}[A-Za-z]{{2,24}}|[^\s/]{{1,200}}){_TAIL}", re.IGNORECASE
)
_LINE = re.compile(rf"(?<![\w.@/-])(?P<host>www\.{_HOST}[A-Za-z]{{2,24}}){_TAIL}(?![\w-])", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@])@(\w{1,50})")
_HASHTAG = re.compile(r"(?<![\w#&])#(\w{0,100}[A-Za-z]\w{0,100})")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])|_")


def say_addresses(text: str, tongue: Tongue) -> str:
    """
    Read short addresses as a newsreader gives them out; drop links that were only pasted.

    "www.gov.uk/passports" is something to write down, "https://t.co/x9Zq" is not. 105 in 604 articles.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("visit www.bbc.co.uk")
    'visit B-B-C dot co dot U-K'
    >>> make_speakable("Full list: https://t.co/x9Zq")
    'Full list:'
    """
    if "." not in text:
        return text
    text = _MAIL.sub(lambda m: _say_mail(m, tongue), text)
    text = _LINK.sub(lambda m: _say_link(m, tongue), text)
    text = _LINE.sub(lambda m: _say_line(m, tongue), text)
    return _bare(tongue).sub(lambda m: _say_line(m, tongue), text)


def say_handles(text: str, tongue: Tongue) -> str:
    """
    Say hashtags and handles word by word; 116 in 604 articles.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("the #MeToo movement, says @WexcombeNews")
    'the Me Too movement, says at Wexcombe News'
    """
    text = _HASHTAG.sub(lambda m: _CAMEL.sub(" ", m[1]), text)
    return _HANDLE.sub(lambda m: f"{tongue.word('at')} {_CAMEL.sub(' ', m[1])}", text)


@lru_cache(maxsize=16)
def _bare(tongue: Tongue) -> re.Pattern[str]:
    endings = either(tongue.table("web")["endings"])
    return re.compile(rf"(?<![\w.@/-])(?P<host>{_HOST}(?:{endings})){_TAIL}(?![\w-])(?!\.\w)")


def _say_mail(match: re.Match[str], tongue: Tongue) -> str:
    signs = {
        ".": tongue.word("dot"),
        "-": tongue.word("dash"),
        "_": tongue.table("web")["underscore"],
        "+": "plus",
    }
    who = re.sub(r"[._+-]", lambda sign: f" {signs[sign[0]]} ", match["who"])
    return f"{who} {tongue.word('at')} {_say_host(match['host'], tongue)}"


def _say_link(match: re.Match[str], tongue: Tongue) -> str:
    """Of a pasted link only the host is of use, and of a short link nothing."""
    host = match["host"].lower()
    path = (match["path"] or "").rstrip(".,;:!?")
    if "." not in host or host.removeprefix("www.") in tongue.table("web")["shorteners"]:
        return ""
    if len(path) > tongue.table("web")["longest_path"]:
        return ""
    stop = match[0][len(match[0].rstrip(".,;:!?")) :]
    return _say_host(host, tongue) + stop


def _say_line(match: re.Match[str], tongue: Tongue) -> str:
    path = match["path"] or ""
    stop = path[len(path.rstrip(".,;:!?")) :]
    part = path.rstrip(".,;:!?").strip("/")
    if match["host"].lower() in tongue.table("web")["shorteners"]:
        return stop
    host = _say_host(match["host"], tongue)
    if re.fullmatch(r"[A-Za-z][A-Za-z-]*", part) and len(part) <= tongue.table("web")["longest_path"]:
        host = f"{host} {tongue.word('slash')} {part.replace('-', ' ')}"
    return host + stop


def _say_host(host: str, tongue: Tongue) -> str:
    words = tongue.table("web")["words"]
    spoken = []
    for label in host.lower().removeprefix("www.").split("."):
        if len(label) <= 3 and label not in words and label.isalpha():
            spoken.append("-".join(label.upper()))
        else:
            spoken.append(f" {tongue.word('dash')} ".join(label.split("-")))
    return f" {tongue.word('dot')} ".join(spoken)
