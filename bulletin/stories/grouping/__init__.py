"""Grouping: articles of one event -> one group."""
