"""Jingles and beds: loaded, cached, with mix points and ducking."""
