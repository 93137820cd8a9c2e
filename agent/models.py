"""The chat model: the guide or a language model by LangChain name; its failures, and what each is worth: a wait, or less.

Retrying is decided here and done in rules.py, for every provider the same way: the clients' own retries are off.
"""

import contextlib
import random
import re
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from agent.settings import Settings
from tools.backends.errors import ChatModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

GUIDE = "guide"
RETRIES = 2  # after the first try of one call
FIRST_WAIT = 1.0  # seconds before the second try; doubled before each further one, give or take a quarter
MOST_WAIT = 20.0  # seconds; a server that wants us to wait longer is out for this turn
_CUT = {
    "RemoteProtocolError", "ReadError", "IncompleteRead", "StreamError", "ClientPayloadError", "ConnectionResetError",
}  # fmt: skip
_UNREACHED = {"APIConnectionError", "ConnectError", "ConnectionError", "ClientConnectorError"}


def open_chat_model(settings: Settings) -> "BaseChatModel":
    """The model that the settings name. No connection is made yet.

    Raises:
        ChatModelError: the name is none, its package is missing, or its key.
    """
    if settings.chat == GUIDE:
        from agent.guide import GuideModel

        return GuideModel()
    provider, _, model = settings.chat.partition(":")
    if not model:
        raise ChatModelError(
            f"ATELIER_CHAT_MODEL={settings.chat!r} names no provider. Write it as provider:model, such as openai:gpt-4o-mini, or use guide."
        )
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"timeout": settings.timeout, "max_retries": 0}
    if provider == "openai":
        # A local server needs no key, but the client insists on one.
        options["api_key"] = settings.openai_api_key or ("none" if settings.openai_base_url else None)
        if settings.openai_base_url:
            options |= {
                "base_url": settings.openai_base_url,
                "use_responses_api": False,
            }  # others speak chat completions
        if options["api_key"] is None:
            raise ChatModelError(
                "OpenAI needs a key. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, or ATELIER_CHAT_MODEL=guide."
            )
        options |= {"stream_chunk_timeout": settings.timeout, "stream_usage": True}
    try:
        return init_chat_model(model, model_provider=provider, **options)
    except ImportError as error:
        raise ChatModelError(
            f"{settings.chat} needs the package langchain-{provider}. Install it, or set ATELIER_CHAT_MODEL=guide."
        ) from error
    except Exception as error:
        raise ChatModelError(
            f"{settings.chat} cannot be used: {_first_line(error)}. Check ATELIER_CHAT_MODEL, or set it to guide."
        ) from error


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What a chat model's client raised, read once. `wait`: the seconds that the server asks for (Retry-After)."""

    sentence: str
    again: bool  # whether the same request may succeed a moment later
    wait: float | None = None
    slow: bool = False  # it took the whole timeout: one more try is as much as anybody waits for
    too_long: bool = False  # the conversation is longer than the model reads
    no_pictures: bool = False  # it may be the pictures in the request that were refused
    no_usage: bool = False  # the server does not know how to count tokens in a stream

    def pause(self, tries: int) -> float | None:
        """Seconds to wait before the next try after `tries` failed ones; None: it is not worth another."""
        if not self.again or tries > (min(1, RETRIES) if self.slow else RETRIES) or (self.wait or 0.0) > MOST_WAIT:
            return None
        backoff = FIRST_WAIT * 2 ** (tries - 1) * random.uniform(0.75, 1.25)  # not all clients at the same moment
        return min(max(self.wait or 0.0, backoff), MOST_WAIT)


