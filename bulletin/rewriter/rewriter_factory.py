"""RewriterOptions -> ChatRewriter, StoryRewriter, or None without a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.config.tables.rewriter_options import RewriterOptions

if TYPE_CHECKING:
    from bulletin.rewriter.chat_client import ChatRewriter
    from bulletin.rewriter.rewrite_story import StoryRewriter


def build_rewriter(options: RewriterOptions) -> ChatRewriter | None:
    """Build the rewriter; None unless the profile names a server."""
    if not options.base_url:
        return None
    # Imported late, here and below: few stations have a model, and its guard takes a twentieth of a second.
    from bulletin.rewriter.chat_client import ChatRewriter

    return ChatRewriter(options)


def build_rewriting(options: RewriterOptions, *, folder: Path) -> StoryRewriter | None:
    """Build the rewriter with the budget of one bulletin; answers are cached in `folder`."""
    rewriter = build_rewriter(options)
    if not rewriter:
        return None
    from bulletin.rewriter.answer_cache import AnswerCache
    from bulletin.rewriter.rewrite_story import StoryRewriter

    return StoryRewriter(rewriter=rewriter, store=AnswerCache(folder), options=options)
