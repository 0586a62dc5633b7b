"""Engines, a file each; an engine knows its port and the errors, nothing else."""
