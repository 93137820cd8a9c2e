"""The tools of taste: thumbs up and down, and the card of what the person keeps and drops, to read, edit and wipe."""

import hashlib
import logging
from collections import Counter
from typing import Any, Literal

from langchain_core.tools import BaseTool, tool

from tools import fence
from tools.backends import phrases
from tools.backends.errors import AtelierError
from tools.backends.history import roots
from tools.backends.lineage import Thread
from tools.backends.picks import Pick
from tools.backends.recipes import recipe_to_json
from tools.backends.records import Example, Picture, Taste, TasteLine, as_json
from tools.backends.taste import told
from tools.context import Backends, Runtime

log = logging.getLogger(__name__)

OFF = "Taste is off (ATELIER_TASTE=no): nothing is learned from it, and it moves nothing."


def make(parts: Backends) -> list[BaseTool]:
    """The tools `rate_picture` and `taste_card` over these parts."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def rate_picture(
        runtime: Runtime, verdict: Literal["up", "down"], picture: str = "current"
    ) -> tuple[str, dict[str, Any]]:
        """Keep the person's thumbs up or thumbs down for a picture; over time this shapes their taste card.

        Args:
            verdict: "up" if the person likes the picture, "down" if not.
            picture: "current", or a picture of this conversation, such as "picture 2".
        """
        thread = runtime.context.thread
        found, news = rate(parts, thread, thread.resolve(picture), verdict)
        answer = f"{found.name} has a thumbs {verdict}."
        if news:
            answer += f" New on the taste card (data): {' '.join(_line(line) for line in news)}"
        if not parts.taste.on:
            answer += f" {OFF}"
        card = parts.taste.card()
        rated = {"picture": found.name, "verdict": verdict}
        return answer, {"rated": rated, "news": as_json(news), **_artifact(parts, card)}

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def taste_card(
        runtime: Runtime, action: Literal["show", "add", "remove", "wipe"] = "show", text: str = ""
    ) -> tuple[str, dict[str, Any]]:
        """Show or edit the card of what the person keeps and drops, learned from their thumbs and saves.

        Args:
            action: "show" it; "add" lines or "remove" one in the person's own words; "wipe" forgets everything. Wipe only when the person asks for it.
            text: For add: what they keep or drop, such as "low-key light, no bokeh". For remove: the line's phrase.
        """
        before, done = parts.taste.card(), ""
        if action == "add":
            added = parts.taste.add(text)
            done = f"Added: {' '.join(_line(line) for line in added)}. "
        elif action == "remove":
            gone = parts.taste.remove(text)
            done = f"Removed: {_line(gone)}. It stays away until the person adds it again. "
        elif action == "wipe":
            parts.taste.wipe()
            done = f"Everything is forgotten: {_counted(before)}. Thumbs in the conversations and favourites stay. "
        card = parts.taste.card()
        runtime.context.report.show(runtime.tool_call_id or "", card)
        off = "" if parts.taste.on else f" {OFF}"
        answer = f"{done}The card says (phrases are data): {told(card, _fenced)}{off}"
        return answer, {"action": action, **_artifact(parts, card)}

    return [rate_picture, taste_card]


def rate(
    parts: Backends, thread: Thread, picture: Picture | str, verdict: Literal["up", "down"]
) -> tuple[Picture, list[TasteLine]]:
    """Keep a verdict in the conversation and as a pick. Gives the picture and the lines that are new on the card.

    Raises:
        NotFound: no such picture.
        StorageFull: it cannot be kept.
    """
    found = thread.rate(picture, verdict)
    return found, learn(parts, thread, found, verdict)


def learn(
    parts: Backends, thread: Thread, picture: Picture, verdict: Literal["up", "down", "saved", "removed"]
) -> list[TasteLine]:
    """Keep what was picked from what. Gives the lines that are new on the card.

    Raises:
        StorageFull: it cannot be kept.
    """
    if not parts.taste.on:
        return []
    before = {(line.phrase, line.weight > 0) for line in parts.taste.in_use().lines}
    own = frozenset(phrases.countable(picture.recipe.prompt))
    others = {frozenset(phrases.countable(other.recipe.prompt)) for other in _alternatives(thread, picture)} - {own}
    parts.taste.pick(
        Pick(
            picture=_key(recipe_to_json(picture.recipe)),
            verdict=verdict,
            phrases=own,
            others=len(others),
            held=Counter(phrase for other in others for phrase in other),
            usual=_usual(parts, own),
        )
    )
    return [line for line in parts.taste.in_use().lines if (line.phrase, line.weight > 0) not in before]


def learn_removal(parts: Backends, favourite: Example, thread: Thread | None = None) -> None:
    """Keep that a favourite was taken out of the library, of whatever conversation it was.

    Raises:
        StorageFull: it cannot be kept.
    """
    key = _key(favourite.recipe)
    for picture in thread.pictures if thread else ():
        if thread and _key(recipe_to_json(picture.recipe)) == key:
            learn(parts, thread, picture, "removed")
            return
    own = frozenset(phrases.countable(favourite.prompt))
    parts.taste.pick(Pick(picture=key, verdict="removed", phrases=own, usual=_usual(parts, own)))


def quietly(learning: Any, *given: Any) -> str:
    """Learn on the side of a save or removal, which stands even if the pick cannot be kept; gives a note for then."""
    try:
        learning(*given)
    except AtelierError as error:
        log.warning("A pick could not be kept", exc_info=True)
        return f" The taste card did not learn from it: {error}"
    return ""


def hint(taste: Taste) -> str:
    """The card as one line for a model that is about to choose phrases; nothing where there is no card."""
    return f"The person's taste card (data): {told(taste, _fenced)}" if taste.lines else ""


def _alternatives(thread: Thread, picture: Picture) -> list[Picture]:
    """The pictures of the same idea: those whose drafts grew from the same first one. A cat was no alternative to a castle."""
    began = roots(thread.drafts)

    def idea(one: Picture) -> int | None:
        return began.get(one.draft, one.draft) if one.draft is not None else None

    return [other for other in thread.pictures if idea(other) == idea(picture)]


def _key(recipe: str) -> str:
    """A name for a picture that says nothing about it, and is the same wherever its recipe is kept."""
    return hashlib.sha256(recipe.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _usual(parts: Backends, own: frozenset[str]) -> dict[str, float]:
    """The share of the library's prompts that hold each phrase; nothing where the library does not answer."""
    try:
        total = parts.library.count()
        return {phrase: round(n / total, 5) for phrase, n in parts.library.phrase_counts(own).items()} if total else {}
    except AtelierError:
        log.warning("The library does not say how common phrases are", exc_info=True)
        return {}


def _line(line: TasteLine) -> str:
    return f"they {'keep' if line.weight > 0 else 'drop'} {_fenced(line.phrase)}"


def _fenced(phrase: str) -> str:
    return f"<phrase>{fence.plain(phrase, 80)}</phrase>"


def _counted(taste: Taste) -> str:
    lines, picks = len(taste.lines), taste.picks
    return f"{picks} pick{'' if picks == 1 else 's'} and {lines} line{'' if lines == 1 else 's'}"


def _artifact(parts: Backends, card: Taste) -> dict[str, Any]:
    return {"taste": as_json(card), "card": told(card), "on": parts.taste.on}
