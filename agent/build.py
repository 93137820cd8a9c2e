"""The only wiring: settings → backends → tools → agent. Everything is opened when it is first needed, and once."""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.settings import STARTER, Settings
from tools.backends.errors import AtelierError, ChatModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.tools import BaseTool

    from tools.backends.database import Library
    from tools.backends.diffusion import Renderer
    from tools.backends.embedding import Encoder
    from tools.backends.lineage import Lineage
    from tools.backends.search import Finder
    from tools.backends.taste import TasteBook
    from tools.context import Backends

log = logging.getLogger(__name__)

COLLECTION = STARTER / "collection.parquet"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One of the four parts: what is in use, whether it is the built-in one, and how to get the real one."""

    part: str  # "library", "encoder", "renderer" or "chat model"
    in_use: str
    built_in: bool
    real: str  # one sentence: which setting brings the real one


class Studio:
    """All parts of one Atelier, opened lazily. Thread-safe: two threads that need a part open it once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._opened: dict[str, Any] = {}
        self._locks = {
            name: threading.RLock()
            for name in ("encoder", "library", "finder", "renderer", "lineage", "taste", "chat_model", "agent")
        }
        self._closed = False

    @property
    def encoder(self) -> "Encoder":
        """Words and pictures → vectors."""
        return self._part("encoder", self._open_encoder)

    @property
    def library(self) -> "Library":
        """The examples. A new library gets the starter collection first."""
        return self._part("library", self._open_library)

    @property
    def finder(self) -> "Finder":
        """Search over the library."""
        return self._part("finder", self._open_finder)

    @property
    def renderer(self) -> "Renderer":
        """Prompts → pictures."""
        return self._part("renderer", self._open_renderer)

    @property
    def lineage(self) -> "Lineage":
        """Every thread's drafts and pictures."""
        return self._part("lineage", self._open_lineage)

    @property
    def taste(self) -> "TasteBook":
        """What the person keeps and drops."""
        return self._part("taste", self._open_taste)

    @property
    def chat_model(self) -> "BaseChatModel":
        """The guide, or the language model that the settings name."""
        return self._part("chat_model", self._open_chat_model)

    @property
    def agent(self) -> Any:
        """The agent: the chat model with its tools and rules. Conversations are kept by whoever runs it."""
        return self._part("agent", self._open_agent)

    @property
    def tools(self) -> "list[BaseTool]":
        """What the chat model may call."""
        return all_tools(self)

    @property
    def home(self) -> Path:
        """The data folder."""
        return self.settings.home

    @property
    def render_options(self) -> dict[str, Any]:
        """What the settings ask of every render; what they leave open is the model's to say."""
        s = self.settings
        wished = {"steps": s.steps or None, "guidance": s.guidance if s.guidance >= 0 else None, "size": s.size or None}
        return {name: value for name, value in wished.items() if value is not None}

    @property
    def chat_model_name(self) -> str:
        """`guide`, or `provider:model`. Opens nothing."""
        return self.settings.chat

    def parts(self) -> list[Part]:
        """What is in use, and what to set for the real ones. Opens nothing."""
        s = self.settings
        return [
            Part(
                part="library",
                in_use="ClickHouse inside this process" if not s.database else s.database.split("@")[-1],
                built_in=not s.database,
                real="Set ATELIER_DATABASE to a ClickHouse or MyScale server, such as clickhouse://user:password@host:8123/default.",
            ),
            Part(
                part="encoder",
                in_use="starter CLIP" if s.encoder == "starter" else s.encoder,
                built_in=s.encoder == "starter",
                real="Set ATELIER_ENCODER to a CLIP or SigLIP model, such as openai/clip-vit-base-patch32.",
            ),
            Part(
                part="renderer",
                in_use="starter diffusion model" if s.image_model == "starter" else s.image_model,
                built_in=s.image_model == "starter",
                real="Set ATELIER_IMAGE_MODEL to a diffusers model, such as stabilityai/sd-turbo.",
            ),
            Part(
                part="chat model",
                in_use="guide (rules, no language model)" if s.chat == "guide" else s.chat,
                built_in=s.chat == "guide",
                real="Set OPENAI_API_KEY, and OPENAI_BASE_URL for Ollama, vLLM or llama.cpp.",
            ),
        ]

    def warm(self) -> None:
        """Open and load every part now, so that the first turn need not wait. Call it in a worker thread; never raises."""
        for load in (
            lambda: self.finder.search(words="a cat", k=1),
            lambda: self.renderer.load(),
            lambda: self.chat_model,
        ):
            try:
                load()
            except AtelierError as error:
                log.warning("Not ready yet: %s", error)  # the turn that needs it will tell the person
            except Exception:  # a preload must never take the page down
                log.exception("Preloading failed")

    def close(self) -> None:
        """Let go of what was opened. The library's folder is free for other processes afterwards."""
        self._closed = True
        library = self._opened.pop("library", None)
        self._opened.clear()
        if library is not None:
            library.close()

    def __enter__(self) -> "Studio":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _part(self, name: str, open_it: Any) -> Any:
        if name not in self._opened:
            with self._locks[name]:
                if name not in self._opened:
                    if self._closed:
                        raise AtelierError("This studio is closed. Start Atelier again.")
                    part = open_it()
                    self._opened[name] = part
                    if (
                        self._closed
                    ):  # while it was opening: `close` may not have seen it, and nobody else would close it
                        self._opened.pop(name, None)
                        if hasattr(part, "close"):
                            part.close()
                        raise AtelierError("This studio is closed. Start Atelier again.")
                    return part
        try:
            return self._opened[name]
        except KeyError as error:  # closed a moment ago
            raise AtelierError("This studio is closed. Start Atelier again.") from error

    def _open_encoder(self) -> "Encoder":
        from tools.backends.embedding import Encoder

        return Encoder(self.settings.encoder_path, device=self.settings.device)

    def _open_library(self) -> "Library":
        """Open the library; a new one gets the starter collection, whose vectors only the starter encoder understands."""
        from tools.backends.database import Library

        encoder = self.encoder
        starter = COLLECTION.exists() and self.settings.encoder == "starter"
        library = Library(
            self.settings.library_dsn,
            encoder_name=encoder.name,
            encoder_fingerprint=encoder.fingerprint,
            dimensions=encoder.dimensions,
            timeout=self.settings.timeout,
            renew=encoder if starter else None,  # an update brings new weights: there is no way back to the old ones
        )
        try:
            if starter:
                library.load_collection(COLLECTION)
            elif library.count() == 0:
                log.warning("The library is empty: fill it with `atelier ingest FILE`.")
        except BaseException:
            library.close()  # or nobody could open its folder again
            raise
        return library

    def _open_finder(self) -> "Finder":
        from tools.backends.search import Finder

        return Finder(self.library, self.encoder)

    def _open_renderer(self) -> "Renderer":
        from tools.backends.diffusion import Renderer

        return Renderer(
            self.settings.image_model_path, device=self.settings.device, starter=self.settings.image_model == "starter"
        )

    def _open_lineage(self) -> "Lineage":
        from tools.backends.lineage import Lineage

        return Lineage(self.settings.home)

    def _open_taste(self) -> "TasteBook":
        from tools.backends.taste import TasteBook

        return TasteBook(self.settings.home, on=self.settings.taste)

    def _open_chat_model(self) -> "BaseChatModel":
        from agent.models import open_chat_model

        return open_chat_model(self.settings)

    def _open_agent(self) -> Any:
        from langchain.agents import create_agent
        from langsmith import set_runtime_overrides

        import prompts
        from agent.rules import TurnRules
        from tools.context import TurnContext

        out = ""
        try:
            model = self.chat_model
        except ChatModelError as error:
            if not self.settings.fallback:
                raise
            from agent.guide import GuideModel

            out, model = str(error), GuideModel()
        set_runtime_overrides(aio_to_thread=_at_once)
        return create_agent(
            model,
            tools=self.tools,
            system_prompt=prompts.load("system"),
            middleware=[TurnRules(self.settings, out)],
            context_schema=TurnContext,
        )


async def _at_once(default: Any, context: Any, work: Any, /, *args: Any, **kwargs: Any) -> Any:
    """What LangSmith does around every call of a model or tool, here and now: two threads a call took longer than the work,
    which is nothing where nobody traces."""
    return context.run(work, *args, **kwargs)


def all_tools(parts: "Backends") -> "list[BaseTool]":
    """Everything that a chat model may call. Opens nothing."""
    from tools import (
        check_picture,
        explain_change,
        favourites,
        find_similar_pictures,
        generate_picture,
        keep_conversation,
        mend_picture,
        preview_prompt,
        prompt_first,
        refine_prompt,
        search_prompts,
        show_history,
        undo_change,
        weigh_phrases,
    )
    from tools import taste as tastes

    modules = (
        *(search_prompts, find_similar_pictures, refine_prompt, undo_change, generate_picture, explain_change),
        *(preview_prompt, weigh_phrases, check_picture, mend_picture, show_history, keep_conversation, prompt_first),
    )
    return [*(module.make(parts) for module in modules), *favourites.make(parts), *tastes.make(parts)]


def build(settings: Settings) -> Studio:
    """Make a studio from settings. Nothing is opened yet."""
    return Studio(settings)
