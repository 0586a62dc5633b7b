"""What a voice costs on this machine, and which voices fit a station's language."""
