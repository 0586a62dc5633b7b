"""Ranking: score, running order, repeats, reserve."""
