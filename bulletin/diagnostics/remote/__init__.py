"""Remote checks of a published station (`bulletin doctor`): feed, sound, transcripts, pages, schedule."""
