"""`atelier ask`: one turn of the assistant in a terminal, as it happens or as one JSON document.

Ctrl-C stops the render; what was made before stays in the thread.
"""

import argparse
import asyncio
import contextlib
import signal
import sys
import time
import uuid
from collections import defaultdict
from pathlib import Path
from typing import Any

from agent import printing
from agent.build import Studio, build
from agent.chat import Chat
from agent.events import (
    DraftMade,
    Event,
    ExamplesFound,
    FavouriteSaved,
    FavouritesListed,
    ModelUsed,
    Notice,
    PictureMade,
    RenderProgress,
    Shown,
    TextChunk,
    ToolFinished,
    ToolStarted,
    TurnEnded,
    TurnFailed,
)
from agent.logs import clean_stdout
from agent.page import TOOLS
from agent.settings import Settings
from tools.backends.errors import AtelierError, BadInput
from tools.backends.records import Check, FileKept, Foresight, Taste, Tree, Weighing, as_json

TOOL_TITLES = {name: doing for name, (doing, _, _) in TOOLS.items()}


def ask(settings: Settings, options: argparse.Namespace) -> int:
    """Run one turn and print it."""
    thread = options.thread or f"ask-{time.strftime('%Y%m%d-%H%M%S')}-{uuid.uuid4().hex[:4]}"
    for path in options.image:
        if not path.is_file():
            raise BadInput(f"There is no file {path}. Give the path of a picture.")
    with clean_stdout(options.json) as answer:
        views: list[Document | Terminal] = [Document(thread)]
        if not options.json:
            views.append(Terminal())
        studio = build(settings)
        try:
            asyncio.run(_turn(studio, thread, options.text, options.image, views))
        finally:
            studio.close()
        document = views[0]
        assert isinstance(document, Document)
        if options.json:
            answer(document.json())
        elif not options.thread:
            printing.note(printing.ink(f"Go on with: atelier ask --thread {thread} …", "dim", sys.stderr))
    if document.failure:
        raise AtelierError(document.failure)
    if document.stopped:
        raise KeyboardInterrupt
    return 0


async def _turn(
    studio: Studio, thread: str, words: str, attachments: list[Path], views: "list[Document | Terminal]"
) -> None:
    """Show every event as it comes. The first Ctrl-C stops the turn in an orderly way; the second one ends at once."""
    pressed = 0
    try:
        async with Chat(studio) as chat:

            def interrupt() -> None:
                nonlocal pressed
                pressed += 1
                if pressed > 1:
                    raise KeyboardInterrupt
                chat.stop(thread)

            with contextlib.suppress(
                NotImplementedError
            ):  # Windows has no handlers in the loop; there Ctrl-C just ends it
                asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupt)
            async for event in chat.turn(thread, words, attachments):
                for view in views:
                    view.see(event)
    finally:
        for view in views:
            view.close()


class Document:
    """The turn as the JSON document of `ask --json`."""

    def __init__(self, thread: str) -> None:
        self._thread = thread
        self._reply: list[str] = []
        self._tool_calls: list[dict[str, Any]] = []
        self._draft: dict[str, Any] | None = None
        self._pictures: list[dict[str, Any]] = []
        self._favourites: list[dict[str, Any]] = []
        self._shown: dict[type, list[dict[str, Any]]] = defaultdict(list)
        self._usage: dict[str, Any] | None = None
        self._notices: list[str] = []
        self._chat_model = ""
        self.failure = ""
        self.stopped = False

    def see(self, event: Event) -> None:
        """Keep what the document needs of an event."""
        match event:
            case TextChunk(text):
                self._reply.append(text)
            case ToolStarted(_, name, args):
                self._tool_calls.append({"name": name, "args": args})
            case DraftMade(_, draft):
                keys = ("prompt", "negative_prompt", "parent", "changes", "locked")
                self._draft = {key: as_json(getattr(draft, key)) for key in keys}
            case PictureMade(_, picture):
                told = ("name", "path", "parent", "recipe")
                self._pictures.append({key: as_json(getattr(picture, key)) for key in told})
            case FavouriteSaved(_, saved):
                self._favourites.append({"id": saved.id, "rank": saved.rank})
            case FavouritesListed(_, matches):
                # a place in the list is no search rank, which is what a save tells here
                self._favourites += [{"id": m.example.id, "rank": None} for m in matches]
            case Shown(_, record):
                self._shown[type(record)].append(as_json(record))
            case ModelUsed(read, written, cost):
                self._usage = {"read": read, "written": written, "cost": cost}
            case Notice(text):
                self._notices.append(text)
            case TurnFailed(message):
                self.failure = message
            case TurnEnded(chat_model, stopped):
                self._chat_model, self.stopped = chat_model, stopped

    def close(self) -> None:
        """Nothing to clear away."""

    def json(self) -> dict[str, Any]:
        """The contract's shape, and after it what tools found out: lists, or the newest where one is enough."""
        return {
            "thread": self._thread,
            "reply": "".join(self._reply),
            "tool_calls": self._tool_calls,
            "draft": self._draft,
            "pictures": self._pictures,
            "favourites": self._favourites,
            "chat_model": self._chat_model,
            "checks": self._shown[Check],
            "weighings": self._shown[Weighing],
            "foresight": self._newest(Foresight),
            "taste": self._newest(Taste),
            "tree": self._newest(Tree),
            "files": self._shown[FileKept],
            "usage": self._usage,
            "notices": self._notices,
        }

    def _newest(self, kind: type) -> dict[str, Any] | None:
        return self._shown[kind][-1] if self._shown[kind] else None


