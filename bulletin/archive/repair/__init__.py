"""Copies, recovery and salvage of a damaged archive."""
