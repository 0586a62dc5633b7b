"""Finished MP3 -> the same with signed Content Credentials (C2PA). The only file that knows c2pa."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bulletin import __version__
from bulletin.errors import AudioError
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.runtime.suggest_install_command import command_for_extra

_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""IPTC digital source type: a synthetic voice among other sounds, such as music and recorded voices."""
_AGENT = "Bulletin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Signing key and certificate of a station."""

    certificate: str
    """PEM chain, the station's own certificate first."""
    key: str = field(repr=False)
    algorithm: str
    timestamps: str = ""


def check_seal(seal: Seal) -> None:
    """Raise AudioError, with the remedy, when the certificate or key cannot sign."""
    with _named(Path("[credentials]")):
        _make_signer(seal).close()


def sign_file(path: Path, seal: Seal, *, title: str, voice: str, recorded: Sequence[str] = ()) -> None:
    """
    Sign an MP3 in place, whole or not at all; the sound stays the same.

    `voice` is the synthetic one, `recorded` names the people whose recorded voices are heard.
    Call it after every other change of the file, and before its size and hash are taken. Raises AudioError.
    """
    with _named(path), atomic_file(path) as part:
        _sign(path, part, seal, _manifest(title, voice, recorded))


def _sign(path: Path, part: Path, seal: Seal, manifest: dict[str, object]) -> None:
    import c2pa

    signer = _make_signer(seal)
    try:
        with c2pa.Builder(json.dumps(manifest)) as builder:
            builder.sign_file(path, part, signer)
    finally:
        signer.close()


def _make_signer(seal: Seal):  # type: ignore[no-untyped-def] # c2pa is an optional extra
    try:
        import c2pa
    except ImportError as error:
        raise AudioError(
            f"[credentials]: the library c2pa is not installed; {command_for_extra('c2pa')}"
        ) from error
    info = c2pa.C2paSignerInfo(
        seal.algorithm, seal.certificate.encode(), seal.key.encode(), seal.timestamps or None
    )
    return c2pa.Signer.from_info(info)


def _manifest(title: str, voice: str, recorded: Sequence[str]) -> dict[str, object]:
    people = (
        f" Not synthetic: the recorded {'voices' if len(recorded) > 1 else 'voice'} of {'; '.join(recorded)}."
    )
    created = {
        "action": "c2pa.created",
        "digitalSourceType": _SOURCE,
        "softwareAgent": {"name": _AGENT, "version": __version__},
        "description": f"Read by a synthetic voice ({voice}), mixed with music.{people if recorded else ''}",
    }
    return {
        "claim_generator_info": [{"name": _AGENT, "version": __version__}],
        "title": title,
        "format": "audio/mpeg",
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [created]}}],
    }


@contextlib.contextmanager
def _named(path: Path):  # type: ignore[no-untyped-def]
    """Convert errors of the library into AudioError with the file's name."""
    try:
        yield
    except (AudioError, OSError):
        raise
    except Exception as error:  # its errors share no base but this
        raise AudioError(
            f"{path}: cannot be signed ({error}); check certificate and key in [credentials]"
        ) from error
