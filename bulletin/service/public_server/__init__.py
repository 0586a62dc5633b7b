"""Public web server, a separate process, so that no request can delay the clock."""
