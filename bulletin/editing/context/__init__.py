"""Context: whether a sentence is understood after the one before it."""
