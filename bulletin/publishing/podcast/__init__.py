"""Podcast: feed, episodes, captions, transcripts and chapters."""
