"""Ways to do a job, each in a new process: `python -m bench.performance.ways.MODULE WAY FOLDER`."""
