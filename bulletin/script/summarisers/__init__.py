"""Ways to choose what of an article is told; each knows only its port and errors."""
