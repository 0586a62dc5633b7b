"""Recorded clips: foreign recordings -> checked, trimmed and levelled mono WAV files, each with its facts."""
