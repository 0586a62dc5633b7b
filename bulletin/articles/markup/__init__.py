"""Markup: HTML and XML repaired, limited, converted to plain text."""
