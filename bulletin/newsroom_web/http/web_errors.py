"""Errors of a request, each with the HTTP status of its answer; status of every other BulletinError."""

from __future__ import annotations

from bulletin import errors
from bulletin.archive.database.check_database_damage import CorruptArchiveError, UnfitValueError
from bulletin.archive.ledgers.editor_edits import SlotBegunError
from bulletin.model import EditConflictError
from bulletin.newsroom.accounts.sign_in import SignInRefusedError, TooManySignInsError


class WebError(errors.BulletinError):
    """A request cannot be answered as asked."""

    status = 400


class NotSignedInError(WebError):
    """Nobody is signed in, or the session has ended."""

    status = 401


class NotAllowedError(WebError):
    """The user's role is too low, or the form did not come from this site."""

    status = 403


class NoSuchPageError(WebError):
    """No such page, or of a station that the user must not know."""

    status = 404


class SlowUploadError(WebError):
    """A request came too slowly."""

    status = 408


class TooLargeError(WebError):
    """A request is larger than its limit."""

    status = 413


class BadFieldError(WebError):
    """A field is missing or cannot be read."""

    status = 422


class TooManyPagesError(WebError):
    """A user has too many pages open."""

    status = 429


class BusyError(WebError):
    """Too many sign-ins at the same time."""

    status = 503


class DiskFullError(WebError):
    """An upload cannot be stored."""

    status = 507


_STATUS: tuple[tuple[type[errors.BulletinError], int], ...] = (
    (SignInRefusedError, 401),
    (TooManySignInsError, 429),
    (UnfitValueError, 422),
    (CorruptArchiveError, 503),
    (errors.ArchiveError, 503),
    (errors.EngineBusyError, 503),
    (errors.EngineUnavailableError, 503),
    (errors.RunningError, 503),
    (errors.OutletError, 503),
    (errors.NoStoryError, 404),
    (errors.UnknownStoryError, 404),
    (errors.UnknownRecordError, 404),
    (errors.KilledStoryError, 409),
    (EditConflictError, 409),
    (SlotBegunError, 409),
    (errors.ConfigError, 422),
)


def status_of(error: errors.BulletinError) -> int:
    """HTTP status of an error; one that names a `status` itself goes first."""
    own = getattr(error, "status", None)
    if isinstance(own, int):
        return own
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 422)
