"""Text normalization: text as written -> words as a voice reads them, by small steps and their tables."""
