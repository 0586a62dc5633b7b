"""Grammars of counting words, one for each language that needs its own."""
