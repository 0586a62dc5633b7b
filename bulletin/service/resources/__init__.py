"""Limits of the process: connections, file descriptors, memory, disk reserve."""