class Terminal:
    """The turn as it happens: the answer on stdout as it streams, steps and the bar between."""

    def __init__(self) -> None:
        self._bar = printing.Bar("Rendering")
        self._in_line = False

    def see(self, event: Event) -> None:
        """Print one event."""
        if not isinstance(event, RenderProgress):
            self._bar.close()
        match event:
            case TextChunk(text):
                sys.stdout.write(printing.safe(text))
                sys.stdout.flush()
                self._in_line = not text.endswith("\n") if text else self._in_line
            case ToolStarted(_, name, args):
                title = TOOL_TITLES.get(name, printing.plain(name))  # a model may make up a tool
                detail = args.get("looks_like") or args.get("words") or args.get("text") or ""
                self._line(
                    printing.ink(f"● {title}" + (f": {printing.plain(str(detail))}" if detail else ""), "violet")
                )
            case ToolFinished(_, _, answer, True):
                self._line(printing.ink("  could not: " + printing.shorten(printing.plain(answer), 300), "red"))
            case ExamplesFound(_, matches, verdict, _):
                if verdict:
                    self._line(printing.ink(f"  {verdict[0].upper()}{verdict[1:]}.", "bold"))
                self._lines(printing.matches_lines(matches))
            case FavouritesListed(_, matches):
                self._lines(printing.matches_lines(matches))
            case DraftMade(_, draft):
                self._lines(printing.draft_lines(draft))
            case RenderProgress(step, steps, picture, pictures):
                of = f" {picture}/{pictures}" if pictures > 1 else ""
                self._bar.update(step, steps, f"Rendering{of}")
            case PictureMade(_, picture, unknown, notes):
                self._line(printing.ink(f"✓ {picture.name}", "green") + f"  {printing.safe(picture.path)}")
                self._line(printing.ink("  " + printing.recipe_line(picture.recipe), "dim"))
                if unknown:
                    self._line(
                        printing.wrap("The renderer does not know: " + printing.plain(", ".join(unknown)) + ".", "  ")
                    )
                self._lines([printing.wrap(printing.plain(n), "  ") for n in notes])
            case FavouriteSaved(_, saved):
                self._line(printing.ink(f"♥ {saved.picture} saved", "red") + f" as {saved.id}: {printing.ranks(saved)}")
            case Shown(_, record):
                self._lines(printing.shown_lines(record))
            case ModelUsed(read, written, cost):
                self._line(printing.ink(printing.used(read, written, cost), "dim"))
            case Notice(text):
                self._line(printing.ink(printing.wrap(printing.plain(text)), "amber"))
            case TurnEnded():
                self._end_line()

    def close(self) -> None:
        """Leave the cursor at the start of a line, and no half a bar behind."""
        self._bar.close()
        self._end_line()

    def _line(self, text: str) -> None:
        self._end_line()
        printing.say(text)

    def _lines(self, lines: list[str]) -> None:
        for line in lines:
            self._line(line)

    def _end_line(self) -> None:
        if self._in_line:
            printing.say()
            self._in_line = False
