"""Rewriter: an article reworded by a language model whose answer must pass a guard."""
