"""Files beside the pages: manifest, service worker, oEmbed, robots.txt, now.json."""
