"""Names of the files beside the pages, and robots.txt; without imports, for the public server's small process."""

NOW_FILE = "now.json"
MANIFEST, WORKER, OEMBED, ROBOTS = "site.webmanifest", "sw.js", "oembed.json", "robots.txt"


def robots_txt(*feeds: str) -> bytes:
    """All pages may be indexed; search engines read a feed as a sitemap (sitemaps.org, "Syndication feed")."""
    lines = ["User-agent: *", "Allow: /", *(f"Sitemap: {feed}" for feed in feeds)]
    return ("\n".join(lines) + "\n").encode()
