"""CPU seconds of each job, compared with its lower limit: the command `python -m bench.performance`."""


def main() -> None:
    """The command; imported late, because each measured process imports this package."""
    from bench.performance.__main__ import main as measure

    measure()
