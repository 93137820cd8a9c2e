"""The page: Chainlit's handlers, and nothing that the terminal does not have too. Start it with `atelier chat`.

Each turn's events become steps, messages and elements here; what they show is decided in page.py, how it looks in
public/. Nothing here waits for a model, a database or a file: that is done in threads.
"""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import chainlit as cl
from chainlit import server
from chainlit.context import context
from chainlit.input_widget import InputWidget, Switch
from starlette.middleware.trustedhost import TrustedHostMiddleware

from agent import logs, page, showing
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
from agent.printing import ranks
from agent.serving import hosts_answered
from agent.settings import load_settings
from tools import taste as tastes
from tools.backends.errors import AtelierError, BadInput
from tools.backends.records import Check, FileKept, Foresight, Showable, Taste, Tree, Weighing

WARM_AFTER_SECONDS = 1.0  # the page answers first: imports and requests share Python's lock
REDRAW_SECONDS = 0.25  # of a progress bar: more often is only work for the browser
STOPPED = "Stopped. What was made before stays."
PROMPT_FIRST = "prompt_first"  # the switch, and the session's word for how it was drawn last
EDITOR = "editor"  # the session's word for the message that holds the prompt that waits
RENDERING = ("generate_picture", "mend_picture", "weigh_phrases")
STOCK_STOPPED = "Task manually stopped."  # Chainlit's own words for it

log = logging.getLogger(__name__)
settings = load_settings()
studio: Studio
chat: Chat

_stock_html = server.get_html_template


def _private_html(root_path: str) -> str:
    return page.private(_stock_html(root_path), fetch=settings.fetch_images)


server.get_html_template = _private_html  # Chainlit has no setting that removes its links to public hosts
server.sio.eio.cors_allowed_origins = None  # only its own page may talk to it: Chainlit lets any website do so
server.app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts_answered(settings.host), www_redirect=False)


# --- the page's life ---


@cl.on_app_startup
async def start() -> None:
    """Make the studio, answer at once, and load the models behind it."""
    global studio, chat
    logs.start(settings.home, page=True)
    studio = build(settings)
    chat = Chat(studio)
    warm = threading.Timer(WARM_AFTER_SECONDS, studio.warm)
    warm.daemon = True
    warm.start()
    logs.say("Atelier is ready.")


@cl.on_app_shutdown
async def stop_everything() -> None:
    """End the turns, then let go of the library, so that the next start finds it free."""
    await chat.close()
    await asyncio.to_thread(studio.close)


@cl.set_starters
async def starters(user: cl.User | None = None) -> list[cl.Starter]:
    """What to try first: scenes that the built-in renderer knows."""
    ideas = [
        ("cat", "A cat sleeping on the sofa"),
        ("lighthouse", "A lighthouse by the sea at night, watercolor"),
        ("robot", "A robot waving in the city, neon"),
        ("castle", "A castle in the snow at golden hour"),
    ]
    return [cl.Starter(label=idea, message=idea, icon=f"/public/icons/{icon}.svg") for icon, idea in ideas]


@cl.on_chat_start
async def greet() -> None:
    """Say which parts are in use. Not as a message: a message would take the starters' place."""
    await cl.send_window_message(page.parts(studio.parts()))
    await _show_switch(False)


@cl.on_settings_update
async def switch(chosen: dict[str, Any]) -> None:
    """The person turned "show me the prompt first" on or off by hand."""
    on = bool(chosen.get(PROMPT_FIRST))
    thread = await asyncio.to_thread(studio.lineage.thread, _thread())
    if await asyncio.to_thread(lambda: thread.prompt_first) != on:
        await asyncio.to_thread(thread.show_prompt_first, on)
    cl.user_session.set(PROMPT_FIRST, on)


async def _show_switch(on: bool) -> None:
    """Draw the switch as it stands, unless it is drawn so already: words turn it too."""
    if cl.user_session.get(PROMPT_FIRST) != on:
        cl.user_session.set(PROMPT_FIRST, on)
        told = "Each prompt waits, to be read and edited, until you say that it may be rendered."
        drawn: InputWidget = Switch(id=PROMPT_FIRST, label="Show me the prompt first", initial=on, description=told)
        await cl.ChatSettings(inputs=[drawn]).send()


