"""Spoken sentences of Spanish, Italian, Portuguese and French -> phonemes in Kokoro's alphabet."""
