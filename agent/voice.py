"""What a chat model says, on its way to the person: streamed sentence by sentence, each shown once it holds.

A callback of LangChain, so that it hears every piece in order, before the model's call returns. It knows no model and no
tool: sentences go in, `TextChunk`s come out, and what was held back is there to be asked about.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from uuid import UUID

from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, GenerationChunk

from agent import claims
from agent.events import Event, TextChunk

LONGEST_HELD = 1_000  # characters; a sentence that never ends is judged in pieces of this length
_END = re.compile(r"[.!?…]+[\"'”’)\]*_]*\s+|[。！？]|\n+")


class Voice(AsyncCallbackHandler):
    """One turn's answer as it is spoken. `judged` False: pieces are shown as they come, as the guide's are."""

    # Only tokens are listened for. A tool, which works in a thread, would be given an event loop for each thing it tells.
    ignore_agent = ignore_chain = ignore_chat_model = ignore_retriever = ignore_retry = ignore_custom_event = True

    def __init__(self, emit: Callable[[Event], None], facts: claims.Facts) -> None:
        self._emit = emit
        self._facts = facts
        self._spoken = ""  # in this turn
        self._said: set[str] = set()  # its sentences, so that an answer asked for again does not repeat them
        self.begin(judged=False)

    def begin(self, *, judged: bool, again: bool = False) -> None:
        """A model call starts. `again`: it goes on with the answer that the last one left unfinished."""
        self._links = claims.LinkFilter()
        self._judged = judged
        self._again = again
        self._held = ""
        self._waiting: list[str] = []  # after the first false sentence nothing more is shown
        self._break = " " if again else "\n\n"
        if not again:
            self.shown = ""  # of this answer
        self.heard = False
        self.arguments: dict[str, str] = {}  # call id: its arguments as the model wrote them
        self._ids: dict[int | None, str] = {}
        self.false: list[tuple[str, str]] = []  # (sentence, kind of claim)

    async def on_llm_new_token(
        self, token: str | list[str | dict[str, Any]], *, chunk: GenerationChunk | ChatGenerationChunk | None = None,
        run_id: UUID, parent_run_id: UUID | None = None, tags: list[str] | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        """One piece of the stream."""
        message = getattr(chunk, "message", None)
        for piece in getattr(message, "tool_call_chunks", ()):
            if piece["id"]:
                self._ids[piece["index"]] = piece["id"]
            id = self._ids.get(piece["index"], "")
            self.arguments[id] = self.arguments.get(id, "") + (piece["args"] or "")
        text = message.text if isinstance(message, BaseMessage) else token if isinstance(token, str) else ""
        if text:
            self.hear(text)

    def tap_output_aiter(self, run_id: UUID, output: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Nothing; that a listener has it is what makes langchain stream every model."""
        return output

    def tap_output_iter(self, run_id: UUID, output: Iterator[Any]) -> Iterator[Any]:
        """The same, for what does not wait."""
        return output

    def hear(self, text: str) -> None:
        """Take in a piece of the answer."""
        self.heard = True
        text = self._links.feed(text)
        if not self._judged:
            return self._show(text)
        self._held += text
        while end := _END.search(self._held):
            if end.end() == len(self._held) and not end[0].endswith(("\n", "。", "！", "？")):
                break  # more white space may follow, and belongs to it
            sentence, self._held = self._held[: end.end()], self._held[end.end() :]
            self._judge(sentence)
        if len(self._held) > LONGEST_HELD:
            sentence, self._held = self._held, ""
            self._judge(sentence)
        return None

    def finish(self) -> None:
        """The model's call is over: judge what is left."""
        rest = self._held + self._links.flush()
        self._held = ""
        if rest:
            self._judge(rest) if self._judged else self._show(rest)

    def release(self) -> str:
        """Show what held of the sentences after a false one, and the truth in place of the false ones; gives the latter."""
        truth = claims.correction(kind for _, kind in self.false)
        waiting, self._waiting = self._waiting, []
        for sentence in waiting:
            self._show(sentence)
        if truth:
            self._show(f"\n\n{truth}" if self.shown.strip() else truth)
        return truth

    def _judge(self, sentence: str) -> None:
        key = " ".join(re.findall(r"\w+", sentence.lower()))
        if self._again and key and key in self._said:
            return
        if kind := claims.false_claim(sentence, self._facts):
            self.false.append((sentence.strip(), kind))
        elif self.false:
            self._waiting.append(sentence)
        else:
            self._said.add(key)
            self._show(sentence)

    def _show(self, text: str) -> None:
        if not text:
            return
        if not self.shown.strip() and not text.strip():
            return
        if self._break and self._spoken and not self._spoken[-1].isspace():
            text = self._break + text.lstrip()
        self._break = ""
        self.shown += text
        self._spoken += text
        self._emit(TextChunk(text))
