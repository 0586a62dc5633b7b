"""Streams of the service: one thread for each station that has one."""
