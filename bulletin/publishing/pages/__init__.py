"""Listener pages in HTML, and the artwork."""
