"""What an error says of the line, whichever thread noticed first."""

from __future__ import annotations

import ssl

import pytest

from bulletin.delivery.explain_connection_errors import describe_connection_error

BROKEN = "the connection broke"
SILENT = "no answer within 2.5 s"


def raised(*errors: BaseException) -> BaseException:
    """The last of them, each of which came from the one before."""
    last: BaseException | None = None
    for error in errors:
        try:
            raise error from last
        except BaseException as caught:  # noqa: BLE001
            last = caught
    assert last
    return last


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimeoutError(), SILENT),
        (TimeoutError("_ssl.c:989: The handshake operation timed out"), SILENT),
        (OSError("cannot read from timed out object"), SILENT),
        (RuntimeError("No existing session"), SILENT),
        (raised(TimeoutError(), RuntimeError("Error reading SSH protocol banner")), SILENT),
        (raised(TimeoutError(), OSError("Socket is closed")), SILENT),
        (EOFError(), BROKEN),
        (ConnectionResetError(104, "Connection reset by peer"), BROKEN),
        (BrokenPipeError(32, "Broken pipe"), BROKEN),
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), BROKEN),
        (raised(EOFError(), RuntimeError("Error reading SSH protocol banner")), BROKEN),
        (RuntimeError("Authentication failed: transport shut down or saw EOF"), BROKEN),
        (ConnectionRefusedError(111, "Connection refused"), ""),
        (RuntimeError("Authentication failed."), ""),
        (PermissionError(13, "Permission denied"), ""),
    ],
)
def test_silence_and_a_broken_line_are_told_by_what_they_came_from(error: BaseException, said: str) -> None:
    assert describe_connection_error(error, 2.5) == said


def test_what_was_handled_in_passing_counts_unless_it_was_put_away() -> None:
    def run(*, put_away: bool) -> str:
        try:
            try:
                raise EOFError
            except EOFError:
                if put_away:
                    raise RuntimeError("it is full") from None
                raise RuntimeError("no banner")  # noqa: B904
        except RuntimeError as error:
            return describe_connection_error(error, 1.0)

    assert run(put_away=False) == BROKEN
    assert run(put_away=True) == ""


def test_errors_that_came_from_each_other_come_to_an_end() -> None:
    one, other = RuntimeError("one"), RuntimeError("other")
    one.__cause__, other.__cause__ = other, one

    assert describe_connection_error(one, 1.0) == ""
