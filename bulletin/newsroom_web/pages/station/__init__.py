"""View 6, the station: profile, clock, feeds, imaging, outlets, backups, users."""
