"""Engines that carry hints to workers."""
