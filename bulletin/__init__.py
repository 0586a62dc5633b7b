"""Bulletin: automatic radio news, from feeds to a finished bulletin on air."""

__version__ = "0.1.0"
