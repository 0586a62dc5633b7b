"""Article page -> its text and metadata."""
