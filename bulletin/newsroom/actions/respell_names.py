"""Respelling of a name: saved by an editor, it holds from the next bulletin on in every process."""

from __future__ import annotations

from bulletin.archive.ledgers.respelled_names import RespelledName, RespelledNames
from bulletin.errors import NewsroomError, UnfitTextError
from bulletin.newsroom.check_words import clean_words
from bulletin.newsroom.desk import Desk
from bulletin.normalization.pronunciation_lexicon import find_mistake

_LONGEST_NAME, _LONGEST_RESPELLING = 80, 160


def save_respelling(desk: Desk, *, name: str, respelling: str) -> RespelledName:
    """
    Save how a name is said, in place of an earlier respelling; "" means: checked, it is read as printed.

    It goes before the profile's [pronunciations] and every lexicon. Prepared stand-bys are made anew. Raises
    UnfitTextError, ArchiveError.
    """
    name, respelling = clean_words(name), clean_words(respelling).replace("’", "'")
    if not name:
        raise UnfitTextError("no name to respell; write it as in print")
    if len(name) > _LONGEST_NAME or len(respelling) > _LONGEST_RESPELLING:
        raise UnfitTextError(
            f'"{name[:40]}": too long for a name; up to {_LONGEST_NAME} characters, {_LONGEST_RESPELLING} as said'
        )
    if mistake := find_mistake(name, respelling):
        raise UnfitTextError(f'"{name}"{mistake}')
    saved = RespelledNames(desk.archive, now=desk.now).save(
        desk.station, name, respelling, editor=desk.editor
    )
    desk.audit("respell-name", f"{name} = {respelling or '(as printed)'}")
    return saved


def remove_respelling(desk: Desk, *, name: str) -> None:
    """
    Forget the respelling of a name: the profile's and the shared lexicon hold again.

    Raises NewsroomError where it has none, ArchiveError.
    """
    name = clean_words(name)
    names = RespelledNames(desk.archive, now=desk.now)
    if not names.remove(desk.station, name):
        near = next((one for one in names.respellings(desk.station) if one.casefold() == name.casefold()), "")
        hint = f'; did you mean "{near}"?' if near else "; `bulletin names` lists those that have one"
        raise NewsroomError(f'"{name}" has no saved respelling{hint}')
    desk.audit("remove-respelling", name)
