"""Colour of a station -> Shades with readable contrast (WCAG 2.2). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Rgb = tuple[int, int, int]

TEXT_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: contrast of text and background."""

PICTURE_CONTRAST = 3.0
"""WCAG 2.2, 1.4.11: contrast of controls and of pictures that tell something."""

WHITE: Rgb = (255, 255, 255)
BLACK: Rgb = (0, 0, 0)
_NIGHT: Rgb = (18, 19, 22)
_SPARE = 0.15
"""Margin over the required contrast: browsers round, and cards are a little lighter than the page."""

_ROOMY = 7.0
"""Contrast of the main text, so that secondary text can have less."""


Shades = Mapping[str, str]
"""Colours of a page as "#rrggbb" by name; every text has a contrast of at least 4.5 on its background."""


def light_shades(colour: str) -> Shades:
    """Shades of a light page; `colour` is "#c8102e"."""
    base = from_hex(colour)
    paper, card = blend(WHITE, base, 0.035), WHITE
    ink = ink_on(base)
    ground = until(base, away_from(ink), lambda colour: contrast(colour, ink) >= TEXT_CONTRAST + _SPARE)
    return _shades(base, ground=ground, ink=ink, paper=paper, card=card, text=blend(BLACK, base, 0.10))


def dark_shades(colour: str) -> Shades:
    """Shades of a dark page."""
    base = from_hex(colour)
    paper, card = blend(_NIGHT, base, 0.06), blend((29, 31, 35), base, 0.08)
    ground = until(
        blend(base, _NIGHT, 0.50), _NIGHT, lambda colour: contrast(colour, WHITE) >= TEXT_CONTRAST + _SPARE
    )
    return _shades(
        base, ground=ground, ink=WHITE, paper=paper, card=card, text=blend((236, 236, 232), base, 0.04)
    )


def _shades(base: Rgb, *, ground: Rgb, ink: Rgb, paper: Rgb, card: Rgb, text: Rgb) -> Shades:
    far = away_from(text)
    tint = until(
        blend(card, base, 0.14 if text < far else 0.30), card, lambda colour: contrast(text, colour) >= _ROOMY
    )

    def is_seen(colour: Rgb) -> bool:
        return contrast(colour, ground) >= PICTURE_CONTRAST + _SPARE

    def is_readable(colour: Rgb) -> bool:
        return all(contrast(colour, behind) >= TEXT_CONTRAST + _SPARE for behind in (paper, card, tint))

    colours = {
        "ground": ground,  # of the masthead: the station's colour, as near as readable text allows
        "deep": blend(ground, away_from(ink), 0.22),  # the same with more contrast to the ink
        "ink": ink,  # text on ground and deep
        "soft": until(blend(ink, ground, 0.26), ink, lambda soft: contrast(soft, ground) >= TEXT_CONTRAST),
        "wave": until(blend(ink, ground, 0.5), ink, is_seen),  # waveform not played yet, edges of controls
        "paper": paper,
        "card": card,  # background of cards on the paper
        "text": until(text, away_from(paper), is_readable),
        "quiet": until(blend(text, paper, 0.36), text, is_readable),  # secondary text on paper and card
        "accent": until(base, away_from(paper), is_readable),  # links and marks on paper and card
        "line": blend(paper, text, 0.14),  # lines, never text
        "tint": tint,  # background of marks and pills
        "lit": until(  # background of the sentence being played
            blend(card, base, 0.34 if text < far else 0.5), card, lambda lit: contrast(text, lit) >= _ROOMY
        ),
    }
    return {name: to_hex(colour) for name, colour in colours.items()}


def ink_on(ground: Rgb) -> Rgb:
    """White where it can be read, else black."""
    return WHITE if contrast(ground, WHITE) >= min(TEXT_CONTRAST, contrast(ground, BLACK)) else BLACK


def until(start: Rgb, goal: Rgb, is_good: Callable[[Rgb], bool]) -> Rgb:
    """The first good colour on the way from `start` to `goal`."""
    for step in range(100):
        colour = blend(start, goal, step / 100)
        if is_good(colour):
            return colour
    return goal


def away_from(colour: Rgb) -> Rgb:
    """Black or white, whichever has more contrast."""
    return WHITE if contrast(colour, WHITE) > contrast(colour, BLACK) else BLACK


def contrast(first: Rgb, second: Rgb) -> float:
    """WCAG 2.2: 1 is none, 21 is black on white."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def blend(first: Rgb, second: Rgb, share: float) -> Rgb:
    """Mix of two colours, `share` (0 to 1) of the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def from_hex(colour: str) -> Rgb:
    """ "#c8102e" -> (200, 16, 46)."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def to_hex(colour: Rgb) -> str:
    """(200, 16, 46) -> "#c8102e"."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _luminance(colour: Rgb) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
