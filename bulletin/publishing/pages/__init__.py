"""HTML pages for listeners, and the station's artwork."""
