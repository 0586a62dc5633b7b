"""Podcast feed, its episodes, captions and transcripts."""
