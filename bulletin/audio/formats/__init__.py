"""File formats: encoders, tags and metadata."""
