"""Composition of jingles: tune, style, harmony."""
