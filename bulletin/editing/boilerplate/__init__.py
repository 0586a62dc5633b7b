"""Boilerplate of web pages: found and stripped."""
