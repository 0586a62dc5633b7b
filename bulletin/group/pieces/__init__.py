"""Pieces of work: what each kind does."""
