"""One tree of errors, a branch per room; a message says what, which, and the remedy."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_NO_ROOM = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
_NO_PERMISSION = (errno.EACCES, errno.EPERM, errno.EROFS)
_REMEDIES = {
    **dict.fromkeys(_NO_ROOM, "free some space or choose another folder"),
    **dict.fromkeys(_NO_PERMISSION, "give this user write permission or choose another folder"),
    errno.EEXIST: "move that file away or choose another folder",
    errno.ENOTDIR: "a file is in the place of a folder: move that file away or choose another folder",
    errno.ENOENT: "create the folder or choose another folder",
}
"""Number of an error at writing -> what the user can do."""


class BulletinError(Exception):
    """An error that is shown to the user as a message, without a traceback."""

    exit_code = 1
    """What the command line exits with; 2 is click's own, for a wrong option."""

    def __init__(self, message: str, *, is_lasting: bool = False) -> None:
        super().__init__(message)
        self.is_lasting = is_lasting
        """Another try fails too until the user acts: login refused, unknown mount, missing key."""


class ConfigError(BulletinError):
    """A profile, a lexicon or an environment variable is wrong."""

    exit_code = 3

    def __init__(self, message: str, *, key: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.key = key
        """Option of the profile, ("speech", "chain"); `locate_option` replaces it by file and line."""


class NoStoryError(BulletinError):
    """Nothing newsworthy was left: the last bulletin stays."""

    exit_code = 4

    def __init__(self, message: str, *, is_quiet: bool = False) -> None:
        super().__init__(message)
        self.is_quiet = is_quiet
        """No feed failed, there is nothing new: asking again a moment later would end the same."""


class ApprovalMissingError(NoStoryError):
    """The station airs only bulletins that an editor approved, and nobody has approved this one."""


class SpeechError(BulletinError):
    """An engine could not say something."""

    exit_code = 5


class OtherVoiceError(SpeechError):
    """A sentence must be spoken elsewhere: the voice has another version or other options here, or is not here."""


class EngineUnavailableError(SpeechError):
    """The engine cannot work here or now: not installed, no network, timed out, refused."""


class EngineBusyError(SpeechError):
    """The engine asks to be left alone (HTTP 429, a captcha page)."""

    def __init__(self, message: str, *, retry_after_s: float = 60.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class BadSpeechError(SpeechError):
    """The engine answered, but its sound is no speech: empty, silent, far too short or too long."""


class LateSpeechError(SpeechError):
    """The time that was left is over."""


class ConsentError(SpeechError):
    """A voice may imitate a person, and the profile holds no valid consent."""


class NoVoiceError(SpeechError):
    """No engine of the chain could say the whole bulletin."""


class ArticleError(BulletinError):
    """A feed or a page could not be fetched or read."""

    def __init__(self, url: str, message: str) -> None:
        super().__init__(f"{url}: {message}")
        self.url = url
        self.reason = message


class FetchError(ArticleError):
    """An address did not answer, answered wrongly, or may not be asked."""


class ParseError(ArticleError):
    """What came is no feed, or no feed that can be read."""


class RewriterError(BulletinError):
    """A language model gave no answer that can be looked at; the script made by rule stands."""


class AudioError(BulletinError):
    """A sound file cannot be read, mixed, measured or written."""

    exit_code = 6


class DraftError(BulletinError):
    """A draft that a worker of a group wrote is of another version of Bulletin, or damaged."""


class OutletError(BulletinError):
    """A bulletin could not be put where it should go."""

    exit_code = 7


class DeliveryError(OutletError):
    """
    A place outside the output folder did not take a bulletin.

    `make` ends with the same code as where the output folder itself takes nothing: either way somebody does not
    hear the news. The bulletin stays published here; the outbox tries again.
    """


class LateDeliveryError(DeliveryError):
    """Another worker of the group has this delivery by now: this one changes nothing more at the destination."""


class WithdrawnDeliveryError(DeliveryError):
    """The bulletin was withdrawn while it was being delivered: it does not take its place at the destination."""


class ArchiveError(BulletinError):
    """The archive cannot be opened or written."""

    exit_code = 8


class StoreError(BulletinError):
    """A store of shared files cannot be read or written."""

    exit_code = 10


class QualityError(BulletinError):
    """A finished bulletin is not fit to go out: the last one stays."""

    exit_code = 9


class NewsroomError(BulletinError):
    """An editor's action cannot be done as asked; nothing was changed."""


class UnknownStoryError(NewsroomError):
    """No story of the coming bulletin has that number, id or title."""


class UnknownRecordError(NewsroomError):
    """No edit, request, bulletin or delivery has that number."""


class KilledStoryError(NewsroomError):
    """The story is on the kill list, which beats every edit."""


class UnfitTextError(NewsroomError):
    """An editor's words cannot be read out: nothing to say, too long, or a blocked word."""


class RunningError(BulletinError):
    """Another service does this already (exit code 75 of sysexits.h: try again later)."""

    exit_code = 75


class StuckError(BulletinError):
    """A piece of work did not come to its end and was given up."""


@contextmanager
def explain_os_errors(
    kind: type[BulletinError], what: str, remedy: str | Callable[[OSError], str] = ""
) -> Iterator[None]:
    """
    Raise an OSError of the block as an error of that kind: what failed, the system's reason, the remedy.

    `remedy` may depend on the error, as `find_write_remedy` does.
    """
    try:
        yield
    except OSError as error:
        reason = f"{what} ({error.strerror or error})"
        help_text = remedy if isinstance(remedy, str) else remedy(error)
        raise kind(f"{reason}; {help_text}" if help_text else reason) from error


def find_write_remedy(error: OSError) -> str:
    """What the user can do where a file or a folder cannot be written."""
    return _REMEDIES.get(error.errno or 0, "choose another folder")


def explain_unreadable_text(error: OSError | UnicodeDecodeError) -> str:
    """What is wrong with a text file that cannot be read, and the remedy."""
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror or error}); check the path and the read permission"
    return f"is not UTF-8 text (wrong byte: number {error.start + 1}); save the file as UTF-8"
