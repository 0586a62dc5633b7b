"""Data of the newsroom's pages: read from archive, profile and folders, without HTTP."""
