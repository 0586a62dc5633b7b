"""Publishing: Bulletin -> Episode at the outlets of the public folder (podcast, pages, fixed files)."""
