"""Numbers within bounds on the command line, refused in plain words."""

from __future__ import annotations

from typing import Any

import click


class WholeNumber(click.IntRange):
    """A whole number within bounds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f'"{value}" is not a whole number{_bounds(self.min, self.max)}', param, ctx)


class Number(click.FloatRange):
    """A number within bounds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f'"{value}" is not a number{_bounds(self.min, self.max)}', param, ctx)


def _bounds(least: float | None, most: float | None) -> str:
    """
    The bounds in words.

    >>> _bounds(1, 99), _bounds(0.5, None), _bounds(None, 3)
    (' from 1 to 99', ' of at least 0.5', ' of at most 3')
    """
    if least is not None and most is not None:
        return f" from {least:,g} to {most:,g}"
    return f" of at least {least:,g}" if least is not None else f" of at most {most:,g}"
