"""Bulletin -> the same with the Quality of each rendition, or QualityError: the last gate before publishing."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.audio.quality.inspect_sound_file import examine, limits_of
from bulletin.errors import QualityError
from bulletin.model import Bulletin, Quality, Rendition

if TYPE_CHECKING:
    from bulletin.config.tables.output_options import RenditionOptions

log = logging.getLogger(__name__)


def check_quality(bulletin: Bulletin, *, options: Mapping[str, RenditionOptions], unfit: Path) -> Bulletin:
    """
    Examine each rendition that the mixer has not examined yet; warnings become notes of the bulletin.

    Raises QualityError when a file has faults; a copy of it, the last of its kind, stays in the folder
    `unfit` for inspection.
    """
    qualities = [
        (made, made.quality or examine(made, limits=limits_of(options[made.kind])))
        for made in bulletin.renditions
    ]
    if faulty := [(made, quality) for made, quality in qualities if not quality.is_fit]:
        raise QualityError("\n".join(_describe(made, quality, unfit=unfit) for made, quality in faulty))
    warnings = [f"{made.kind}: {warning}" for made, quality in qualities for warning in quality.warnings]
    for warning in warnings:
        log.warning("examined: %s", warning)
    examined = tuple(replace(made, quality=quality) for made, quality in qualities)
    return replace(bulletin, renditions=examined, notes=(*bulletin.notes, *dict.fromkeys(warnings)))


def _describe(rendition: Rendition, quality: Quality, *, unfit: Path) -> str:
    """Message: the file, its faults, the remedy."""
    faults = "; ".join(quality.faults)
    text = "sound file unfit to air, the bulletin is not published: kind=%s file=%s faults=%s"
    log.error(text, rendition.kind, rendition.path.name, faults)
    copy = _copy(rendition, unfit)
    look = f"look at it with: bulletin inspect {copy}; then make" if copy else "make"
    return (
        f"{rendition.path.name} ({rendition.kind}) is not fit to go out: {faults}. "
        f"The last bulletin stays; {look} the bulletin again, with another voice or other jingles if need be"
    )


def _copy(rendition: Rendition, unfit: Path) -> Path | None:
    """Copy a faulty file, since the folder of the run is deleted; None when that fails."""
    copy = unfit / f"{rendition.kind}{rendition.path.suffix}"
    with suppress(OSError):
        unfit.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(rendition.path, copy)
        return copy
    return None
