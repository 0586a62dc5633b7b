"""Public web server, a process of its own, so that no request can delay the clock."""
