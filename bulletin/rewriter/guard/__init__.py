"""Guard of the rewriter: a model's sentence is refused unless its source supports it."""
