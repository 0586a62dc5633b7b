"""Classifier of sentences that can open a story or be understood alone."""
