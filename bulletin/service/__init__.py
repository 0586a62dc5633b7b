"""On time: which bulletins are due, and when."""
