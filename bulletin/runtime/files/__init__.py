"""Files: atomic writes, locks, permissions, scratch folders."""
