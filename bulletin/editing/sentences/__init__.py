"""A sentence as printed -> as it can be read; every edit only deletes, moves or parts what stands there."""
