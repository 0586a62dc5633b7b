"""English: grammar tables and the dependency tree."""
