"""What one turn looks like on the page: its events become Chainlit's steps, messages and elements.

The handlers that start and stop a turn are app.py's; what is shown of each thing is decided in page.py and showing.py.
"""

import asyncio
import contextlib
import logging
import time
from pathlib import Path
from typing import Any

import chainlit as cl
from chainlit.context import context

from agent import page, showing
from agent.build import Studio
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
from agent.printing import ranks
from tools.backends.errors import AtelierError
from tools.backends.records import Check, FileKept, Foresight, Showable, Taste, Tree, Weighing

REDRAW_SECONDS = 0.25  # of a progress bar: more often is only work for the browser
STOPPED = "Stopped. What was made before stays."
RENDERING = ("generate_picture", "mend_picture", "weigh_phrases")

log = logging.getLogger(__name__)


class TurnView:
    """The steps, messages and elements of one turn."""

    def __init__(self, studio: Studio, thread: str) -> None:
        self._studio = studio
        self._thread = thread
        self._fetch = studio.settings.fetch_images
        self._steps: dict[str, cl.Step] = {}
        self._names: dict[str, str] = {}
        self._words: dict[str, tuple[str, str]] = {}  # what a step is called while it works, and when it is done
        self._text: cl.Message | None = None
        self._canvas: cl.Message | None = None
        self._card = cl.CustomElement(name="Picture", display="inline")
        self._canvas_of = 0
        self._redrawn = 0.0
        self._used: ModelUsed | None = None

    async def see(self, event: Event) -> None:
        """Show one event."""
        match event:
            case TextChunk(text):
                await self._write(text)
            case ToolStarted(id, name, args):
                await self._begin(id, name, args)
            case ToolFinished(id, _, reply, failed):
                await self._end(id, reply if failed else "", failed)
            case ExamplesFound(id, matches, verdict, metadata, query):
                pictures = await self._pictures([m.example.id for m in matches])
                props = page.examples(matches, pictures, verdict, metadata, query=query, fetch=self._fetch)
                await self._attach(
                    id, "Examples", props, f"{len(matches)} examples" if matches else "Nothing came close."
                )
            case FavouritesListed(id, matches):
                props = page.examples(matches, await self._pictures([m.example.id for m in matches]))
                await self._attach(id, "Examples", props, f"{len(matches)} favourites")
            case DraftMade(id, made):
                before = await self._prompt(made.parent)
                props = page.draft(made, await self._pictures(page.cited(made)), before)
                await self._attach(id, "PromptDiff", props, page.summary(made))
            case RenderProgress():
                await self._progress(event)
            case PictureMade(id, made):
                await self._finish_picture(event)
                await self._note(id, f"{made.name[0].upper()}{made.name[1:]}: {made.recipe.prompt}")
            case FavouriteSaved(id, saved):
                await self._note(id, f"{saved.picture.capitalize()} is kept: {ranks(saved)}.")
            case Shown(id, record):
                await self._show(id, record)
            case ModelUsed():
                self._used = event
            case Notice(text):
                await self._quietly(showing.notice(text))
            case TurnFailed(message):
                await self._say(message)
            case TurnEnded(_, True):
                await self.close(stopped=True)

    async def close(self, stopped: bool = False) -> None:
        """Leave nothing behind that looks as if it were still going on."""
        await self._end_text()
        await self._drop_canvas()
        for id in list(self._steps):
            await self._end(id, STOPPED if stopped else "", False)
        if self._used is not None:
            used, self._used = self._used, None
            await self._quietly(showing.usage(used))

    # text

    async def _write(self, token: str) -> None:
        if self._text is None:
            self._text = cl.Message(content="")
        await self._text.stream_token(token)

    async def _end_text(self) -> None:
        if self._text is not None:
            await self._text.update()
            self._text = None

    async def _say(self, words: str) -> None:
        await self._end_text()
        await self._drop_canvas()
        await cl.Message(content=words, metadata={"icon": "leaf"}).send()

    # tools

    async def _begin(self, id: str, name: str, args: dict[str, Any]) -> None:
        await self._end_text()
        doing, done, icon = page.tool(name, args)
        asked = page.asked(args)
        step = cl.Step(
            name=f"{doing}: {asked}" if asked else doing,
            type="tool",
            icon=icon,
            default_open=name != "generate_picture",
            show_input=False,
            parent_id=context.current_run.id if context.current_run else None,  # or the messages would come before it
        )
        step.start = _now()
        self._steps[id], self._names[id], self._words[id] = step, name, (doing, done)
        await step.send()
        if name == "generate_picture" and args.get("variations") != 0:
            await self._progress(None)

    async def _attach(self, id: str, kind: str, props: dict[str, Any], words: str) -> None:
        step = self._steps.get(id)
        if step is None:
            return
        step.output = words  # a step without any would hide its elements
        await element(kind, props).send(for_id=step.id)
        await step.update()

    async def _note(self, id: str, words: str) -> None:
        if step := self._steps.get(id):
            step.output = f"{step.output}\n\n{words}".strip()
            await step.update()

    async def _end(self, id: str, words: str, failed: bool) -> None:
        step = self._steps.pop(id, None)
        if step is None:
            return
        name = self._names.pop(id)
        doing, done = self._words.pop(id)
        step.name = step.name.replace(doing, doing if failed else done, 1)
        step.end = _now()
        if words:
            step.output = f"{step.output}\n\n{words}".strip()
        if name in RENDERING:
            await self._drop_canvas()
        await step.update()

    async def _show(self, id: str, record: Showable) -> None:
        """What a tool found out, as what it is."""
        match record:
            case Check():
                props = showing.check(record)
                await self._attach(id, "Check", props, props["counts"])
            case Weighing():
                props = showing.weighing(record, await self._prompt(record.picture))
                await self._attach(id, "Weighing", props, f"{len(record.weights)} phrases")
            case Foresight():
                pictures = await self._pictures([m.example.id for m in record.matches])
                props = showing.foresight(record, pictures, fetch=self._fetch)
                await self._attach(id, "Examples", props, f"{len(record.matches)} pictures near it")
            case Taste():
                props = showing.taste(record, on=self._studio.taste.on)
                await self._attach(id, "Taste", props, f"{len(record.lines)} lines")
            case Tree():
                props = await asyncio.to_thread(self._tree, record)
                await self._attach(id, "Tree", props, props["title"])
            case FileKept():
                href = await _served(Path(record.path).name, "application/octet-stream", path=record.path)
                await self._attach(id, "FileKept", showing.kept(record, href), record.kind)

    async def _quietly(self, props: dict[str, Any]) -> None:
        await self._end_text()
        await cl.Message(content="", elements=[element("Quiet", props)]).send()

    # pictures

    async def _progress(self, progress: RenderProgress | None) -> None:
        """Draw the canvas, or its progress; a canvas that is drawn already is redrawn a few times a second."""
        number = progress.picture if progress else 1
        now = time.monotonic()
        if self._canvas is None:
            self._canvas = cl.Message(content="")
            self._card = cl.CustomElement(name="Picture", display="inline")
            self._canvas.elements = [self._card]  # type: ignore[list-item] # Chainlit's type variable means "any element"
            self._canvas_of = number
            self._redrawn = 0.0
        elif number == self._canvas_of and now - self._redrawn < REDRAW_SECONDS:
            return
        self._redrawn = now
        size = await asyncio.to_thread(self._size)
        tool = next((name for name in reversed(self._names.values()) if name in RENDERING), RENDERING[0])
        await self._draw(page.canvas(progress, size, tool))

    async def _draw(self, props: dict[str, Any]) -> None:
        assert self._canvas is not None
        self._card.props = props
        if self._card.for_id is None:
            await self._canvas.send()
        else:
            await context.emitter.send_element(self._card.to_dict())  # update() would write a file for every step

    async def _finish_picture(self, event: PictureMade) -> None:
        await self._end_text()
        if self._canvas is None:
            await self._progress(None)
        made = event.picture
        file = await _served(Path(made.path).name, "image/png", path=made.path)
        enlarged = await asyncio.to_thread(page.enlarged, made)
        shown = await _served(f"{made.name}.webp", "image/webp", content=enlarged) if enlarged else file
        await self._draw(page.picture(event, file, shown))
        self._canvas = None

    async def _drop_canvas(self) -> None:
        if self._canvas is not None:
            canvas, self._canvas = self._canvas, None
            await canvas.remove()

    # what it shows of

    async def _prompt(self, of: int | str | None) -> str:
        """The prompt of a draft, by its number, or of a picture, by its name; empty where there is none."""

        def look() -> str:
            thread = self._studio.lineage.thread(self._thread)
            return thread.draft(of).prompt if isinstance(of, int) else thread.resolve(of or "").recipe.prompt

        with contextlib.suppress(AtelierError):
            return await asyncio.to_thread(look) if of else ""
        return ""

    async def _pictures(self, ids: list[str]) -> dict[str, bytes]:
        """The thumbnails of examples; an answer without pictures is better than none."""
        if not ids:
            return {}
        try:
            return await asyncio.to_thread(lambda: self._studio.library.thumbnails(ids))
        except Exception:
            log.warning("No thumbnails", exc_info=True)
            return {}

    def _tree(self, record: Tree) -> dict[str, Any]:
        """The tree with its pictures as they are now."""
        thread = self._studio.lineage.thread(self._thread)
        return showing.tree(record, thread.pictures, thread.favourites, thread.ratings)

    def _size(self) -> tuple[int, int]:
        """The shape of the pictures to come, for the canvas."""
        try:
            defaults = self._studio.renderer.defaults
        except AtelierError:  # the tool will say it
            return 1, 1
        return defaults.width, defaults.height


async def _served(name: str, mime: str, **content: Any) -> str:
    """Where the browser of this session finds a file; other sessions do not."""
    file = await context.session.persist_file(name=name, mime=mime, **content)
    return f"/project/file/{file['id']}?session_id={context.session.id}"


def element(name: str, props: dict[str, Any]) -> Any:
    """One of public/elements, with what it shows."""
    return cl.CustomElement(name=name, props=props, display="inline")


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
