"""Mastering of jingles: mix, reverb, spectrum, loudness."""
