"""Feed -> Article: fetch, parse, extract, remember."""
