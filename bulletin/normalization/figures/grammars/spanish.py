"""
Spanish figures that tables cannot say: "veintiún años" and "doscientas personas", hours, Roman numerals, ordinals.

Source: Real Academia Española, "Ortografía de la lengua española" (hours, dates, Roman numerals, ordinals) and
"Diccionario panhispánico de dudas" ("cardinales", "ordinales", "uno", "primero", "hora").
"""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.normalization.figures.grammars.grammar import Grammar
from bulletin.normalization.figures.grammars.seasons_and_heights import (
    TIMES,
    part_named_years,
    part_seasons,
    say_heights,
)
from bulletin.normalization.figures.marks import NEAR
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue
from bulletin.normalization.numbers.roman_numerals import read_roman

_FREE = r"(?<![\w.,:/-])"
"""Example: `Spanish.prepare`."""
_HALF = r"(?: ?(?P<half>[ap])\. ?m\.| ?(?P<short>[ap])m(?!\w))"
"""Example: `Spanish.prepare`."""
_TWELVE = re.compile(rf"{_FREE}(?P<hour>1[0-2]|0?[1-9])(?:[:.](?P<minute>[0-5]\d))?{_HALF}")
"""Example: `Spanish.prepare`."""
_CLOCK = re.compile(
    rf"{_FREE}(?P<hour>[01]?\d|2[0-4])(?::|[hH](?=[0-5]\d)|(?<=\b[Ll]as \d)\.|(?<=\b[Ll]as \d\d)\.|(?<=\b[Ll]a 1)\.)(?P<minute>[0-5]\d)"
    r"(?P<unit> ?(?:horas|hs?)\b\.?(?= [a-zà-ÿ]|$|[,;)])| ?(?:horas|hs?)\b)?(?![\w:]|[.,]\d)"
)
"""Example: `Spanish.prepare`."""
_HOUR = re.compile(rf"{_FREE}(?P<hour>[01]?\d|2[0-4]) ?hs?\b(?![./])")
"""Example: `Spanish.prepare`."""
_FIRST = re.compile(
    r"(?<!\w)1\.?º(?= de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)\b)"
)
"""Example: `Spanish.prepare`."""
_LAW = re.compile(r"(?<![\w/.,])(?P<number>\d{1,3})/(?P<year>(?:19|20)\d\d)(?![\w/])")
"""Example: `Spanish.prepare`."""
_SHORT_NUMBER = re.compile(r"(?<![\w.,:/+-])(?<!\d )0(?P<rest>[1-9]\d)(?![\w:/-]|[.,]\d| \d)")
"""Example: `Spanish.prepare`."""
_PLURAL_INITIALS = re.compile(r"(?<!\w)([A-ZÁ-Ú]{2,6})s(?!\w)")
"""Example: `Spanish.prepare`."""
_DASHES = re.compile(r"(?<=[\wà-ÿ]) -(?=[\d(][^-–—]{1,80}[^\W_]-(?=[\s,.;)]|$))")
"""Example: `Spanish.prepare`."""
_THOUSANDS = re.compile(r"(?<![\w.,])(?P<count>[1-9]\d{0,2}) mil(?= [a-zà-ÿ]{2,}s\b)(?! millones)")
"""Example: `Spanish.prepare`."""
_DEGREES = re.compile(r"º(?=C\b)|(?<=,\d)º|(?<=\b(?:los|nos) \d\d)º")
"""Example: `Spanish.prepare`."""
_CENTURY_SIGN = re.compile(r"(?<!\w)s\. (?=[IVX]{1,6}\b)")
"""Example: `Spanish.prepare`."""
_CENTURY = re.compile(
    r"(?P<head>\b[Ss]iglos? )(?P<roman>[IVX]{1,6})(?:(?P<joint> (?:y|al?|o|e) (?:el )?)(?P<second>[IVX]{1,6}))?(?!\w)"
)
"""Example: `Spanish.prepare`."""
_RULER = r"(?P<head>(?<!\w)(?:{names}) )(?P<roman>[IVX]{{1,6}})(?!\w)"
"""Example: `Spanish.prepare`."""
_AFTER_NAME = re.compile(r"(?P<name>(?<!\w)[A-ZÁ-Ú][a-zà-ÿ]+) (?P<roman>[IVX]{2,6})(?!\w)")
"""Example: `Spanish.prepare`."""
_BEFORE_NOUN = re.compile(
    r"(?P<article>(?<!\w)(?i:el|la|los|las|del|al|una?|sus?|est[ea]) )?(?<![\w.])(?P<roman>[IVX]{1,6}) (?=(?P<noun>[A-Za-zÁ-Úà-ÿ][a-zà-ÿ]+))"
)
"""Example: `Spanish.prepare`."""

