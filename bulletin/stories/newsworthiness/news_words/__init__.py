"""News words: words of sections, addresses and headlines, one TOML file for each language (data only)."""
