"""Pieces of making a bulletin: on one machine one after another, in a group each on any worker."""
