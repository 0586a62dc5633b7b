"""Station: a profile -> its parts, built and checked."""
