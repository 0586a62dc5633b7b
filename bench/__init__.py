"""Benchmarks: commands that anyone can run."""
