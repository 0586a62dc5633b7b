"""Text -> whether it is certainly not in the station's language, by its commonest words."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_SAMPLE_WORDS = 150
_SAMPLE_CHARS = 3000
"""Longer than so many words of any language that is told by its words."""
_FEWEST_WORDS = 8
"""Fewer say nothing: a headline of names is the same in every language."""

# The words that a text of each language cannot do without.
_COMMONEST = {
    language: frozenset(listed.split())
    for language, listed in {
        "en": "the of and to a in is was that for with on as at by from an has have been are were his her "
        "their its said says will would which this it he she they we be not no who what when where "
        "why how but or if had after over more than up out about into there could can may one new "
        "than down under off",
        "de": "der die das und ist nicht ein eine mit von den dem des für auf im zu sich auch wird sind bei "
        "als nach hat aus einen einer eines wie zum zur über am dass ohne sollen soll können kann "
        "oder diese wurde werden nun noch jetzt damit vom beim sie ihre gegen statt trotz wegen seine "
        "davon",
        "fr": "le la les des et est une un dans pour qui que sur pas au du avec par plus ce cette sont ont "
        "été ses aux mais comme selon leur il elle en se l d qu n ne c m cet son sa nous vous être "
        "peut fait moins",
        "es": "el la los las de y en que por una un con para del se su al es ha más como pero sus este esta "
        "fue según sobre",
        "it": "il la gli di che è per una un con del della nel sono alla dei ha non più anche dal come "
        "delle questo si ma da le",
        "pt": "os das dos de e em que para uma um com não por mais do da na ao foi são como seu sua pelo "
        "pela segundo",
        "nl": "de het een van en is dat op te zijn voor met niet aan er door ook naar bij uit om heeft maar "
        "wordt nog",
        "sv": "och att det som en är av för på med den till har inte om ett de från var men vid efter kan "
        "sig",
        "da": "og at det som en er af for på med den til har ikke om et de fra var men ved efter kan sig "
        "også",
        "no": "og det som en er av for på med den til har ikke om et de fra var men ved etter kan seg også",
        "fi": "ja on ei että se oli hän ovat mutta myös kun joka mukaan tai kuin ole sen vuoden",
        "pl": "na do się nie to że jest od po przez dla jak są za oraz ale był który przy we ze",
        "cs": "na se je že do to pro by jsou jako od ale po které který podle byl ve za už",
        "sk": "na sa je že do to pre by sú ako od ale po ktoré ktorý podľa bol vo za už",
        "tr": "ve bir bu için ile da de olarak çok daha olan gibi sonra kadar var ise",
        "cy": "yr yn ar mae ei gan wedi bod am eu gyda fod oedd at sydd mewn",
        "ga": "na agus ar go le bhí tá sé ag den leis chun sa",
        "af": "die en van is in nie het dat te vir op met wat word aan ook sy deur",
    }.items()
}


def is_foreign(text: str, *, language: str, tagged: str = "") -> bool:
    """
    Whether `text` is certainly not in `language` (both BCP 47).

    The feed's own tag (`tagged`) counts only where the words do not contradict it: many a feed calls everything "en-US".

    >>> is_foreign("Der Rat der Stadt hat die Brücke nach dem Sturm nicht gesperrt.", language="en-GB")
    True
    >>> is_foreign("The council has not shut the bridge after the storm.", language="en-GB", tagged="de")
    False
    """
    station_language = _primary(language)
    words = [word.casefold() for word in _WORD.findall(text[:_SAMPLE_CHARS])][:_SAMPLE_WORDS]
    if station_language in _COMMONEST and _is_other_script(text):
        return True
    if len(words) < _FEWEST_WORDS or station_language not in _COMMONEST:
        return bool(tagged) and _primary(tagged) != station_language
    other_words = [word for word in words if word not in _COMMONEST[station_language]]
    own_count = len(words) - len(other_words)
    other_count = max(
        sum(map(listed.__contains__, other_words))
        for name, listed in _COMMONEST.items()
        if name != station_language
    )
    if own_count >= max(2, 0.08 * len(words)) and own_count >= other_count:
        return False
    if other_count >= 2 and other_count >= 1.5 * own_count:
        return True
    # Prose of a dozen words in which none of the commonest occurs is not in that language.
    return (own_count == 0 and len(words) >= 14) or (bool(tagged) and _primary(tagged) != station_language)


def _primary(tag: str) -> str:
    return tag.replace("_", "-").split("-", 1)[0].casefold()


def _is_other_script(text: str) -> bool:
    """Whether most letters are of another script than Latin."""
    sample = text[:2000]
    # nearly all of a text in English is ASCII, which needs no look into Unicode's names
    others = [char for char in _BEYOND_ASCII.findall(sample) if char.isalpha()]
    letters = sum(map(str.isalpha, sample)) if others else 0
    other = sum("LATIN" not in unicodedata.name(char, "") for char in others)
    return letters >= 4 and other > letters / 2
