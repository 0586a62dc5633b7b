"""One file a revision; a new one goes to the end of REVISIONS in archive/opening.py too."""
