"""Newsworthiness: hard news, soft news, or none."""
