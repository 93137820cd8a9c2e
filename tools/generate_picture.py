"""The tool that renders the current draft. Every picture is new: nothing is ever overwritten."""

import dataclasses
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_core.tools import BaseTool, tool

from tools import fence
from tools.backends import attribution, phrases
from tools.backends.diffusion import MOST_SEED
from tools.backends.errors import BadInput, RenderStopped
from tools.backends.lineage import NOISE
from tools.backends.pictures import open_picture, save_png
from tools.backends.records import Draft, Picture, Recipe, as_json
from tools.backends.starting import ATTACHED, Start
from tools.context import Backends, Runtime, TurnContext

MOST = 4


def make(parts: Backends) -> BaseTool:
    """The tool `generate_picture` over these parts."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def generate_picture(
        runtime: Runtime,
        variations: int = 1,
        seed: str = "same",
        base: str = "",
        start: str = "",
        strength: float = 0.0,
    ) -> tuple[str, dict[str, Any]]:
        """Render the current draft of the prompt. Call refine_prompt first: this tool takes no prompt.

        Args:
            variations: How many pictures to make, from 1 to 4; every one after the first gets a new seed. 0 makes none: it only
                keeps `start` and `strength` with a draft that waits for the person's word.
            seed: "same" keeps the seed of the picture that is being changed, "new" takes a new one, or a whole number.
            base: A picture such as "picture 2" to render its draft instead of the current one; empty for the current one.
            start: A picture to begin with instead of noise, which keeps its composition and colours: "attached" for the one that the
                person dropped in, or "picture 2"; "none" for noise. Empty: as was kept with the draft, else as the picture that is
                being changed began.
            strength: How much of that picture may change: 0.3 little, 0.6 the usual (0), 0.8 much, 1 all.
        """
        context = runtime.context
        count = max(1, min(variations, MOST))
        draft, from_picture = _draft(context, base)
        begun, told = _start(context, start, strength, draft, from_picture)
        named = bool(start.strip())
        if named:
            recipe_for(parts, draft, 0, from_picture, begun)  # refuses what no render could begin with
        if named and variations < 1:
            context.thread.begin_with(draft, begun)
            ahead = _told_ahead(begun)
            return f"Nothing is rendered. Draft {draft.number}: {fence.plain(ahead)}", _artifact([], begun=ahead)
        try:
            refuse_unseen(context, draft, from_picture)
        except BadInput:
            if named:
                context.thread.begin_with(draft, begun)
            raise
        seeds = _seeds(seed, count, from_picture, draft, begun, context)
        if named:
            context.thread.begin_with(draft, begun)  # for the next try, if the person stops this one
        dropped = parts.renderer.dropped(draft.prompt)
        unknown = tuple(parts.renderer.unknown_words(draft.prompt))
        notes = [f"Cut off after the model's limit: {dropped}"] if dropped else []
        notes += [told] if told else []
        made: list[Picture] = []
        for number, one_seed in enumerate(seeds, 1):
            recipe = recipe_for(parts, draft, one_seed, from_picture, begun)
            try:
                picture = render_and_keep(parts, context, recipe, draft, from_picture, begun, number, count)
            except RenderStopped:
                if not made:
                    raise
                break
            made.append(picture)
            context.report.pictured(runtime.tool_call_id or "", picture, unknown, tuple(notes))
        answer = [f"Made {p.name} (seed {p.recipe.seed}, draft {p.draft})." for p in made]
        if len(made) < count:
            answer.append(f"The person stopped after {len(made)} of {count}.")
        if unknown:
            answer.append(f"The image model does not know these words: {fence.plain(', '.join(unknown))}.")
        answer += [fence.plain(note) for note in notes]
        return "\n".join(answer), _artifact(made, unknown, dropped, len(made) < count, told)

    return generate_picture


def _artifact(
    made: Sequence[Picture], unknown: Sequence[str] = (), dropped: str = "", stopped: bool = False, begun: str = ""
) -> dict[str, Any]:
    return {
        "pictures": as_json(list(made)),
        "unknown_words": list(unknown),
        "dropped": dropped,
        "stopped": stopped,
        "begun": begun,
    }


def _start(
    context: TurnContext, said: str, strength: float, draft: Draft, from_picture: Picture | None
) -> tuple[Start | None, str]:
    """What to begin with: what is named; where nothing is, what was kept with the draft, else what the picture that is being
    changed began with. And what the person should know of it."""
    if said.strip():
        named = _named(context, said.strip(), strength)
        return named, told_start(named, from_picture)
    if waiting := context.thread.beginning_of(draft):
        start = context.thread.start_at(waiting)
        if start is None and waiting.picture != NOISE:
            return (
                None,
                f"{waiting.called.capitalize()}, with which this was to begin, is gone; this begins with noise.",
            )
    else:
        start = kept_start(context, from_picture)
    start = dataclasses.replace(start, strength=strength or start.strength) if start else None
    return start, told_start(start, from_picture)


def _named(context: TurnContext, said: str, strength: float) -> Start | None:
    """The picture that is named, or None for noise. One of another conversation is attached to this one, so that later versions
    can begin with it too."""
    if said.lower() in (NOISE, "noise"):
        return None
    if "attach" in said.lower():
        path, called = context.attached(said), ATTACHED
    else:
        picture = context.thread.resolve(said)
        path, called = Path(picture.path), picture.name
    start = Start(picture=open_picture(path), strength=strength or None, called=called)
    if called != ATTACHED and picture not in context.thread.pictures:
        context.thread.attach(path)
    return start


def _told_ahead(start: Start | None) -> str:
    """What a draft that is not rendered yet is to begin with."""
    with_what = f"{start.called}, strength {start.amount:g}" if start else "noise"
    return f"It is to begin with {with_what}."


def kept_start(context: TurnContext, picture: Picture | None) -> Start | None:
    """What a picture began with, so that its next version begins with it too; None for noise, or where it is gone."""
    return context.thread.start_of(picture.recipe) if picture is not None else None


def told_start(start: Start | None, from_picture: Picture | None) -> str:
    """What the person should know of how the new pictures begin; nothing where they begin with noise, as ever."""
    if start is not None:
        return f"Begun with {start.called}, strength {start.amount:g}."
    if from_picture is not None and from_picture.recipe.start:
        return f"{from_picture.name.capitalize()} began with a picture; this begins with noise."
    return ""


def _draft(context: TurnContext, base: str) -> tuple[Draft, Picture | None]:
    """What to render, and the picture whose seed and settings it goes on from."""
    thread = context.thread
    if base.strip():
        picture = thread.resolve(base)
        return thread.draft_of(picture), picture
    draft = thread.current_draft
    if draft is None:
        raise BadInput("There is no prompt yet. Write one with refine_prompt(start=...), then render it.")
    current = thread.current_picture
    if current is not None and current.draft == draft.number:
        return draft, current  # another render of the draft that is shown
    return draft, thread.resolve(draft.from_picture) if draft.from_picture else None


def refuse_unseen(context: TurnContext, draft: Draft, from_picture: Picture | None = None) -> None:
    """Hold "show me the prompt first": only what the person has seen, or wrote word for word, is rendered.

    Raises:
        BadInput: the draft is of this very turn.
    """
    if not context.thread.prompt_first or draft.number <= context.drafts_before:
        return
    own = attribution.stands_in(draft.prompt, context.words)
    again = from_picture is not None and from_picture.recipe.prompt == draft.prompt
    if (own or again) and draft.negative_prompt in _negatives_seen(context, draft, from_picture):
        return
    raise BadInput(
        f"Shown first: draft {draft.number} is new in this turn, and the person wants to see each prompt before it is rendered. "
        "Show it, say that they can edit it, and render it when they say so."
    )


def _negatives_seen(context: TurnContext, draft: Draft, from_picture: Picture | None) -> set[str]:
    """The negative prompts that are nothing new: none, those of earlier turns, the picture's, and one all of whose phrases the
    person said now."""
    said = context.words.casefold()
    seen = {"", *(d.negative_prompt for d in context.thread.drafts if d.number <= context.drafts_before)}
    if from_picture is not None:
        seen.add(from_picture.recipe.negative_prompt)
    if all(attribution.stands_in(own.casefold(), said) for own in phrases.flat(draft.negative_prompt)):
        seen.add(draft.negative_prompt)
    return seen


def _seeds(
    seed: str, count: int, from_picture: Picture | None, draft: Draft, start: Start | None, context: TurnContext
) -> list[int]:
    """One seed a picture; a draft that has its picture with the kept seed already gets new ones."""
    said = str(seed).strip().lower() or "same"
    if said == "same":
        began = (start.names[0], start.amount) if start else ("", 0.0)
        alike = (p for p in context.thread.pictures if p.draft == draft.number)
        taken = {p.recipe.seed: p.name for p in alike if (p.recipe.start, p.recipe.strength) == began}
        first = from_picture.recipe.seed if from_picture else _new_seed()
        if first in taken:
            if count == 1:
                raise BadInput(
                    f"{taken[first]} shows this very draft with seed {first}; it would come out the same. "
                    'Change the draft with refine_prompt, or use seed="new".'
                )
            first = _new_seed()
    elif said == "new":
        first = _new_seed()
    elif said.isdecimal() and len(said) <= 10 and int(said) <= MOST_SEED:  # int() refuses thousands of digits
        first = int(said)
    else:
        raise BadInput(f'{str(seed)[:40]!r} is no seed. Use "same", "new" or a whole number from 0 to {MOST_SEED}.')
    return [first, *(_new_seed() for _ in range(count - 1))]


def _new_seed() -> int:
    return secrets.randbelow(MOST_SEED + 1)


def recipe_for(
    parts: Backends, draft: Draft, seed: int, from_picture: Picture | None, start: Start | None = None
) -> Recipe:
    """The recipe: what the settings ask for, or what the picture that is being changed was made with."""
    options = dict(parts.render_options)
    recipe = parts.renderer.recipe(
        draft.prompt, negative_prompt=draft.negative_prompt, seed=seed, start=start, **options
    )
    kept = from_picture.recipe if from_picture else None
    if kept is not None and kept.model_hash == recipe.model_hash and kept.model == recipe.model:
        return dataclasses.replace(
            recipe,
            steps=kept.steps,
            guidance=kept.guidance,
            width=kept.width,
            height=kept.height,
            scheduler=kept.scheduler,
        )
    return recipe


def render_and_keep(
    parts: Backends,
    context: TurnContext,
    recipe: Recipe,
    draft: Draft,
    from_picture: Picture | None,
    start: Start | None,
    number: int,
    count: int,
    current: bool = True,
) -> Picture:
    """Render, keep the file, then keep the record: a record never names a file that is not there."""

    def on_step(step: int, steps: int) -> None:
        context.report.progressed(step, steps, number, count)

    image = parts.renderer.render(recipe, start=start, on_step=on_step, stop=context.stop)
    path = save_png(image, recipe, context.thread.picture_folder, name=context.thread.next_picture_name())
    return context.thread.add_picture(recipe, path, parent=from_picture, draft=draft, current=current)
