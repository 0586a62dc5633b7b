"""Clip -> Bulletin: rundown, mix, level, encode."""
