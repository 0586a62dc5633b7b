"""State of a group: read, judged, printed, measured, served to Prometheus."""
