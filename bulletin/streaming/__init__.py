"""Bulletin -> a stream that is on air now: parts that know how a server takes it, each in its file."""
