"""A group of stations at one moment, against the ideal: the command `python -m bench.group`."""
