"""Article -> Story: filter, group, rank, choose."""
