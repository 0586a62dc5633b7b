"""Dates and times of day -> words."""
