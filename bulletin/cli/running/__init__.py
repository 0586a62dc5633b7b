"""Commands of a station on air: clock, service, stream, status, log."""
