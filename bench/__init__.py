"""Benchmarks: each module is a command. No bulletin is heard in them, except by `bench.hearing`."""

import os

os.environ["BULLETIN_HEARING"] = "off"
