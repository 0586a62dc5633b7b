"""Parts of a row: the ways to do a job, and their comparison with the limit."""

from __future__ import annotations

from dataclasses import dataclass

WAYS = "bench.performance.ways"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to do a job."""

    name: str
    """Argument of its module; `module:name` if it is not the row's module."""
    title: str
    needs: str = ""
    """Program without which the way is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A line of the first table: one way against its limit."""

    job: str
    ours: str
    """A way, for its CPU seconds, or `way.figure`. Likewise below."""
    limits: tuple[str, ...]
    """Their sum is the limit."""
    because: str
    """What the limit is."""
    peers: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    """Figures to take off for a second ratio: work that the limit does not do."""
    without_what: str = ""
    unit: str = "CPU s"
    per: str = ""
    """A figure to divide by: the number of items, for example."""
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Ways that share a folder and its preparation."""

    key: str
    title: str
    module: str
    prepare: tuple[str, ...] = ()
    """Ways that run once before, uncounted."""
    ways: tuple[Way, ...]
    comparisons: tuple[Comparison, ...]
    about: str
    """How it is measured, for the page."""
    runs: int = 5
