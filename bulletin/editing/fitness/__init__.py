"""Fitness: why a newsreader would refuse a sentence."""
