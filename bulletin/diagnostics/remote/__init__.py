"""A published station, looked at from outside."""
