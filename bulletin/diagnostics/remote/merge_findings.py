"""Findings about a published station: one for each cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from bulletin.articles.fetching.http_response import HttpResponse
from bulletin.model.diagnostic_findings import Finding, failure

NO_HEAD = "allow HEAD requests in the web server"
"""Cause, and its remedy: a web server that refuses HEAD does so for every address."""
PUBLISH_AGAIN = "run `bulletin republish`, and copy the output folder to the web server again"
Rule = tuple[bool, Callable[[str, str], Finding], str]
"""Whether it is broken, how bad that is, and the message."""


def broken(part: str, rules: Iterable[Rule]) -> Iterator[Finding]:
    """A finding for each broken rule."""
    return (verdict(part, message) for is_broken, verdict, message in rules if is_broken)


def merge_by_cause(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The first finding of each cause, with the number of further ones."""
    findings = tuple(findings)
    count = Counter(finding.cause for finding in findings if finding.cause)
    unique: dict[object, Finding] = {}
    for number, finding in enumerate(findings):
        more = f" (and {count[finding.cause] - 1} more like it)" if count[finding.cause] > 1 else ""
        unique.setdefault(finding.cause or number, replace(finding, message=finding.message + more))
    return tuple(unique.values())


def content_type(answer: HttpResponse) -> str:
    """Media type in lower case, without parameters."""
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()


def wrong_type(
    part: str, answer: HttpResponse, *allowed: str, verdict: Callable[..., Finding] = failure
) -> Iterator[Finding]:
    """A file that is not sent as one of the `allowed` types; the cause: a server does so for all of one suffix."""
    kind = content_type(answer)
    if allowed and kind not in allowed:
        message = f'{answer.url}: media type "{kind[:60]}"; the web server must send {allowed[0]}'
        yield verdict(part, message, cause=f"type of .{urlsplit(answer.url).path.rpartition('.')[2]}")


def file_name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]
