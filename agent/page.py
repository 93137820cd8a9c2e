"""What the page shows, as plain values: the props of its elements. Pure views of events; knows no Chainlit."""

import base64
import difflib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agent import lookups
from agent.build import Part
from agent.events import PictureMade, RenderProgress
from agent.printing import lift, model_name, recipe_line, shorten, whose_words
from tools.backends import locks, phrases
from tools.backends.queries import Query, listed
from tools.backends.records import Change, Draft, Evidence, Match, Picture, TasteLine

SHOWN_WIDTH = 512  # a picture that is smaller than this is enlarged to it

VERDICTS = {
    "this picture": "This picture is in your library.",
    "same look": "Not this picture, but the same look.",
    "not in the library": "Not in the library. These are the nearest, and they are not near.",
}
TOOLS = {  # name: while it works, when it is done, its icon
    "search_prompts": ("Looking through the library", "Looked through the library", "search"),
    "find_similar_pictures": ("Looking for this picture", "Looked for this picture", "scan-search"),
    "refine_prompt": ("Writing the prompt", "Wrote the prompt", "pen-line"),
    "undo_change": ("Taking back the last change", "Took back the last change", "undo-2"),
    "generate_picture": ("Rendering", "Rendered", "palette"),
    "explain_change": ("Looking for the reasons", "Looked for the reasons", "quote"),
    "preview_prompt": ("Looking ahead", "Looked ahead", "binoculars"),
    "weigh_phrases": ("Weighing the words", "Weighed the words", "scale"),
    "check_picture": ("Checking the picture", "Checked the picture", "list-checks"),
    "mend_picture": ("Mending the picture", "Mended the picture", "wand-sparkles"),
    "show_history": ("Looking back", "Looked back", "git-branch"),
    "keep_conversation": ("Writing it to a file", "Wrote it to a file", "file-down"),
    "prompt_first": ("Setting when prompts are shown", "Set when prompts are shown", "eye"),
    "save_favourite": ("Saving", "Saved", "heart"),
    "list_favourites": ("Looking at your favourites", "Your favourites", "heart"),
    "remove_favourite": ("Removing a favourite", "Removed a favourite", "heart-off"),
    "rate_picture": ("Keeping your verdict", "Kept your verdict", "thumbs-up"),
    "taste_card": ("Looking at your taste card", "Your taste card", "contact-round"),
}
QUIET_WORK = {  # name: what its progress is called; it renders only to look, and shows no canvas
    "weigh_phrases": "Leaving out phrases: picture {picture} of {pictures}",
}
_THE_ONE_MEANT = ("attached", "current")
_FACTS = {
    "generator": "Made by",
    "prompt": "Prompt",
    "negative_prompt": "Without",
    "seed": "Seed",
    "steps": "Steps",
    "guidance": "Guidance",
    "sampler": "Sampler",
    "model": "Model",
    "size": "Size",
}


def tool(name: str, args: Mapping[str, Any] | None = None) -> tuple[str, str, str]:
    """A tool's name while it works, its name when it is done, and its icon. `args`: what it is called with."""
    if name == "generate_picture" and (args or {}).get("variations") == 0:
        return "Keeping what it begins with", "Kept what it begins with", "palette"
    words = name.replace("_", " ").capitalize()
    return TOOLS.get(name, (words, words, "wrench"))


def asked(args: Mapping[str, Any]) -> str:
    """What a tool was asked, for people."""
    said = [
        str(args[key]) for key in ("looks_like", "words", "picture") if args.get(key) not in (None, "", *_THE_ONE_MEANT)
    ]
    if without := listed(args.get("without") or ()):
        said.append(f"without {', '.join(without)}")
    said += listed(args.get("where") or ())
    return shorten(" ".join(" · ".join(said).split()), 160)


def examples(
    matches: Sequence[Match],
    pictures: Mapping[str, bytes],
    verdict: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    *,
    query: Query | None = None,
    fetch: bool = False,
) -> dict[str, Any]:
    """Props of Examples: what was found, with its pictures, and the conditions as chips that can be taken away.

    `fetch`: links may be loaded where no picture was kept.
    """
    return {
        "title": f"{len(matches)} examples",
        "verdict": verdict,
        "sentence": VERDICTS.get(verdict or "", verdict),
        "facts": _facts(metadata or {}),
        "chips": chips(query),
        "examples": [
            {
                "id": m.example.id,
                "alike": f"×{m.copies} alike" if m.copies > 1 else "",
                "prompt": m.example.prompt,
                "favourite": m.example.favourite,
                "picture": _source(pictures.get(m.example.id)) or (_link(m.example.url) if fetch else None),
                "facts": " · ".join(_about(m)),
            }
            for m in matches
        ],
    }


def chips(query: Query | None) -> list[dict[str, str]]:
    """The conditions of a search; each says the words that search again without it, about the same picture."""
    if query is None or not query.has_conditions:
        return []
    return [{"text": chip.text, "says": lookups.said(query.but(chip))} for chip in query.chips()]


