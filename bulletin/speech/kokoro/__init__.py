"""Kokoro voices: files and installation."""
