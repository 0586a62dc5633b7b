"""Synthesised sounds: oscillators, instruments, percussion."""
