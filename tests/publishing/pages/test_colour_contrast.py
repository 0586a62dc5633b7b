"""Contrast: pages are readable in every colour of a station."""

from __future__ import annotations

import itertools

import pytest

from bulletin.publishing.pages.colour_contrast import (
    Shades,
    contrast,
    dark_shades,
    from_hex,
    light_shades,
    to_hex,
)

STEPS = ("00", "33", "66", "99", "cc", "ff")
EVERY_COLOUR = ["#" + "".join(parts) for parts in itertools.product(STEPS, repeat=3)]


def contrast_ratio(first: str, second: str) -> float:
    return contrast(from_hex(first), from_hex(second))


def unreadable(shades: Shades) -> list[str]:
    """Pairs below WCAG's contrast: 4.5 for text, 3 for the waveform."""
    pairs = [("ink", "ground"), ("ink", "deep"), ("soft", "ground"), ("soft", "deep"), ("card", "accent")]
    pairs += itertools.product(("text", "quiet", "accent"), ("paper", "card", "tint"))
    pairs += [("text", "lit")]
    bad = [f"{a} on {b}" for a, b in pairs if contrast_ratio(shades[a], shades[b]) < 4.5]
    return bad + (["wave on ground"] if contrast_ratio(shades["wave"], shades["ground"]) < 3 else [])


@pytest.mark.slow
def test_text_can_be_read_in_every_colour_light_and_dark() -> None:
    bad = {
        (colour, make.__name__): pairs
        for colour in EVERY_COLOUR
        for make in (light_shades, dark_shades)
        if (pairs := unreadable(make(colour)))
    }

    assert bad == {}


def test_a_colour_that_can_be_read_already_stays_as_it_is() -> None:
    shades = light_shades("#0b6e4f")

    assert (shades["ground"], shades["ink"], shades["accent"]) == ("#0b6e4f", "#ffffff", "#0b6e4f")


def test_a_light_colour_carries_black() -> None:
    shades = light_shades("#ffd100")

    assert (shades["ground"], shades["ink"]) == ("#ffd100", "#000000")


def test_the_dark_page_is_dark_for_every_colour() -> None:
    assert all(contrast_ratio(dark_shades(colour)["paper"], "#000000") < 1.6 for colour in EVERY_COLOUR)


def test_contrast_is_computed_as_in_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21.0)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_a_colour_survives_the_round_trip_through_hex() -> None:
    assert to_hex(from_hex("#c8102e")) == "#c8102e"
