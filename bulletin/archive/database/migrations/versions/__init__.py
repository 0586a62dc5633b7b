"""Revisions; add a new one to the end of REVISIONS in archive/database/check_revision.py, too."""
