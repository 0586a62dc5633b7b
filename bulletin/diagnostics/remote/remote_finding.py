"""Findings about a published station: one for each cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.model.findings import Finding

NO_HEAD = "no HEAD"
"""Cause: a web server that refuses HEAD does so for every address."""


def once_a_cause(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The first finding of each cause, with the number of further ones."""
    findings = tuple(findings)
    count = Counter(finding.cause for finding in findings if finding.cause)
    reported: set[str] = set()
    unique: list[Finding] = []
    for finding in findings:
        if finding.cause and finding.cause in reported:
            continue
        reported.add(finding.cause)
        more = f" (and {count[finding.cause] - 1} more like it)" if count[finding.cause] > 1 else ""
        unique.append(replace(finding, message=finding.message + more))
    return tuple(unique)


def type_cause(url: str) -> str:
    """Cause: a server sends every file of one suffix with the same media type."""
    return f"type of .{urlsplit(url).path.rpartition('.')[2]}"


def content_type(answer: HttpResponse) -> str:
    """Media type in lower case, without parameters."""
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()
