"""Melody, pauses and pace of a spoken sentence; no word is changed."""
