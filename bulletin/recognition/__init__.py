"""Recognition: the finished bulletin is heard before it airs, and compared with its script."""
