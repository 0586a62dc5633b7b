"""CPU seconds of each job, compared with its lower limit: the command `python -m bench.performance`."""
