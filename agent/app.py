"""The page: Chainlit's handlers, and nothing that the terminal does not have too. Start it with `atelier chat`.

Each turn's events become steps, messages and elements in turnview.py; what they show is decided in page.py, how it looks in
public/. Nothing here waits for a model, a database or a file: that is done in threads.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import chainlit as cl
from chainlit import server
from chainlit.input_widget import InputWidget, Switch
from starlette.middleware.trustedhost import TrustedHostMiddleware

from agent import logs, page, showing
from agent.build import Studio, build
from agent.chat import Chat
from agent.events import TurnFailed
from agent.serving import hosts_answered
from agent.settings import load_settings
from agent.turnview import STOPPED, TurnView, element
from tools import taste as tastes
from tools.backends.errors import AtelierError, BadInput

WARM_AFTER_SECONDS = 1.0  # the page answers first: imports and requests share Python's lock
PROMPT_FIRST = "prompt_first"  # the switch, and the session's word for how it was drawn last
EDITOR = "editor"  # the session's word for the message that holds the prompt that waits
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
        ("lighthouse", "A lighthouse by the sea at night, ukiyo-e"),
        ("robot", "A robot waving in the city, comic"),
        ("castle", "A castle in the snow, stained glass"),
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
    view = TurnView(studio, _thread())
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
        message = cl.Message(content="", elements=[element("PromptEditor", props)])
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
    for sent in message.elements or []:
        if not sent.path:
            continue
        upload = Path(sent.path)
        named = upload.parent / f"{upload.stem}.named" / (Path(sent.name or "").name or upload.name)
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
