"""Diagnostics: `bulletin check`, and `bulletin doctor` for a published station."""