_QUETZALES = re.compile(r"(?<!\w)Q\.?(?=\d{2}|\d[.,]\d)")
"""Sign of Guatemala's currency; "Q4" is a quarter. Example: `Spanish.prepare`."""
_CROSSED = re.compile(r"(?<!\w)([A-Z])x([A-Z]{1,3})(?!\w)")
"""Initials joined by the sign of "por": "JxC". Example: `Spanish.prepare`."""


class Spanish(Grammar):
    """Spanish, as news in Spain and America is read."""

    def prepare(self, text: str, tongue: Tongue) -> str:
        """
        Say the forms of print that only Spanish has.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> Spanish().prepare("a las 7:30, en el siglo XXI, con Felipe VI, la Ley 7/2014, las ONGs", load_tongue("es"))
        'a las siete y media, en el siglo veintiuno, con Felipe sexto, la Ley 7 de 2014, las ONG'
        """
        # a dash that opens an aside: "su parte -6,4 millones- la cobró"
        text = part_named_years(_DASHES.sub(", ", text))
        text = _QUETZALES.sub("GTQ ", _CROSSED.sub(r"\1 por \2", text))
        text = _THOUSANDS.sub(r"\g<count>000", text)  # "200 mil personas" agrees like 200.000
        text = _CENTURY_SIGN.sub("siglo ", _DEGREES.sub("°", TIMES.sub(" por ", text)))
        text = say_heights(text, tongue)
        text = _PLURAL_INITIALS.sub(r"\1", _LAW.sub(r"\g<number> de \g<year>", text))
        text = _TWELVE.sub(lambda m: _say_half_day(m, tongue), text)
        text = _CLOCK.sub(lambda m: _say_clock(m, tongue), text)
        text = _HOUR.sub(
            lambda m: f"{_hour(int(m['hour']), tongue)} hora{'s' if m['hour'] != '1' else ''}", text
        )
        text = _CENTURY.sub(lambda m: _say_century(m, tongue), _FIRST.sub("primero", text))
        text = _say_rulers(text, tongue)
        text = _BEFORE_NOUN.sub(lambda m: self._say_before_noun(m, tongue), text)
        zero = tongue.numbers.spell(0, "cardinal")
        text = _SHORT_NUMBER.sub(lambda m: f"{zero} {tongue.numbers.spell(int(m['rest']), 'cardinal')}", text)
        return part_seasons(text)

    def cardinal(self, number: int, tongue: Tongue, *, noun: str = "", before: str = "") -> str:
        """
        A count: before a noun "uno" is "un" or "una", and hundreds agree; a number that names agrees with nothing.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> counts = [(21, "años"), (200, "personas"), (364, "explica"), (21, "por"), (1, "persona")]
        >>> [Spanish().cardinal(number, load_tongue("es"), noun=noun) for number, noun in counts]
        ['veintiún', 'doscientas', 'trescientos sesenta y cuatro', 'veintiuno', 'una']
        """
        last = before.rstrip().rpartition(" ")[2].casefold() if before[-1:] == " " else ""
        is_measure = noun in _measures(tongue)
        is_plural = noun.endswith("s") or number == 1
        names = last in tongue.words("numbered_words") and number == 1
        if not noun or noun == "por" or names or not (is_plural or is_measure):
            return tongue.numbers.spell(number, "cardinal")
        if self.gender(noun, tongue) != "f" or number < 1_000:
            return super().cardinal(number, tongue, noun=noun, before=before)
        return _feminine_thousands(number, tongue)

    def ordinal(
        self, number: int, tongue: Tongue, *, mark: str = "", before: str = "", after: str = ""
    ) -> str:
        """
        An ordinal in the gender of its mark; before a noun "primero" and "tercero" lose their o.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> marks = [(1, ".º", " puesto"), (1, ".º", "."), (3, ".er", " puesto"), (21, ".ª", " edición")]
        >>> [Spanish().ordinal(number, load_tongue("es"), mark=mark, after=after) for number, mark, after in marks]
        ['primer', 'primero', 'tercer', 'vigésima primera']
        """
        plural = "-plural" if "s" in mark else ""
        if "ª" in mark or "as" in mark or mark.rstrip(".").endswith("a"):
            return tongue.numbers.spell(number, f"spellout-ordinal-feminine{plural}")
        if "er" in mark or (not plural and self.noun_after(after, tongue)):
            return tongue.numbers.spell(number, "spellout-ordinal-masculine-adjective")
        return tongue.numbers.spell(number, f"spellout-ordinal-masculine{plural}")

    def _say_before_noun(self, match: re.Match[str], tongue: Tongue) -> str:
        """
        "II Guerra Mundial": an ordinal in the gender of its article or noun; a lone V or X, or a noun in small letters,
        needs to be one that counts its editions.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> texts = ("la XIV Bienal", "la II edición", "las XV Jornadas", "el XX europeo")
        >>> [_BEFORE_NOUN.sub(lambda m: Spanish()._say_before_noun(m, load_tongue("es")), text) for text in texts]
        ['la decimocuarta Bienal', 'la segunda edición', 'las decimoquintas Jornadas', 'el XX europeo']
        """
        value, noun = read_roman(match["roman"]), match["noun"]
        article = match["article"] or ""
        counts_editions = noun.capitalize() in tongue.words("roman_nouns") and (article or noun[0].isupper())
        if not value or not (counts_editions or (len(match["roman"]) > 1 and noun[0].isupper())):
            return match[0]
        last = article.strip().casefold()
        gender = {"la": "f", "las": "f", "una": "f", "esta": "f", "sus": "", "su": ""}.get(
            last, "m" if last else ""
        )
        is_feminine = (gender or self.gender(noun.casefold(), tongue)) == "f"
        is_plural = last in ("los", "las", "sus")
        mark = ("as" if is_plural else "ª") if is_feminine else "os" if is_plural else "er"
        return f"{article}{self.ordinal(value, tongue, mark=mark)} "


