"""Newsroom in the browser: pages, JSON API, sign-in. A process of its own, never the clock's."""