def draft(made: Draft, pictures: Mapping[str, bytes], before: str = "") -> dict[str, Any]:
    """Props of PromptDiff: the prompt phrase by phrase against the one before it, and where each change comes from."""
    if made.parent is not None and before:
        shown = _diff(before, made.prompt)
    else:  # a first draft: what the assistant added is new, the person's own words are not
        new = {phrases.normal(c.phrase) for c in made.changes if c.kind != "removed" and c.source != "person"}
        shown = [
            {"text": text, "kind": "added" if phrases.normal(text) in new else "kept"}
            for text in phrases.split(made.prompt)
        ]
    own = {phrases.normal(c.phrase) for c in made.changes if c.source == "assistant"}
    kept = sum(item["kind"] == "kept" for item in shown)
    return {
        "number": made.number,
        "phrases": [
            {
                "pieces": _pieces(item["text"], made.locked if item["kind"] != "removed" else ()),
                "kind": item["kind"],
                "own": item["kind"] == "added" and phrases.normal(item["text"]) in own,
            }
            for item in shown
        ],
        "negative": made.negative_prompt,
        "changes": [_change(change, pictures) for change in made.changes],
        "locked": list(made.locked),
        "kept": _kept(kept) if made.parent is not None and made.changes else "",
    }


def _diff(before: str, after: str) -> list[dict[str, str]]:
    """Both prompts' phrases in one line: kept, removed, added."""
    old, new = phrases.split(before), phrases.split(after)
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    shown: list[dict[str, str]] = []
    for step, a, b, c, d in steps:
        if step == "equal":
            shown += [{"text": text, "kind": "kept"} for text in new[c:d]]
        else:
            shown += [{"text": text, "kind": "removed"} for text in old[a:b]]
            shown += [{"text": text, "kind": "added"} for text in new[c:d]]
    return shown


def _pieces(text: str, locked: Sequence[str]) -> list[dict[str, Any]]:
    """A phrase cut where locked words begin and end."""
    marks = bytearray(len(text))
    for lock in locked:
        for place in locks.places(text, lock):
            marks[place.start : place.end] = b"\x01" * (place.end - place.start)
    pieces: list[dict[str, Any]] = []
    for letter, mark in zip(text, marks, strict=True):
        if pieces and pieces[-1]["locked"] == bool(mark):
            pieces[-1]["text"] += letter
        else:
            pieces.append({"text": letter, "locked": bool(mark)})
    return pieces


def summary(made: Draft) -> str:
    """What happened to the prompt, in a few words."""
    kinds = [change.kind for change in made.changes]
    counts = [f"{kinds.count(kind)} {kind}" for kind in ("added", "replaced", "removed") if kind in kinds]
    counts += [f"{len(made.locked)} locked"] if made.locked else []
    return f"Draft {made.number}" + (": " + ", ".join(counts) if counts else "")


def cited(made: Draft) -> list[str]:
    """The ids of all examples that a draft's changes come from."""
    return list(dict.fromkeys(e.id for change in made.changes for e in change.evidence))


def learned(news: Sequence[TasteLine]) -> str:
    """What is new on the taste card, in a sentence; empty where nothing is."""
    told = [f"you {'keep' if line.weight > 0 else 'drop'} “{line.phrase}”" for line in news[:3]]
    return f"New on your taste card: {', '.join(told)}." if told else ""


def canvas(progress: RenderProgress | None, size: tuple[int, int], tool: str = "generate_picture") -> dict[str, Any]:
    """Props of Picture while it renders. A tool that renders only to look gets a bar and no canvas."""
    width, height = size
    state = {"src": "", "width": width, "height": height, "bar": tool in QUIET_WORK}
    if progress is not None and tool in QUIET_WORK:
        label = QUIET_WORK[tool].format(picture=progress.picture, pictures=progress.pictures)
        return {**state, "step": progress.picture, "steps": progress.pictures, "label": label}
    if progress is None:
        return {**state, "step": 0, "steps": 0, "label": "Getting the renderer ready…"}
    of = f" picture {progress.picture} of {progress.pictures}" if progress.pictures > 1 else ""
    label = f"Rendering{of}: step {progress.step} of {progress.steps}"
    return {**state, "step": progress.step, "steps": progress.steps, "label": label}


def enlarged(made: Picture) -> bytes | None:
    """A smooth, larger copy of a small picture, to look at; None for one that is large enough. The file stays as it is.

    Browsers enlarge with a simple filter, which shows the pixels of the built-in renderer as a grid.
    """
    if max(made.recipe.width, made.recipe.height) >= SHOWN_WIDTH:
        return None
    from PIL import Image
    from PIL.Image import Resampling

    times = 2 * SHOWN_WIDTH // max(made.recipe.width, made.recipe.height)
    file = io.BytesIO()
    with Image.open(made.path) as small:
        size = (small.width * times, small.height * times)
        small.convert("RGB").resize(size, Resampling.BICUBIC).save(file, "WEBP", quality=90)
    return file.getvalue()


