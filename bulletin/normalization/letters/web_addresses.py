"""
Addresses, handles and hashtags -> words, or nothing where a listener could not use them.

Source: a label of a host has at most 63 characters (RFC 1035, section 2.3.4), the name before the "@" 64 (RFC
5321, section 4.5.3.1.1); counts in the 604 fresh articles: `python -m bench.normalization_matches`. Judgement, no
source: which addresses are read, because a listener can write down only short ones.
"""

from __future__ import annotations

import re

from bulletin.normalization.load_number_and_abbreviation_tables import Tongue

_HOST = r"(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,5}"
"""Example: `say_addresses`."""
_TAIL = r"(?::\d{1,5})?(?P<path>[/?#][^\s<>\"')\]]{0,2000})?"
"""Example: `say_addresses`."""
_MAIL = rf"(?a)(?<![\w.@+-])(?P<who>[\w.+-]{{1,64}})@(?P<host>{_HOST}[A-Za-z]{{2,24}})(?![\w-])"
"""Example: `say_addresses`."""
_LINK = rf"(?i)\b(?:https?|ftp)://(?P<host>{_HOST}[A-Za-z]{{2,24}}|[^\s/]{{1,200}}){_TAIL}"
"""Example: `say_addresses`."""
_LINE = rf"(?i)(?<![\w.@/-])(?P<host>www\.{_HOST}[A-Za-z]{{2,24}}){_TAIL}(?![\w-])"
"""Example: `_say_line`."""
_BARE = rf"(?<![\w.@/-])(?P<host>{_HOST}(?:«web.endings»)){_TAIL}(?![\w-])(?!\.\w)"
"""Example: `say_addresses`."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])|_")
"""Example: `say_handles`."""


def say_addresses(text: str, tongue: Tongue) -> str:
    """
    Read short addresses as a newsreader gives them out; drop links that were only pasted.

    Listeners write down "www.gov.uk/passports", not "https://t.co/x9Zq". 105 in 604 articles.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("visit www.bbc.co.uk")
    'visit B-B-C dot co dot U-K'
    >>> make_speakable("Full list: https://t.co/x9Zq")
    'Full list:'
    >>> make_speakable("Book at ferry-news.com, or write to news@ferry.org.")
    'Book at ferry dash news dot com, or write to news at ferry dot org.'
    """
    text = tongue.sub(_MAIL, _say_mail, text)
    text = tongue.sub(_LINK, _say_link, text)
    text = tongue.sub(_LINE, _say_line, text)
    return tongue.sub(_BARE, _say_line, text)


def say_handles(text: str, tongue: Tongue) -> str:
    """
    Say hashtags and handles word by word; 116 in 604 articles.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("the #MeToo movement, says @WexcombeNews")
    'the Me Too movement, says at Wexcombe News'
    """
    hashtag, handle = r"(?<![\w#&])#(\w{0,100}[A-Za-z]\w{0,100})", r"(?<![\w@])@(\w{1,50})"
    text = tongue.sub(hashtag, lambda m, _: _CAMEL.sub(" ", m[1]), text)
    return tongue.sub(handle, lambda m, _: f"{tongue.word('at')} {_CAMEL.sub(' ', m[1])}", text)


def _say_mail(match: re.Match[str], tongue: Tongue) -> str:
    """
    Mail address with its signs as words.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_MAIL, _say_mail, "write to ann.fox-1@ferry.example")
    'write to ann dot fox dash 1 at ferry dot example'
    """
    web = tongue.tables["web"]
    signs = {".": tongue.word("dot"), "-": tongue.word("dash"), "_": web["underscore"], "+": "plus"}
    who = re.sub(r"[._+-]", lambda sign: f" {signs[sign[0]]} ", match["who"])
    return f"{who} {tongue.word('at')} {_say_host(match['host'], tongue)}"


def _say_link(match: re.Match[str], tongue: Tongue) -> str:
    """
    Link that was only pasted: its host, and nothing of a short link or a long path.

    Listeners cannot write those down.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_LINK, _say_link, "See https://ferry.example/a. List: https://t.co/x9Zq")
    'See ferry dot example. List: '
    """
    web, host, path, stop = tongue.tables["web"], match["host"].lower(), *_path_and_stop(match)
    is_short = "." not in host or host.removeprefix("www.") in web["shorteners"]
    return "" if is_short or len(path) > web["longest_path"] else _say_host(host, tongue) + stop


def _say_line(match: re.Match[str], tongue: Tongue) -> str:
    """
    Address as a newsreader gives it out: the host, and a path of one plain word.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_LINE, _say_line, "www.gov.uk/passports. Or www.gov.uk/a?id=5")
    'gov dot U-K slash passports. Or gov dot U-K'
    """
    web, (path, stop) = tongue.tables["web"], _path_and_stop(match)
    part = path.strip("/")
    if match["host"].lower() in web["shorteners"]:
        return stop
    host = _say_host(match["host"], tongue)
    if re.fullmatch(r"[A-Za-z][A-Za-z-]*", part) and len(part) <= web["longest_path"]:
        host = f"{host} {tongue.word('slash')} {part.replace('-', ' ')}"
    return host + stop


def _path_and_stop(match: re.Match[str]) -> tuple[str, str]:
    """
    Path of an address, and the marks at its end, which are the sentence's.

    >>> _path_and_stop(re.search(_LINE, "Visit www.ferry.example/times."))
    ('/times', '.')
    """
    path = (match["path"] or "").rstrip(".,;:!?")
    return path, match[0][len(match[0].rstrip(".,;:!?")) :]


def _say_host(host: str, tongue: Tongue) -> str:
    """
    Host with its dots and hyphens as words; labels of up to three letters are spelt, unless they are words.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _say_host("www.bbc.co.uk", load_tongue("en-GB")), _say_host("ferry-news.com", load_tongue("en-GB"))
    ('B-B-C dot co dot U-K', 'ferry dash news dot com')
    """

    def say(label: str) -> str:
        if len(label) <= 3 and label not in tongue.tables["web"]["words"] and label.isalpha():
            return "-".join(label.upper())
        return f" {tongue.word('dash')} ".join(label.split("-"))

    return f" {tongue.word('dot')} ".join(map(say, host.lower().removeprefix("www.").split(".")))
