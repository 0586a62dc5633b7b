"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# The same examples every time: a run that passed must pass again. New ones come with every change of a test.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")
