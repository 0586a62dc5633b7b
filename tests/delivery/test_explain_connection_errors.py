"""Error -> description of the connection, whichever thread raised it first."""

from __future__ import annotations

import ssl

import pytest

from bulletin.delivery.explain_connection_errors import describe_connection_error

BROKEN = "the connection broke"
SILENT = "no answer within 2.5 s"


def raised(*errors: BaseException) -> BaseException:
    """The last of these errors; each has the one before as its cause."""
    last: BaseException | None = None
    for error in errors:
        try:
            raise error from last
        except BaseException as caught:  # noqa: BLE001
            last = caught
    assert last
    return last


@pytest.mark.parametrize(
    ("error", "description"),
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
def test_the_cause_of_an_error_tells_a_timeout_from_a_broken_connection(
    error: BaseException, description: str
) -> None:
    assert describe_connection_error(error, 2.5) == description


def test_the_context_of_an_error_counts_unless_it_is_suppressed() -> None:
    def run(*, is_suppressed: bool) -> str:
        try:
            try:
                raise EOFError
            except EOFError:
                if is_suppressed:
                    raise RuntimeError("it is full") from None
                raise RuntimeError("no banner")  # noqa: B904
        except RuntimeError as error:
            return describe_connection_error(error, 1.0)

    assert run(is_suppressed=False) == BROKEN
    assert run(is_suppressed=True) == ""


def test_a_cycle_of_causes_ends() -> None:
    first, other = RuntimeError("one"), RuntimeError("other")
    first.__cause__, other.__cause__ = other, first

    assert describe_connection_error(first, 1.0) == ""