def _feminine_thousands(number: int, tongue: Tongue) -> str:
    """
    Thousands of a feminine noun agree with it, millions do not (RAE, DPD, "cardinales"); CLDR's stay masculine.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> [_feminine_thousands(number, load_tongue("es")) for number in (200_500, 1_000, 2_300_001)]
    ['doscientas mil quinientas', 'mil', 'dos millones trescientas mil una']
    """
    millions, thousands, rest = number // 10**6, number // 1000 % 1000, number % 1000
    parts = [tongue.numbers.spell(millions * 10**6, "cardinal_m")] if millions else []
    if thousands:
        count = f"{tongue.numbers.spell(thousands, 'cardinal_f')} " if thousands > 1 else ""
        parts.append(count + tongue.numbers.spell(1000, "cardinal"))
    parts += [tongue.numbers.spell(rest, "cardinal_f")] if rest else []
    return " ".join(parts)


def _hour(hour: int, tongue: Tongue) -> str:
    """
    An hour, which is feminine.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _hour(1, load_tongue("es"))
    'una'
    """
    return tongue.numbers.spell(hour, "cardinal_f")


def _say_half_day(match: re.Match[str], tongue: Tongue) -> str:
    """
    Hours with "a. m." and "p. m.", which are read as the part of the day (RAE, DPD, "hora").

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> times = ("7 p. m.", "10:30 p. m.", "3 a.m.", "12 p. m.")
    >>> [_say_half_day(_TWELVE.search(f"{text} del lunes"), load_tongue("es")) for text in times]
    ['siete de la tarde', 'diez y media de la noche', 'tres de la madrugada', 'doce del mediodía']
    """
    hour, is_morning = int(match["hour"]), (match["half"] or match["short"]) == "a"
    if is_morning:
        part = "de la noche" if hour == 12 else "de la madrugada" if hour < 6 else "de la mañana"
    else:
        part = "del mediodía" if hour == 12 else "de la tarde" if hour < 8 else "de la noche"
    is_end = match[0].endswith(".") and re.match(
        r"$| [A-ZÁ-Ú¿¡]", match.string[match.end() : match.end() + NEAR]
    )
    return f"{_spoken_time(hour, int(match['minute'] or 0), tongue)} {part}{'.' if is_end else ''}"


