"""One station: profile, clock, feeds, jingles, deliveries, backups."""