@cl.action_callback("rate")
async def rate(action: cl.Action) -> dict[str, Any]:
    """A thumb under a picture. Kept at once, without the chat model."""
    verdict: Literal["up", "down"] = "up" if action.payload.get("verdict") == "up" else "down"

    def keep() -> dict[str, Any]:
        thread = studio.lineage.thread(_thread())
        _, news = tastes.rate(studio, thread, str(action.payload.get("picture")), verdict)
        return {"verdict": verdict, "news": page.learned(news)}

    return await _done(keep)


@cl.action_callback("taste")
async def edit_taste(action: cl.Action) -> dict[str, Any]:
    """A line added to the taste card, or taken off, or the whole card wiped. Gives the card as it is then."""
    how, text = action.payload.get("how"), str(action.payload.get("text", ""))

    def edit() -> dict[str, Any]:
        if how == "add":
            studio.taste.add(text)
        elif how == "remove":
            studio.taste.remove(text)
        elif how == "wipe":
            studio.taste.wipe()
        else:
            raise BadInput(f"A taste card knows no {how!r}. Add a line, remove one, or wipe it.")
        return showing.taste(studio.taste.card(), on=studio.taste.on)

    return await _done(edit)


async def _done(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What the work gives, or a sentence about why it could not be done."""
    try:
        return await asyncio.to_thread(work)
    except AtelierError as error:
        return {"error": str(error)}


@cl.on_message
async def answer(message: cl.Message) -> None:
    """One turn."""
    view = TurnView()
    try:
        files = await asyncio.to_thread(_attached, message)
        turn: Any = chat.turn(_thread(), message.content, files)
        async with contextlib.aclosing(turn) as events:  # a cancelled turn is closed now, not when it is collected
            async for event in events:
                await view.see(event)
    except asyncio.CancelledError:
        await view.close(stopped=True)
        raise
    except Exception:
        log.exception("A turn could not be shown")
        await view.see(
            TurnFailed(f"Something unexpected happened. The details are in {settings.home / 'atelier.log'}.")
        )
    await view.close()
    try:
        await _settle()
    except Exception:  # the turn itself is told already
        log.warning("The prompt that waits could not be shown", exc_info=True)


async def _settle() -> None:
    """After a turn: the switch as words may have turned it, and the prompt that waits to be rendered, or none."""

    def look() -> tuple[bool, dict[str, Any] | None]:
        thread = studio.lineage.thread(name)
        return thread.prompt_first, showing.waiting(thread.current_draft, thread.pictures)

    name = _thread()
    on, props = await asyncio.to_thread(look)
    await _show_switch(on)
    held: tuple[dict[str, Any], cl.Message] | None = cl.user_session.get(EDITOR)
    if held is not None and held[0] == props:
        return  # it stands there already, perhaps half edited
    if held is not None:
        await held[1].remove()
    cl.user_session.set(EDITOR, None)
    if props is not None:
        message = cl.Message(content="", elements=[_element("PromptEditor", props)])
        await message.send()
        cl.user_session.set(EDITOR, (props, message))


@cl.on_stop
async def stop() -> None:
    """The stop button: end the render after its current step, and say it in Atelier's words."""
    chat.stop(_thread())
    for message in cl.chat_context.get()[-1:]:
        if message.content == STOCK_STOPPED:
            message.content = STOPPED
            await message.update()


def _attached(message: cl.Message) -> list[Path]:
    """The files that came with a message, under the names that the person gave them: answers speak of those."""
    files = []
    for element in message.elements or []:
        if not element.path:
            continue
        upload = Path(element.path)
        named = upload.parent / f"{upload.stem}.named" / (Path(element.name or "").name or upload.name)
        try:
            named.parent.mkdir(exist_ok=True)
            named.unlink(missing_ok=True)
            named.hardlink_to(upload)
        except (OSError, ValueError):  # a disk without links, or a name that it does not take
            named = upload
        files.append(named)
    return files


def _thread() -> str:
    return f"page-{cl.user_session.get('id')}"


# --- what one turn looks like ---


class TurnView:
    """The steps, messages and elements of one turn."""

    def __init__(self) -> None:
        self._steps: dict[str, cl.Step] = {}
        self._names: dict[str, str] = {}
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
            case ExamplesFound(id, matches, verdict, metadata):
                pictures = await _pictures([m.example.id for m in matches])
                props = page.examples(matches, pictures, verdict, metadata, fetch=settings.fetch_images)
                await self._attach(
                    id, "Examples", props, f"{len(matches)} examples" if matches else "Nothing came close."
                )
            case FavouritesListed(id, matches):
                props = page.examples(matches, await _pictures([m.example.id for m in matches]))
                await self._attach(id, "Examples", props, f"{len(matches)} favourites")
            case DraftMade(id, made):
                before = await _prompt(made.parent)
                props = page.draft(made, await _pictures(page.cited(made)), before)
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
        doing, _, icon = page.tool(name)
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
        self._steps[id], self._names[id] = step, name
        await step.send()
        if name == "generate_picture":
            await self._progress(None)

    async def _attach(self, id: str, element: str, props: dict[str, Any], words: str) -> None:
        step = self._steps.get(id)
        if step is None:
            return
        step.output = words  # a step without any would hide its elements
        await _element(element, props).send(for_id=step.id)
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
        doing, done, _ = page.tool(name)
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
                props = showing.weighing(record, await _prompt(record.picture))
                await self._attach(id, "Weighing", props, f"{len(record.weights)} phrases")
            case Foresight():
                pictures = await _pictures([m.example.id for m in record.matches])
                props = showing.foresight(record, pictures, fetch=settings.fetch_images)
                await self._attach(id, "Examples", props, f"{len(record.matches)} pictures near it")
            case Taste():
                props = showing.taste(record, on=studio.taste.on)
                await self._attach(id, "Taste", props, f"{len(record.lines)} lines")
            case Tree():
                props = await asyncio.to_thread(_tree, _thread(), record)
                await self._attach(id, "Tree", props, props["title"])
            case FileKept():
                href = await _served(Path(record.path).name, "application/octet-stream", path=record.path)
                await self._attach(id, "FileKept", showing.kept(record, href), record.kind)

    async def _quietly(self, props: dict[str, Any]) -> None:
        await self._end_text()
        await cl.Message(content="", elements=[_element("Quiet", props)]).send()

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
        size = await asyncio.to_thread(_size)
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


async def _served(name: str, mime: str, **content: Any) -> str:
    """Where the browser of this session finds a file; other sessions do not."""
    file = await context.session.persist_file(name=name, mime=mime, **content)
    return f"/project/file/{file['id']}?session_id={context.session.id}"


def _element(name: str, props: dict[str, Any]) -> Any:
    return cl.CustomElement(name=name, props=props, display="inline")


async def _prompt(of: int | str | None) -> str:
    """The prompt of a draft, by its number, or of a picture, by its name; empty where there is none."""

    def look() -> str:
        thread = studio.lineage.thread(name)
        return thread.draft(of).prompt if isinstance(of, int) else thread.resolve(of or "").recipe.prompt

    name = _thread()
    with contextlib.suppress(AtelierError):
        return await asyncio.to_thread(look) if of else ""
    return ""


def _tree(name: str, record: Tree) -> dict[str, Any]:
    """The tree with its pictures as they are now."""
    thread = studio.lineage.thread(name)
    return showing.tree(record, thread.pictures, thread.favourites, thread.ratings)


async def _pictures(ids: list[str]) -> dict[str, bytes]:
    """The thumbnails of examples; an answer without pictures is better than none."""
    if not ids:
        return {}
    try:
        return await asyncio.to_thread(lambda: studio.library.thumbnails(ids))
    except Exception:
        log.warning("No thumbnails", exc_info=True)
        return {}


def _size() -> tuple[int, int]:
    """The shape of the pictures to come, for the canvas."""
    try:
        defaults = studio.renderer.defaults
    except AtelierError:  # the tool will say it
        return 1, 1
    return defaults.width, defaults.height


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
