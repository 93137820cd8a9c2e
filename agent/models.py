"""The chat model: the guide or a language model by LangChain name, and its failures in one clear sentence each."""

import re
from typing import TYPE_CHECKING, Any

from agent.settings import Settings
from tools.backends.errors import ChatModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

GUIDE = "guide"
RETRIES = 2


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

    options: dict[str, Any] = {"timeout": settings.timeout, "max_retries": RETRIES}
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
        options |= {"stream_chunk_timeout": settings.timeout}
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


def explain(error: BaseException, settings: Settings) -> str:
    """One sentence for what a chat model's client raised, and the next thing to do. Never shows a key."""
    name = settings.chat
    at = f" at {settings.openai_base_url}" if settings.openai_base_url and name.startswith("openai:") else ""
    chain = list(_chain(error))
    kinds = {cls.__name__ for one in chain for cls in type(one).__mro__}
    status = next((s for one in chain if isinstance(s := getattr(one, "status_code", None), int)), None)
    if status in (401, 403) or "AuthenticationError" in kinds:
        return f"{name}{at} refused the key. Check OPENAI_API_KEY, or set ATELIER_CHAT_MODEL=guide."
    if status == 404:
        return f"{name}{at} was not found. Check the model's name in ATELIER_CHAT_MODEL and the address in OPENAI_BASE_URL."
    if status == 429 or "RateLimitError" in kinds:
        return f"{name}{at} has no room just now (too many requests, or no credit). Wait a minute and say it again."
    if status == 413 or (status == 400 and re.search(r"context|too long|maximum", str(error), re.IGNORECASE)):
        return f"This conversation has grown too long for {name}. Start a new one; its pictures and drafts stay."
    if status is not None and status >= 500:
        return f"{name}{at} failed ({status}). That is on its side: say it again in a minute."
    if status is not None:
        return f"{name}{at} did not accept the request ({status}: {_secretless(_first_line(error), settings)}). Check ATELIER_CHAT_MODEL."
    if any("timeout" in kind.lower() for kind in kinds):
        return f"{name}{at} did not answer in {settings.timeout:g} s. Say it again, or raise ATELIER_TIMEOUT."
    if kinds & {
        "RemoteProtocolError",
        "ReadError",
        "IncompleteRead",
        "StreamError",
        "ClientPayloadError",
        "ConnectionResetError",
    }:
        return f"The connection to {name}{at} was cut in mid-answer. Say it again; what was made before stays."
    if kinds & {"APIConnectionError", "ConnectError", "ConnectionError", "ClientConnectorError"}:
        return f"{name}{at} cannot be reached. Check the network and OPENAI_BASE_URL, or set ATELIER_CHAT_MODEL=guide."
    return f"{name}{at} gave an answer that cannot be used ({type(error).__name__}: {_secretless(_first_line(error), settings)}). Say it again."


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
