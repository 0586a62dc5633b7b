"""Public files of a group: served, mirrored, and collected when nothing names them."""
