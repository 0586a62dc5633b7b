"""Text normalization: written text -> words for a voice, by small steps and their tables."""