def _say_clock(match: re.Match[str], tongue: Tongue) -> str:
    """
    Hours with minutes: formal with "horas" and in the afternoon, with "y media" in the twelve hours.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> times = ("a las 7:30", "a las 18:30", "a las 21:30 horas", "18:00", "a las 7:00", "a las 9.05")
    >>> [_CLOCK.sub(lambda m: _say_clock(m, load_tongue("es")), text).removeprefix("a las ") for text in times]
    ['siete y media', 'dieciocho treinta', 'veintiuna treinta horas', 'dieciocho horas', 'siete', 'nueve y cinco']
    """
    hour, minute = int(match["hour"]), int(match["minute"])
    has_article = bool(re.search(r"\b[Ll]as? $", match.string[max(0, match.start() - 5) : match.start()]))
    if not minute:
        is_bare = has_article and not match["unit"] and hour <= 12
        return _hour(hour, tongue) if is_bare else f"{_hour(hour, tongue)} hora{'s' if hour != 1 else ''}"
    if match["unit"] or hour > 12 or hour == 0:
        zero = f"{tongue.numbers.spell(0, 'cardinal')} " if minute < 10 else ""
        said = f"{_hour(hour, tongue)} {zero}{tongue.numbers.spell(minute, 'cardinal')}"
        return f"{said} horas" if match["unit"] else said
    return _spoken_time(hour, minute, tongue)


def _spoken_time(hour: int, minute: int, tongue: Tongue) -> str:
    """
    An hour with its minutes, quarters and halves by their names.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _spoken_time(7, 30, load_tongue("es"))
    'siete y media'
    """
    words = {0: "", 15: " y cuarto", 30: " y media"}
    return _hour(hour, tongue) + words.get(minute, f" y {tongue.numbers.spell(minute, 'cardinal')}")


def _say_century(match: re.Match[str], tongue: Tongue) -> str:
    """
    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _say_century(_CENTURY.search("siglos XVI y XVII"), load_tongue("es"))
    'siglos dieciséis y diecisiete'
    """
    values = [read_roman(match[name]) for name in ("roman", "second") if match[name]]
    if not all(values):
        return match[0]
    said = [tongue.numbers.spell(value, "cardinal") for value in values if value]
    return match["head"] + (match["joint"] or "").join(said)


def _say_rulers(text: str, tongue: Tongue) -> str:
    """
    Numbers of kings and popes: ordinals up to ten, then cardinals (RAE, DPD, "ordinales").

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _say_rulers("Isabel II, Juan Carlos I, León XIV, Mohamed VI, Grupo X, Roma III", load_tongue("es"))
    'Isabel segunda, Juan Carlos primero, León catorce, Mohamed sexto, Grupo X, Roma tres'
    """

    def say(match: re.Match[str], rules: str) -> str:
        value = read_roman(match["roman"])
        if not value:
            return match[0]
        head = match.groupdict().get("head") or f"{match['name']} "
        is_ordinal = value <= 10 and head.strip() not in tongue.words("roman_places")
        return head + tongue.numbers.spell(value, rules if is_ordinal else "cardinal")

    for name, rules in (("queens", "ordinal_f"), ("kings", "ordinal_m")):
        names = "|".join(sorted(tongue.words(name), key=len, reverse=True)) or "(?!)"
        text = re.sub(_RULER.format(names=names), lambda m, rules=rules: say(m, rules), text)  # type: ignore[misc]
    return _AFTER_NAME.sub(lambda m: say(m, "ordinal_m"), text)


@lru_cache(maxsize=8)
def _measures(tongue: Tongue) -> frozenset[str]:
    """
    First words of units, currencies and scales in the singular, which stand for nouns in any number.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> "euro" in _measures(load_tongue("es"))
    True
    """
    tables = (tongue.tables[name] for name in ("units", "currencies", "scales"))
    forms = (form for table in tables for form in table.values())
    return frozenset(form[index].partition(" ")[0] for form in forms for index in (0, 2) if index < len(form))
