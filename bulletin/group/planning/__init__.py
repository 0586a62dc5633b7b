"""Planner: slots -> pieces of work, and hints."""
