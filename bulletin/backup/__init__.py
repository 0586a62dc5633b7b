"""One file that a station can be moved by, or brought back from: archive, kill list, profiles and what they name."""
