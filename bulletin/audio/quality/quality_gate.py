"""Bulletin -> the same, examined, or an error: nothing that is broken goes out."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.audio.quality.examine_file import examine, limits_of
from bulletin.errors import QualityError
from bulletin.model import Bulletin, Quality, Rendition

if TYPE_CHECKING:
    from bulletin.config.tables.output_options import RenditionOptions

log = logging.getLogger(__name__)


def pass_gate(bulletin: Bulletin, *, options: Mapping[str, RenditionOptions], unfit: Path) -> Bulletin:
    """
    The bulletin with what each rendition was found to be; warnings are among its notes.

    A rendition that was examined while it was made is not decoded again. Raises QualityError when
    one is not fit to go out; that file is kept in the folder `unfit`, the last of its kind, to be
    looked at.
    """
    seen = tuple(
        replace(made, quality=made.quality or examine(made, limits=limits_of(options[made.kind])))
        for made in bulletin.renditions
    )
    faulty = [(made, made.quality) for made in seen if made.quality and not made.quality.is_fit]
    if faulty:
        raise QualityError("\n".join(_complaint(made, found, unfit=unfit) for made, found in faulty))
    warnings = [f"{made.kind}: {said}" for made in seen if made.quality for said in made.quality.warnings]
    for warning in warnings:
        log.warning("examined: %s", warning)
    return replace(bulletin, renditions=seen, notes=(*bulletin.notes, *dict.fromkeys(warnings)))


def _complaint(made: Rendition, found: Quality, *, unfit: Path) -> str:
    """Which file, what is wrong with it, what to do."""
    log.error("not fit to go out: kind=%s file=%s faults=%s", made.kind, made.path.name, found.faults)
    kept = _keep(made, unfit)
    look = f"look at it with: bulletin inspect {kept}; then make" if kept else "make"
    return (
        f"{made.path.name} ({made.kind}) is not fit to go out: {'; '.join(found.faults)}. "
        f"The last bulletin stays; {look} the bulletin again, with another voice or other jingles if need be"
    )


def _keep(made: Rendition, unfit: Path) -> Path | None:
    """The folder of the run is gone when somebody reads the message."""
    place = unfit / f"{made.kind}{made.path.suffix}"
    with suppress(OSError):
        unfit.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made.path, place)
        return place
    return None
