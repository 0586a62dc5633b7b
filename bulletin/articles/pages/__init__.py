"""Article pages -> their text and metadata."""
