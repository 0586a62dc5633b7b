"""Decisions of editors for a bulletin: their edits, their approval, and the stories that they saw."""
