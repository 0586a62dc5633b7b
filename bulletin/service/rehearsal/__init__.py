"""Rehearsal of a day on a simulated clock."""
