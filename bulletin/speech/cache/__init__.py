"""Speech cache: a sentence is spoken once."""
