"""Options of the profile -> the rewriter, or none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.config.tables.rewriter_options import RewriterOptions
from bulletin.rewriter.rewriter_port import Rewriter

if TYPE_CHECKING:
    from bulletin.rewriter.rewrite import StoryRewriter


def build_rewriter(options: RewriterOptions) -> Rewriter | None:
    """Who words stories anew; nobody, unless the profile names a server."""
    if not options.base_url:
        return None
    # Imported late, here and below: few stations have a model, and its guard takes a twentieth of a second.
    from bulletin.rewriter.chat_client import ChatRewriter

    return ChatRewriter(
        base_url=options.base_url,
        model=options.model,
        key_env=options.key_env,
        timeout_s=options.timeout_s,
    )


def build_rewriting(options: RewriterOptions, *, folder: Path) -> StoryRewriter | None:
    """The rewriter with the whole budget of one bulletin; answers are kept in `folder`."""
    rewriter = build_rewriter(options)
    if not rewriter:
        return None
    from bulletin.rewriter.answer_cache import AnswerCache
    from bulletin.rewriter.rewrite import StoryRewriter

    return StoryRewriter(
        rewriter=rewriter,
        store=AnswerCache(folder),
        budget_s=options.budget_s,
        most_stories=options.most_stories,
        at_once=options.at_once,
    )
