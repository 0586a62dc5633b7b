"""The station's own words, one TOML file for each language (data only)."""
