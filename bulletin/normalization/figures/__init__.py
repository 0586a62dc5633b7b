"""Figures, signs and abbreviations of languages other than English -> words, by tables and a grammar."""
