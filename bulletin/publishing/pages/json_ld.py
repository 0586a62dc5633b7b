"""PageFacts -> JSON-LD for search engines: PodcastEpisode, AudioObject, Clip (schema.org). Pure."""

from __future__ import annotations

from typing import Any

from bulletin.publishing.pages.page_data import PageFacts
from bulletin.publishing.pages.site import SiteStyle
from bulletin.publishing.pages.templates import to_iso


def describe_episode(facts: PageFacts, *, site: SiteStyle, description: str) -> dict[str, Any]:
    """JSON-LD of one bulletin, with absolute addresses."""
    address = site.address
    page, sound = f"{address}{facts.page}.html", f"{address}{facts.audio}"
    episode: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "@id": page,
        "url": page,
        "identifier": facts.guid,
        "name": facts.title,
        "description": description,
        "inLanguage": site.language,
        "datePublished": to_iso(facts.made),
        "duration": _duration(facts.duration_s),
        "isAccessibleForFree": True,
        "partOfSeries": {
            "@type": "PodcastSeries",
            "name": site.title,
            "url": address,
            "webFeed": f"{address}feed.xml",
        },
        "publisher": {"@type": "RadioStation", "name": site.name},
        "audio": {
            "@type": "AudioObject",
            "contentUrl": sound,
            "encodingFormat": facts.media_type,
            "contentSize": str(facts.bytes),
            "duration": _duration(facts.duration_s),
            "embedUrl": f"{address}player.html",
            "transcript": " ".join(sentence.text for part in facts.parts for sentence in part.said),
        },
        "hasPart": [
            {
                "@type": "Clip",
                "name": part.title,
                "startOffset": round(part.start_s, 1),
                "endOffset": round(part.end_s, 1),
                "url": f"{page}#t={round(part.start_s, 1)}",
            }
            for part in facts.stories
        ],
    }
    if site.cover:
        episode["image"] = f"{address}{site.cover}"
    return episode


def _duration(seconds: float) -> str:
    """ISO 8601: "PT2M3S"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"PT{minutes}M{rest}S"
