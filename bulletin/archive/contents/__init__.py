"""Feeds, articles, episodes and stories that have aired, as the archive keeps them."""
