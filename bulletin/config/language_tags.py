"""Tag of a language that a user wrote otherwise, and the time zone of its country."""

from __future__ import annotations

import re

_PATTERN = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
_TAGS = {
    "en-GB": ("english", "british"),
    "en-US": ("american",),
    "de": ("german", "deutsch"),
    "es": ("spanish", "español", "espanol", "castellano"),
    "fr": ("french", "français", "francais"),
    "it": ("italian", "italiano"),
    "nl": ("dutch", "nederlands", "flemish", "vlaams"),
    "pt": ("portuguese", "português", "portugues"),
    "pt-BR": ("brazilian", "brasileiro"),
}
"""Tag of each shipped language -> what else it is called."""
_ZONES = {
    "en": "Europe/London",
    "en-US": "America/New_York",
    "en-IE": "Europe/Dublin",
    "ca": "Europe/Madrid",
    "de": "Europe/Berlin",
    "de-AT": "Europe/Vienna",
    "de-CH": "Europe/Zurich",
    "es": "Europe/Madrid",
    "es-MX": "America/Mexico_City",
    "es-AR": "America/Argentina/Buenos_Aires",
    "eu": "Europe/Madrid",
    "fr": "Europe/Paris",
    "fr-BE": "Europe/Brussels",
    "fr-CH": "Europe/Zurich",
    "fr-CA": "America/Toronto",
    "gl": "Europe/Madrid",
    "it": "Europe/Rome",
    "it-CH": "Europe/Zurich",
    "nl": "Europe/Amsterdam",
    "nl-BE": "Europe/Brussels",
    "pt": "Europe/Lisbon",
    "pt-BR": "America/Sao_Paulo",
}
"""Zone of the largest city of a language's country."""


def known_tag(value: str) -> str:
    """
    The text itself, a language tag such as "en-GB". Raises ValueError with the tag that was probably meant.

    >>> known_tag("pt-BR")
    'pt-BR'
    >>> known_tag("Spanish")
    Traceback (most recent call last):
    ValueError: "Spanish" is not a valid language; did you mean "es"?
    >>> known_tag("de_AT")
    Traceback (most recent call last):
    ValueError: "de_AT" is not a valid language; did you mean "de-AT"?
    """
    if re.fullmatch(_PATTERN, value):
        return value
    near = next((tag for tag, names in _TAGS.items() if value.lower() in names), "")
    base, *others = value.replace("_", "-").split("-")
    respelt = "-".join((base.lower(), *others))
    if not near and re.fullmatch(_PATTERN, respelt):
        near = respelt
    raise ValueError(
        f'"{value}" is not a valid language; '
        + (f'did you mean "{near}"?' if near else 'write it as "en-GB"')
    )


def probable_time_zone(language: str, *, of_country: str = "") -> str:
    """
    Time zone of most stations with a language: a large city's, `of_country`, that of the language, or else London's.

    >>> probable_time_zone("es"), probable_time_zone("de-AT"), probable_time_zone("de-XX"), probable_time_zone("xx")
    ('Europe/Madrid', 'Europe/Vienna', 'Europe/Berlin', 'Europe/London')
    >>> probable_time_zone("sv", of_country="Europe/Stockholm")
    'Europe/Stockholm'
    """
    base = language.partition("-")[0]
    return _ZONES.get(language) or of_country or _ZONES.get(base, _ZONES["en"])
