"""HTML and XML: repaired, limited, turned into plain text."""
