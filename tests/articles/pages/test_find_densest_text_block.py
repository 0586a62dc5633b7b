from __future__ import annotations

from bulletin.articles.pages.find_densest_text_block import complete

SENTENCES = [
    f"On day {n} the council of Wexcombe heard speaker number {n} about the ferry." for n in range(20)
]
WHOLE = " ".join(SENTENCES)
STUB = " ".join(SENTENCES[:4])
OTHER = "Readers may write to the editor at any time, but letters are cut where they are too long. " * 20


def test_a_stub_is_replaced_by_the_publishers_own_text() -> None:
    assert complete(STUB, block=STUB, body=WHOLE, is_block_fit=True) == WHOLE


def test_a_stub_is_replaced_by_the_densest_block() -> None:
    assert complete(STUB, block=WHOLE, body="", is_block_fit=False) == WHOLE
    assert complete(STUB, block=" ".join(SENTENCES[4:]), body="", is_block_fit=True) == " ".join(
        SENTENCES[4:]
    )


def test_a_longer_text_of_something_else_is_not_believed() -> None:
    assert complete(STUB, block=OTHER, body=OTHER, is_block_fit=False) == STUB


def test_a_text_that_stands_twice_in_its_field_is_not_longer() -> None:
    half = " ".join(SENTENCES[:9])

    assert complete(half, block="", body=f"{WHOLE} {WHOLE}", is_block_fit=False) == half


def test_a_complete_text_stays() -> None:
    assert complete(WHOLE, block=WHOLE + " More.", body=WHOLE + " More.", is_block_fit=True) == WHOLE
