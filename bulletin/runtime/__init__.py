"""Base of all packages: files, clocks and deadlines, interrupts, plugins, redaction, sound files."""
