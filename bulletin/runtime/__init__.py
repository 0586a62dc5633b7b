"""Operating system: processes, deadlines, interrupts, plugins, redaction."""
