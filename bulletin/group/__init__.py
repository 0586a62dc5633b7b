"""A group of stations on many machines: pieces of work, planned, sent by hints, and done by workers."""
