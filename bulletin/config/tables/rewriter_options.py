"""Rewriter: a language model that rewords stories."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from bulletin.config.option_types import Options, address

_REMEDY = 'write an address without a password, "http://127.0.0.1:11434/v1"'


class RewriterOptions(Options):
    """A language model that rewords stories; off until it has an address. Its words air only after a check."""

    base_url: Annotated[
        str, address(_REMEDY, login=_REMEDY, may_query=True), AfterValidator(lambda url: url.rstrip("/"))
    ] = ""
    """Address of any server with OpenAI's /chat/completions: "http://127.0.0.1:11434/v1"."""
    model: str = ""
    """Name of the model on the server."""
    key_env: str = "OPENAI_API_KEY"
    """Name of the environment variable with the key; a profile never holds the key itself."""
    timeout_s: float = Field(default=20.0, gt=0, le=300)
    """Seconds for one answer."""
    budget_s: float = Field(default=60.0, gt=0, le=1800)
    """Seconds for all stories together; a story without an answer by then keeps the sentences chosen by rule."""
    most_stories: int = Field(default=8, ge=1, le=40)
    """Stories rewritten in one bulletin, from the first on; weather and travel never are."""
    at_once: int = Field(default=2, ge=1, le=8)
    """Simultaneous requests to the server."""

    @model_validator(mode="after")
    def _needs_model(self) -> Self:
        if self.base_url and not self.model:
            raise ValueError('base_url needs model = "...", the name of a model on that server')
        return self
