"""Mixer: speech over music, level, limiter, rendered file."""
