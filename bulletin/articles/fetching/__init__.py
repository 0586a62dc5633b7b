"""HTTP requests to feeds and pages: guarded, polite, cached."""
