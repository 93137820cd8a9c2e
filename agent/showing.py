"""What the page shows of what tools found out, as plain values: checks, weighings, foresights, taste, trees, files.

The props of its elements. Pure views of records; knows no Chainlit. Prompts, pictures and examples are page.py's.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agent import page
from agent.events import ModelUsed
from agent.printing import MARKS, agreement, effect, shorten, used
from tools.backends.history import VERDICTS
from tools.backends.records import (
    Check,
    Draft,
    FileKept,
    Foresight,
    PhraseSeen,
    Picture,
    Taste,
    TasteLine,
    Tree,
    Weighing,
)
from tools.backends.taste import told

SEEN = {True: ("✓", "seen"), False: ("✗", "not seen"), None: ("?", "the encoder cannot tell")}
KEPT_OUT = {True: ("✗", "seen, but asked to stay out"), False: ("✓", "stays out"), None: SEEN[None]}
FILES = {
    "conversation": ("Conversation", "Every draft and recipe. Replay it with “atelier conversation replay”."),
    "template": ("Template", "The prompt with slots. Fill it in with “atelier generate --template”."),
}
MOST_NODES = 120  # of a tree, the newest: a browser draws them all


def check(found: Check) -> dict[str, Any]:
    """Props of Check: each phrase with its mark, then what was to stay out, and what to say to mend what is missing."""
    kinds = [seen.there for seen in found.phrases]
    told = [f"{kinds.count(there)} {SEEN[there][1]}" for there in (True, False) if there in kinds]
    if None in kinds:
        told.append(f"{kinds.count(None)} it cannot tell")
    if found.unwanted:
        told.append(f"{len(found.unwanted)} seen that should stay out")
    return {
        "title": f"{found.picture.capitalize()} against its prompt",
        "counts": " · ".join(told),
        "phrases": [_seen(seen) for seen in found.phrases] + [_kept_out(seen) for seen in found.avoided],
        "mend": f"fix what is missing in {found.picture}" if found.missing else "",
    }


def _seen(seen: PhraseSeen) -> dict[str, Any]:
    mark, means = SEEN[seen.there]
    state = {True: "seen", False: "missing", None: "unsure"}[seen.there]
    return {"text": seen.phrase, "mark": mark, "state": state, "means": means + _how_sure(seen)}


def _kept_out(seen: PhraseSeen) -> dict[str, Any]:
    mark, means = KEPT_OUT[seen.there]
    state = {True: "missing", False: "seen", None: "unsure"}[seen.there]
    return {"text": f"no {seen.phrase}", "mark": mark, "state": state, "means": means + _how_sure(seen)}


def _how_sure(seen: PhraseSeen) -> str:
    return "" if seen.there is None else f" ({seen.score:.2f} of 1)"


def weighing(found: Weighing, prompt: str = "") -> dict[str, Any]:
    """Props of Weighing, strongest first. `prompt`: the whole one, to offer only what is shorter than that."""
    rows = sorted(found.weights, key=lambda one: -one.effect)
    shorter = found.shortest.strip() and found.shortest != prompt
    return {
        "title": f"What each phrase does for {found.picture}",
        "rows": [
            {"text": w.phrase, "percent": round(100 * min(1.0, max(0.0, w.effect))), "words": effect(w.effect)}
            for w in rows
        ],
        "shortest": found.shortest if shorter else "",
        "use": f"use this prompt: {found.shortest}" if shorter else "",
    }


def foresight(found: Foresight, pictures: Mapping[str, bytes], *, fetch: bool = False) -> dict[str, Any]:
    """Props of Examples, with how much the nearest pictures agree above them."""
    return page.examples(found.matches, pictures, fetch=fetch) | {
        "title": "What it would look like",
        "agreement": {
            "percent": round(100 * min(1.0, max(0.0, found.agreement))),
            "words": f"The nearest pictures {agreement(found.agreement)}.",
        },
    }


def taste(card: Taste, *, on: bool = True) -> dict[str, Any]:
    """Props of Taste: the card in a sentence, and its lines, which can be taken away one by one."""
    return {
        "sentence": told(card),
        "off": "" if on else "Taste is off (ATELIER_TASTE=no): nothing is learned, and nothing is moved by it.",
        "lines": [
            {
                "phrase": line.phrase,
                "keeps": line.weight > 0,
                "percent": round(100 * min(1.0, abs(line.weight))),
                "facts": _picks(line),
            }
            for line in card.lines
        ],
    }


def tree(
    found: Tree, made: Sequence[Picture], saved: Container[str], ratings: Mapping[str, str], *, side: int = 96
) -> dict[str, Any]:
    """Props of Tree: every draft with small copies of its pictures; each says the words that lead back there."""
    thumbnails = {picture.name: page.thumbnail(picture.path, side) for picture in made[-MOST_NODES:]}
    shown = found.nodes[-MOST_NODES:]
    parents = {node.draft.number: node for node in found.nodes}
    nodes = []
    for node in shown:
        parent = parents.get(node.draft.parent or 0)
        nodes.append(
            {
                "number": node.draft.number,
                "depth": min(node.depth, 6),
                "branch": f"from draft {parent.draft.number}" if parent and node.depth > parent.depth else "",
                "request": shorten(node.draft.request or node.draft.prompt, 160),
                "what": _what(node.draft),
                "locked": ", ".join(node.draft.locked),
                "current": node.current,
                "pictures": [
                    {
                        "name": name,
                        "src": thumbnails.get(name, ""),
                        "mark": ("★" if name in saved else "") + VERDICTS.get(ratings.get(name, ""), ""),
                        "says": f"back to {name}",
                    }
                    for name in node.pictures
                ],
            }
        )
    drafts, pictures = len(found.nodes), sum(len(node.pictures) for node in found.nodes)
    older = f" The newest {len(shown)} are shown." if len(shown) < drafts else ""
    return {
        "title": f"{drafts} draft{'s' * (drafts != 1)}, {pictures} picture{'s' * (pictures != 1)}.{older}",
        "nodes": nodes,
    }


def kept(file: FileKept, href: str) -> dict[str, Any]:
    """Props of FileKept: what was written, and where to get it."""
    title, means = FILES.get(file.kind, (file.kind.capitalize(), ""))
    return {"title": title, "means": means, "name": Path(file.path).name, "path": file.path, "href": href}


def usage(event: ModelUsed) -> dict[str, Any]:
    """Props of Quiet: what the language model read and wrote."""
    return {"kind": "usage", "text": used(event.read, event.written, event.cost)}


def notice(text: str) -> dict[str, Any]:
    """Props of Quiet: something that is good to know."""
    return {"kind": "notice", "text": text}


def _what(draft: Draft) -> str:
    """What a draft changed; of a new idea, its prompt, unless that is what was asked for, word for word."""
    if draft.parent is None or not draft.changes:
        return shorten(draft.prompt, 120) if draft.request.strip() not in ("", draft.prompt) else ""
    return shorten(
        "  ".join(
            f"{MARKS[c.kind]} {c.was} → {c.phrase}" if c.kind == "replaced" and c.was else f"{MARKS[c.kind]} {c.phrase}"
            for c in draft.changes
        ),
        120,
    )


def _picks(line: TasteLine) -> str:
    if line.said:
        return "your own words"
    counts = [f"{count} {verb}" for count, verb in ((line.kept, "kept"), (line.dropped, "dropped")) if count]
    return ", ".join(counts)


def waiting(draft: Draft | None, made: Iterable[Picture]) -> dict[str, Any] | None:
    """Props of PromptEditor for the current draft where none of the pictures shows it yet, else None."""
    shown = {(picture.recipe.prompt, picture.recipe.negative_prompt) for picture in made}
    if draft is None or (draft.prompt, draft.negative_prompt) in shown:
        return None
    return {
        "number": draft.number,
        "prompt": draft.prompt,
        "negative": draft.negative_prompt,
        "locked": list(draft.locked),
        "render": "render it",
        "edited": "use this prompt: ",
    }
