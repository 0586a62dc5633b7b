"""Newsroom: the actions of editors, one function each, behind commands, JSON API and browser."""
