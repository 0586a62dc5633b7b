"""Commands that set up a station: profile, feeds, voices, checks, backup."""
