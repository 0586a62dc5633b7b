"""Players of jingles: synthesis, or the recorded instruments of a soundfont."""
