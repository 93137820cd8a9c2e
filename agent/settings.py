"""Every setting: its environment variable, type, default and one sentence. The only place that reads the environment.

A `.env` in the working folder is read too; a real environment variable wins.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from tools.backends.errors import BadInput

STARTER = Path(__file__).resolve().parent.parent / "starter" / "weights"
_RANGES = {"port": (1, 65_535), "timeout": (0.1, 86_400.0), "max_tool_calls": (1, 1_000), "history_tokens": (500, 10_000_000),
           "price_in": (0.0, 1e6), "price_out": (0.0, 1e6)}  # fmt: skip


def _setting(env: str, default: Any, doc: str, secret: bool = False) -> Any:
    return field(default=default, metadata={"env": env, "doc": doc, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, typed. Build one with `load_settings()`."""

    home: Path = _setting(
        "ATELIER_HOME", Path.home() / ".atelier", "Folder for the library, pictures and conversations."
    )
    database: str = _setting(
        "ATELIER_DATABASE",
        "",
        "Library: `chdb://PATH`, `clickhouse://USER:PASSWORD@HOST:PORT/DB` or `myscale://…`; empty: chdb in ATELIER_HOME.",
    )
    encoder: str = _setting(
        "ATELIER_ENCODER", "starter", "CLIP or SigLIP model: `starter`, a folder or a Hugging Face name."
    )
    image_model: str = _setting(
        "ATELIER_IMAGE_MODEL", "starter", "Text-to-image model: `starter`, a folder or a Hugging Face name."
    )
    chat_model: str = _setting(
        "ATELIER_CHAT_MODEL",
        "",
        "`guide`, or a LangChain `provider:model`; empty: OpenAI where OPENAI_API_KEY is set, else the guide.",
    )
    device: str = _setting("ATELIER_DEVICE", "auto", "`auto`, `cpu`, `cuda`, `cuda:1` or `mps`.")
    steps: int = _setting("ATELIER_STEPS", 0, "Denoising steps of a render; 0: what the model recommends.")
    guidance: float = _setting("ATELIER_GUIDANCE", -1.0, "Guidance scale of a render; -1: what the model recommends.")
    size: str = _setting("ATELIER_SIZE", "", "Picture size such as `1024x1024`; empty: the model's own.")
    timeout: float = _setting("ATELIER_TIMEOUT", 60.0, "Seconds to wait for the database or the chat model.")
    max_tool_calls: int = _setting("ATELIER_MAX_TOOL_CALLS", 12, "Tool calls that a chat model may make in one turn.")
    fallback: bool = _setting(
        "ATELIER_FALLBACK", True, "Whether the guide answers a turn when the chat model is out; no: the turn fails."
    )
    history_tokens: int = _setting(
        "ATELIER_HISTORY_TOKENS",
        8000,
        "Tokens of a conversation that a chat model is sent; what is older, as a summary.",
    )
    show_pictures: bool = _setting(
        "ATELIER_SHOW_PICTURES", False, "Whether the chat model is sent small copies of the pictures that were made."
    )
    price_in: float = _setting(
        "ATELIER_PRICE_IN", 0.0, "US dollars for a million tokens that the chat model reads; 0: not known."
    )
    price_out: float = _setting(
        "ATELIER_PRICE_OUT", 0.0, "US dollars for a million tokens that the chat model writes; 0: not known."
    )
    taste: bool = _setting(
        "ATELIER_TASTE", True, "Whether your thumbs and saves shape a taste card that moves searches and suggestions."
    )
    fetch_images: bool = _setting(
        "ATELIER_FETCH_IMAGES", False, "Whether the page may load library pictures from their links."
    )
    host: str = _setting("ATELIER_HOST", "127.0.0.1", "Address that the page listens on.")
    port: int = _setting("ATELIER_PORT", 8000, "Port that the page listens on.")
    openai_api_key: str = _setting(
        "OPENAI_API_KEY", "", "Key of OpenAI, or of any server that speaks its protocol.", secret=True
    )
    openai_base_url: str = _setting(
        "OPENAI_BASE_URL", "", "Address of a server that speaks OpenAI's protocol (Ollama, vLLM, llama.cpp)."
    )
    openai_model: str = _setting(
        "ATELIER_OPENAI_MODEL", "gpt-4o-mini", "Model to ask of that server when ATELIER_CHAT_MODEL is empty."
    )

    @property
    def library_dsn(self) -> str:
        """The library's address; the embedded one by default."""
        return self.database or f"chdb://{self.home / 'library'}"

    @property
    def chat(self) -> str:
        """`guide` or a LangChain `provider:model`, with the default resolved."""
        if self.chat_model:
            return self.chat_model
        return f"openai:{self.openai_model}" if self.openai_api_key else "guide"

    @property
    def encoder_path(self) -> str:
        """A folder or hub name that transformers loads."""
        return str(STARTER / "clip") if self.encoder == "starter" else self.encoder

    @property
    def image_model_path(self) -> str:
        """A folder or hub name that diffusers loads."""
        return str(STARTER / "diffusion") if self.image_model == "starter" else self.image_model


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment, then `.env`, then the defaults.

    Raises:
        BadInput: a value is not of its type; names the variable and the value.
    """
    if env is None:
        env = {**{k: v for k, v in dotenv_values(".env").items() if v is not None}, **os.environ}
    values: dict[str, Any] = {}
    for f in fields(Settings):
        text = env.get(f.metadata["env"], "").strip()
        if text:
            values[f.name] = _typed(f.metadata["env"], text, f.default)
        if text and f.name in _RANGES:
            low, high = _RANGES[f.name]
            if not low <= values[f.name] <= high:  # nan is in no range
                raise BadInput(
                    f"{f.metadata['env']}={text!r} is not from {low:g} to {high:g}. Correct it in the environment or in .env."
                )
    return Settings(**values)


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment in which a child process finds the same settings."""
    own = {f.metadata["env"]: getattr(settings, f.name) for f in fields(Settings)}
    texts = {name: "yes" if value is True else "no" if value is False else str(value) for name, value in own.items()}
    # An empty variable is not the same as none to other programs: OpenAI's client would take "" for its address.
    return {name: text for name, text in {**os.environ, **texts}.items() if text or name not in own}


def has_screen() -> bool:
    """Whether a browser could show up: without a display, opening one only prints errors into the terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _typed(name: str, text: str, default: Any) -> Any:
    try:
        if isinstance(default, bool):
            return {
                "1": True,
                "true": True,
                "yes": True,
                "on": True,
                "0": False,
                "false": False,
                "no": False,
                "off": False,
            }[text.lower()]
        if isinstance(default, Path):
            return Path(text).expanduser().resolve()
        return type(default)(text)
    except (KeyError, ValueError) as error:
        kind = {"bool": "yes or no", "int": "a whole number", "float": "a number"}.get(type(default).__name__, "text")
        raise BadInput(f"{name}={text!r} is not {kind}. Correct it in the environment or in .env.") from error
