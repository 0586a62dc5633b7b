"""Text as written -> text as read: letters, apostrophes and sentence punctuation, nothing else."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from importlib import resources

from bulletin.script.ear.numbers import LARGEST, parse_numbers
from bulletin.script.lexicon import Lexicon, unshield


def make_speakable(text: str, *, language: str = "en-GB", lexicon: Lexicon | None = None) -> str:
    """
    Write `text` as it is read out.

    Only letters, apostrophes, spaces and the marks , . ? ! - ; : come out, whatever goes in.
    """
    table = tomllib.loads((resources.files("bulletin.script.ear") / "en" / "numbers.toml").read_text("utf-8"))
    numbers = parse_numbers(table)
    text = unicodedata.normalize("NFC", text).translate(
        {0x2019: "'", 0x2018: "'", 0x2013: "-", 0x2014: " - "}
    )
    text, said = (lexicon or Lexicon()).shield(text)

    def whole(match: re.Match[str]) -> str:
        number = match[0].replace(",", "")
        if int(number) >= LARGEST or len(number) > 15:
            return " ".join(numbers.spell(int(digit)) for digit in number)
        return numbers.spell(
            int(number), "year" if re.fullmatch(r"1[89]\d\d|20\d\d", match[0]) else "cardinal"
        )

    text = re.sub(r"https?://\S+|\bwww\.\S+|[\w.+-]{1,64}@[\w-]+\.[\w.-]+", "", text)
    text = re.sub(
        r"£([\d,.]*\d)(bn|m)?\b",
        lambda m: f"{m[1]}{ {'bn': ' billion', 'm': ' million'}.get(m[2], '') } pounds",
        text,
    )
    text = re.sub(r"(\d),(?=\d{3})", r"\1", text)
    text = re.sub(r"\.(\d+)(?=\D|$)", lambda m: " point " + " ".join(m[1]), text)
    text = re.sub(r"\d+", lambda m: f" {whole(m)} ", text, flags=re.ASCII)
    text = text.replace("%", " percent").replace("&", " and ")
    text = re.sub(r"[^\w\s,.?!;:'-]|[\d_]", " ", text)
    return " ".join(re.sub(r"\s+([,.?!;:])", r"\1", unshield(text, said)).split())
