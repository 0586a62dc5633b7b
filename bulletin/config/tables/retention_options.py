"""How long things are kept: after every run the oldest goes first, and never what a feed names."""

from __future__ import annotations

from pydantic import Field

from bulletin.config.types.option_types import Options


class KeepOptions(Options):
    """Limits of the disk; stations that share an output folder share articles and feeds, and the shortest limit."""

    audio_days: float = Field(default=30.0, ge=2, le=36_500)
    """Bulletins' sound, transcripts and story files."""
    audio_mb: float = Field(default=10_000.0, ge=0, le=1e9)
    """The same, in all; 0: as much as there is."""
    articles_days: float = Field(default=30.0, ge=14, le=36_500)
    """Feeds that are read no more, pages, and own stories whose time is over."""
    runs_days: float = Field(default=14.0, ge=1, le=36_500)
    """What runs weighed and how they went, slots, and files that were unfit to go out."""
    record_days: float = Field(default=400.0, ge=31, le=36_500)
    """What aired: words, sources, times."""
