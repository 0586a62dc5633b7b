"""One file a revision; a new one goes to the end of REVISIONS in archive/database/open_database.py too."""
