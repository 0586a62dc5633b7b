"""Revisions; add a new one to the end of REVISIONS in archive/database/open_database.py, too."""
