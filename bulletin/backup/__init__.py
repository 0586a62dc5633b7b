"""Backup and restore of a station in one file: archive, kill list, profiles and the files that these name."""
