"""Script -> Clip: the first engine that can, says it."""
