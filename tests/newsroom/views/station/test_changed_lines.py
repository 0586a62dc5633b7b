"""Lines that differ in two versions of a profile."""

from __future__ import annotations

from bulletin.newsroom.views.station.changed_lines import changed_lines


def test_thousands_of_lines_that_are_alike_are_compared_at_once() -> None:
    """`difflib.ndiff` takes a minute for 400 of them; this test would not end."""
    old = [f"# lime {number} aaaaaaaaaaaaaaaaaaaa" for number in range(5_000)]
    new = [f"# lane {number} aaaaaaaaaaaaaaaaaaaa" for number in range(5_000)]
    assert list(changed_lines("\n".join(old), "\n".join(new))) == [
        *(("del", line) for line in old),
        *(("ins", line) for line in new),
    ]