def failure(error: BaseException, settings: Settings) -> Failure:
    """What went wrong, in one sentence with the next thing to do, and what can be tried. Never shows a key."""
    name = settings.chat
    at = f" at {settings.openai_base_url}" if settings.openai_base_url and name.startswith("openai:") else ""
    chain = list(_chain(error))
    kinds = {cls.__name__ for one in chain for cls in type(one).__mro__}
    status = next((s for one in chain if isinstance(s := getattr(one, "status_code", None), int)), None)
    wait = _retry_after(chain)
    said = str(error)
    if status in (401, 403) or "AuthenticationError" in kinds:
        return Failure(
            sentence=f"{name}{at} refused the key. Check OPENAI_API_KEY, or set ATELIER_CHAT_MODEL=guide.", again=False
        )
    if status == 429 or "RateLimitError" in kinds:
        again = not re.search(r"insufficient_quota|billing|credit", said)
        minute = "a minute" if not wait or wait <= 60 else f"{wait / 60:.0f} minutes"
        return Failure(
            sentence=f"{name}{at} has no room just now (too many requests, or no credit). Wait {minute} and say it again.",
            again=again, wait=wait,
        )  # fmt: skip
    if status == 413 or (status == 400 and re.search(r"context|too long|maximum", said, re.IGNORECASE)):
        return Failure(
            sentence=f"This conversation has grown too long for {name}. Start a new one; its pictures and drafts stay.",
            again=False, too_long=True, no_pictures=True,
        )  # fmt: skip
    if status == 404:
        return Failure(
            sentence=f"{name}{at} was not found. Check the model's name in ATELIER_CHAT_MODEL and the address in OPENAI_BASE_URL.",
            again=False, no_pictures=True,
        )  # fmt: skip
    if status is not None and status >= 500:
        return Failure(
            sentence=f"{name}{at} failed ({status}). That is on its side: say it again in a minute.",
            again=True, wait=wait, no_pictures=True,
        )  # fmt: skip
    if status is not None:
        told = _secretless(_first_line(error), settings)
        return Failure(
            sentence=f"{name}{at} did not accept the request ({status}: {told}). Check ATELIER_CHAT_MODEL.",
            again=status in (408, 409, 425), no_pictures=True, no_usage="stream_options" in said,
        )  # fmt: skip
    if any("timeout" in kind.lower() for kind in kinds):
        return Failure(
            sentence=f"{name}{at} did not answer in {settings.timeout:g} s. Say it again, or raise ATELIER_TIMEOUT.",
            again=True,
            slow=True,
        )
    if kinds & _CUT:
        return Failure(
            sentence=f"The connection to {name}{at} was cut in mid-answer. Say it again; what was made before stays.",
            again=True,
        )
    if kinds & _UNREACHED:
        return Failure(
            sentence=f"{name}{at} cannot be reached. Check the network and OPENAI_BASE_URL, or set ATELIER_CHAT_MODEL=guide.",
            again=True,
        )
    told = f"{type(error).__name__}: {_secretless(_first_line(error), settings)}"
    return Failure(sentence=f"{name}{at} gave an answer that cannot be used ({told}). Say it again.", again=True)


def cost(settings: Settings, read: int, written: int) -> float | None:
    """What so many tokens cost in US dollars, by the prices of the settings; None where these are not known."""
    if not settings.price_in and not settings.price_out:
        return None
    return (read * settings.price_in + written * settings.price_out) / 1_000_000


def _retry_after(chain: list[BaseException]) -> float | None:
    """Seconds that the server's Retry-After asks for, given as a number or as a date."""
    for one in chain:
        headers = getattr(getattr(one, "response", None), "headers", None)
        value = headers.get("retry-after") if headers is not None and hasattr(headers, "get") else None
        if value is None:
            continue
        with contextlib.suppress(ValueError):
            return max(0.0, float(value))
        with contextlib.suppress(TypeError, ValueError):
            return max(0.0, parsedate_to_datetime(str(value)).timestamp() - time.time())
    return None


def _chain(error: BaseException | None) -> Any:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _secretless(text: str, settings: Settings) -> str:
    return text.replace(settings.openai_api_key, "…") if settings.openai_api_key else text


def _first_line(error: BaseException) -> str:
    text = str(error).strip().partition("\n")[0].rstrip(".")[:200]
    return text or type(error).__name__
