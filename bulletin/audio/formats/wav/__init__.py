"""Broadcast WAV: RIFF, bext and cart chunks."""
