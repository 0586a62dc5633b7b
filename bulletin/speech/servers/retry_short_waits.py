"""Requests again after a short wait. The only speech module that knows stamina."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from bulletin.errors import EngineBusyError, SpeechError
from bulletin.speech.servers.ai_model_http_client import UntrustedError

log = logging.getLogger(__name__)

_WORTH_WAITING_S = 5.0
P = ParamSpec("P")
T = TypeVar("T")


def with_retries(
    ask: Callable[P, T],
    *,
    engine: str,
    tries: int,
    timeout_s: float,
    on: tuple[type[SpeechError], ...] = (SpeechError,),
) -> Callable[P, T]:
    """
    `ask`, tried up to `tries` times in `timeout_s` after errors of these types.

    A busy server is asked again only if the wait it names is short; one whose certificate is refused never.
    """
    import stamina

    # stamina logs only "stamina.retry_scheduled"; may_try_again logs the reason.
    logging.getLogger("stamina").setLevel(logging.ERROR)

    def may_try_again(error: Exception) -> bool | float:
        if isinstance(error, UntrustedError) or not isinstance(error, on):
            return False
        if isinstance(error, EngineBusyError):
            return error.retry_after_s <= _WORTH_WAITING_S and error.retry_after_s
        log.info("engine failed, retrying: engine=%s: %s", engine, error)
        return True

    retry = stamina.RetryingCaller(
        attempts=tries, timeout=timeout_s, wait_initial=0.25, wait_jitter=0.25, wait_max=_WORTH_WAITING_S
    ).on(may_try_again)
    return lambda *args, **kwargs: retry(ask, *args, **kwargs)