def picture(event: PictureMade, file: str, shown: str) -> dict[str, Any]:
    """Props of Picture when it is finished: `file` is the picture's own PNG, `shown` what the page shows of it."""
    made, recipe = event.picture, event.picture.recipe
    notes = list(event.notes)
    if event.unknown_words:
        notes.insert(0, "The renderer does not know: " + ", ".join(event.unknown_words) + ".")
    width = max(recipe.width, SHOWN_WIDTH) if recipe.width >= recipe.height else round(SHOWN_WIDTH * 0.8)
    return {
        "src": shown,
        "file": file,
        "name": made.name,
        "alt": f"{made.name}: {shorten(recipe.prompt, 200)}",
        "caption": recipe_line(recipe) + (f" · from {made.parent}" if made.parent else ""),
        "notes": notes,
        "width": recipe.width,
        "height": recipe.height,
        "shownWidth": f"{width}px",
        "fileName": Path(made.path).name,
        "says": {
            "save": f"save {made.name}",
            "variation": f"another variation of {made.name}",
            "cinematic": f"back to {made.name}, and make it more cinematic",
            "reference": f"find pictures like {made.name}",
            "check": f"check {made.name}",
            "weigh": f"which words of {made.name} do anything?",
        },
    }


def thumbnail(path: str, side: int = 96) -> str:
    """A picture's file as a small picture in a link of its own; empty where the file is gone or broken."""
    from PIL import Image

    file = io.BytesIO()
    try:
        with Image.open(path) as whole:
            small = whole.convert("RGB")
            times = side / min(small.size)
            small.resize([max(1, round(length * times)) for length in small.size]).save(file, "WEBP", quality=80)
    except (OSError, ValueError):
        return ""
    return _source(file.getvalue()) or ""


def parts(in_use: Sequence[Part]) -> dict[str, Any]:
    """What the line at the top of the page says."""
    built_in = [part for part in in_use if part.built_in]
    if len(built_in) == len(in_use):
        title = "Built-in parts"
    elif built_in:
        title = "Built in: " + ", ".join(part.part for part in built_in)
    else:
        title = "Parts in use"
    shown = [{"part": p.part, "in_use": p.in_use, "built_in": p.built_in, "real": p.real} for p in in_use]
    return {"type": "atelier-parts", "title": title, "parts": shown}


def private(html: str, *, fetch: bool = False) -> str:
    """Chainlit's page without its links to strangers' servers, and with a rule that lets the browser ask no other one.

    Chainlit links a web font and KaTeX's style from public hosts. Removing the links is what matters; the rule keeps
    away whatever a later version, or a model's Markdown, may bring. `fetch`: pictures may come from their links.
    """
    html = re.sub(r"<link\b[^>]*\bhref=[\"']https?://[^>]*>\s*", "", html)
    pictures = "'self' data: blob:" + (" https: http:" if fetch else "")
    rule = (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        f"img-src {pictures}; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
        "base-uri 'self'; form-action 'self'"
    )
    return html.replace("<head>", f'<head>\n    <meta http-equiv="Content-Security-Policy" content="{rule}" />', 1)


def _kept(count: int) -> str:
    return "Everything else stays as it was." if count else ""


def _change(change: Change, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    times = change.lift if change.lift and change.lift > 0 else None
    return {
        "kind": change.kind,
        "phrase": change.phrase,
        "was": change.was or "",
        "lift": f"{lift(times)} near this idea" if times else "",
        "liftMeans": f"Near this idea the phrase is {times:.1f} times as common as in the whole library."
        if times
        else "",
        "whose": whose_words(change),
        "source": change.source,
        "evidence": [_evidence(e, change.phrase, pictures) for e in change.evidence],
    }


def _evidence(evidence: Evidence, phrase: str, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    """An example with the phrase in the middle, so that anyone sees that it really stands there."""
    at = evidence.prompt.lower().find(phrase.lower())
    before, found, after = (
        (evidence.prompt, "", "")
        if at < 0
        else (evidence.prompt[:at], evidence.prompt[at : at + len(phrase)], evidence.prompt[at + len(phrase) :])
    )
    return {
        "id": evidence.id,
        "before": before if len(before) <= 90 else "…" + before[-90:],
        "phrase": found,
        "after": after if len(after) <= 90 else after[:90] + "…",
        "picture": _source(pictures.get(evidence.id)),
    }


def _facts(metadata: Mapping[str, Any]) -> list[dict[str, str]]:
    known = dict(metadata)
    if known.get("width") and known.get("height"):
        known["size"] = f"{known['width']} × {known['height']}"
    if known.get("model"):
        known["model"] = model_name(str(known["model"]))
    return [
        {"name": name, "value": str(known[key])} for key, name in _FACTS.items() if known.get(key) not in (None, "")
    ]


def _about(match: Match) -> Iterable[str]:
    example = match.example
    if match.distance is not None:
        yield f"closeness {1 - match.distance:.2f}"
    if example.width and example.height:
        yield f"{example.width} × {example.height}"
    if example.source_site:
        yield example.source_site


def _source(webp: bytes | None) -> str | None:
    """A thumbnail in the props themselves: it is small, and needs no file, no session and no second request."""
    return "data:image/webp;base64," + base64.b64encode(webp).decode("ascii") if webp else None


def _link(url: str) -> str | None:
    return url if url.startswith(("https://", "http://")) else None
