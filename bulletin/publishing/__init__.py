"""Bulletin -> Episode: where bulletins go."""
