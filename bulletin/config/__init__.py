"""A station's profile: one page of options, read from one TOML file."""
