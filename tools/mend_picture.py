"""The tool that mends what a picture lacks: wording from examples where it is there, rendered at the same seed, kept if better.

A run never ends on a worse picture than it began with: every try is held against the prompt that was asked for first, and a
try becomes the current picture only when it is judged better than all before, whatever happens in between.
"""

import dataclasses
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from langchain_core.tools import BaseTool, tool

from tools import fence
from tools.backends import aspects, locks, phrases
from tools.backends.checking import Checker, checker_for, pieces
from tools.backends.errors import BadInput, RenderStopped
from tools.backends.lineage import Thread
from tools.backends.records import Change, Check, Draft, Evidence, Match, Picture, as_json
from tools.check_picture import looked_at, told
from tools.context import Backends, Runtime
from tools.generate_picture import kept_start, recipe_for, render_and_keep, told_start

MOST = 6  # renders
SHOWING = 60  # library pictures nearest to a missing piece, among which those that show it are taken
WORDINGS = 3  # of each missing piece
CITED = 4


class Try(NamedTuple):
    """A prompt that may bring what is missing: the piece, the changes that make it, and its evidence in them."""

    piece: str
    prompt: str
    changes: tuple[Change, ...]


def make(parts: Backends) -> BaseTool:
    """The tool `mend_picture` over these parts."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def mend_picture(
        runtime: Runtime, picture: str = "current", budget: int = 3, what: str = ""
    ) -> tuple[str, dict[str, Any]]:
        """Mend what a picture lacks of its prompt with wording from examples, at the same seed. Keeps the best, never a worse one.

        Args:
            picture: "current", or a picture of this conversation, such as "picture 2".
            budget: How many pictures may be rendered for it, from 1 to 6.
            what: What alone is to be mended, such as "moon", where the person names it; empty for all that is missing.
        """
        context, thread = runtime.context, runtime.context.thread
        call, budget = runtime.tool_call_id or "", max(1, min(budget, MOST))
        found = thread.resolve(picture)
        if found not in thread.pictures:
            raise BadInput(f"{found.name} is of another conversation. Say what to change of it, and it goes on here.")
        asked, avoided = found.recipe.prompt, found.recipe.negative_prompt
        begun = Best(found, looked_at(parts, found, asked, avoided))
        thread.add_check(begun.check)
        context.report.show(call, begun.check)
        best, tried, made, notes = begun, {asked}, list[Picture](), list[str]()
        if not begun.check.missing:
            return f"Nothing to mend. {told(begun.check)}", _artifact(begun, begun, made, budget, None)
        wanted = meant(what, [seen.phrase for seen in begun.check.phrases])
        if wanted and not set(wanted) & set(begun.check.missing):
            there = {seen.phrase for seen in begun.check.phrases if seen.there}
            judged = {"shown": [p for p in wanted if p in there], "unjudged": [p for p in wanted if p not in there]}
            answer = (
                f"Nothing was rendered for {'; '.join(fence.plain(piece, 80) for piece in wanted)}. {told(begun.check)}"
            )
            return answer, _artifact(begun, begun, made, budget, None) | judged
        checker, start = checker_for(parts.library, parts.encoder), kept_start(context, found)
        begins = told_start(start, found)
        if thread.prompt_first:
            known = thread.locks
            attempt = next(tries(parts, checker, _only(best, wanted), known, tried), None)
            draft = _drafted(runtime, best, attempt, known, current=True) if attempt else None
            shown = (
                f"Not rendered, because the person wants to see prompts first. Proposed for {attempt.piece!r}, draft {draft.number}: "
                f"<draft>{fence.plain(draft.prompt, 2_000)}</draft>"
                if attempt and draft
                else "No example words what is missing in another way."
            )
            return f"{told(begun.check)}\n{shown}", _artifact(begun, begun, made, budget, draft)
        try:
            while len(made) < budget and _only(best, wanted).check.missing:
                known = thread.locks
                attempt = next(tries(parts, checker, _only(best, wanted), known, tried), None)
                if attempt is None:
                    notes.append("No example words what is still missing in another way.")
                    break
                tried.add(attempt.prompt)
                draft = _drafted(runtime, best, attempt, known, current=False)
                recipe = recipe_for(parts, draft, best.picture.recipe.seed, best.picture, start)
                new = render_and_keep(
                    parts, context, recipe, draft, best.picture, start, len(made) + 1, budget, current=False
                )
                made.append(new)
                context.report.pictured(
                    call, new, tuple(parts.renderer.unknown_words(draft.prompt)), (begins,) if begins else ()
                )
                check = looked_at(parts, new, asked, avoided)
                thread.add_check(check)
                before = best.picture.recipe.prompt  # a lock may have come from another window while it was rendered
                touched = locks.broken(before, draft.prompt, thread.locks)
                better = is_better(check, best.check, wanted) and not touched
                notes.append(_note(attempt, new, check, best, better, touched))
                if better:
                    best = Best(new, check)
                    _stay_at(thread, new)
        except RenderStopped:
            notes.append("The person stopped it.")
        finally:
            _stay_at(thread, best.picture)
        if best is not begun:
            context.report.show(call, best.check)
        if made and begins:
            notes.append(begins)
        artifact = _artifact(begun, best, made, budget, None) | {"begun": begins if made else ""}
        return "\n".join(_answer(begun, best, made, budget, notes)), artifact

    return mend_picture


class Best(NamedTuple):
    """The best picture so far, held against the prompt that was asked for."""

    picture: Picture
    check: Check


def meant(what: str, known: Sequence[str]) -> list[str]:
    """The pieces of a prompt that somebody names, "the moon and the boats"; none where they name nothing of it."""
    found: list[str] = []
    for said in filter(None, map(str.strip, re.split(r",|\band\b", what))):
        head = (phrases.words(said) or [""])[-1]
        forms = {head, phrases.singular(head), f"{head}s"}
        whole = [piece for piece in known if phrases.holds(piece, said) or phrases.holds(said, piece)]
        found += whole or [piece for piece in known if any(form and phrases.holds(piece, form) for form in forms)]
    return list(dict.fromkeys(found))


def _only(best: Best, wanted: Sequence[str]) -> Best:
    """The picture as one that lacks no more than what is to be mended."""
    kept = tuple(seen for seen in best.check.phrases if not wanted or seen.phrase in wanted or seen.there is not False)
    return Best(best.picture, dataclasses.replace(best.check, phrases=kept))


def is_better(new: Check, old: Check, wanted: Sequence[str] = ()) -> bool:
    """Whether a picture shows more of what was asked, nothing less, and nothing more of what was to stay out; and more of what
    is `wanted` above all, if that is named. Both checks are against the same prompts."""
    scores = {seen.phrase: seen.score for seen in old.phrases}
    if wanted and not any(seen.score > scores.get(seen.phrase, 1.0) for seen in new.phrases if seen.phrase in wanted):
        return False
    lost = {seen.phrase for seen in old.phrases if seen.there} & set(new.missing)
    return new.score > old.score and not lost and set(new.unwanted) <= set(old.unwanted)


def tries(parts: Backends, checker: Checker, best: Best, locked: Sequence[str], tried: set[str]) -> Iterator[Try]:
    """Prompts that may bring what the best picture lacks, most promising first: for each missing piece, the worst first, a
    wording that examples hold whose pictures show it; then its second wording, …; then the piece itself moved to the front."""
    prompt = best.picture.recipe.prompt
    scores = {seen.phrase: seen.score for seen in best.check.phrases}
    missing = sorted(best.check.missing, key=lambda piece: scores[piece])
    worded = {piece: _wordings(parts, checker, piece, prompt) for piece in missing}
    rounds = [(piece, worded[piece][n]) for n in range(WORDINGS) for piece in missing if n < len(worded[piece])]
    found = [Try(piece, phrases.apply(prompt, [change]), (change,)) for piece, change in rounds]
    free = [p for p in missing if not any(phrases.holds(lock, p) or phrases.holds(p, lock) for lock in locked)]
    found += [moved for piece in free if (moved := _to_the_front(prompt, piece)) is not None]
    for each in found:
        if each.prompt not in tried and each.prompt != prompt and not locks.broken(prompt, each.prompt, locked):
            yield each


def _wordings(parts: Backends, checker: Checker, piece: str, prompt: str) -> list[Change]:
    """Phrases that go with library pictures in which the piece is seen, nearest to it in meaning first, with their evidence."""
    vector = parts.encoder.texts([piece])[0]
    near = parts.library.nearest_pictures(vector, SHOWING)
    vectors = parts.library.picture_vectors([row.id for row, _ in near])
    rows = [row for row, _ in near if row.id in vectors]
    if not rows:
        return []
    seen = checker.seen(piece, np.stack([vectors[row.id] for row in rows]))
    showing = [
        Match(rank=n, example=row, score=sight.score) for n, (row, sight) in enumerate(zip(rows, seen, strict=True), 1)
        if sight.there
    ]  # fmt: skip
    if not showing:
        return []
    about = aspects.aspect_of(piece)
    others = {aspect for own in pieces(prompt) if own != piece for aspect in aspects.aspect_of(own)}
    held = {match.example.id: match.example for match in showing}
    fit = []
    for near_phrase in parts.finder.phrases_near(showing, k=40):
        own = aspects.aspect_of(near_phrase.phrase)
        if "quality" in own or (about and not own & about) or (own - about) & others:
            continue  # it would say nothing, another thing, or speak against what the prompt says elsewhere
        if any(phrases.normal(near_phrase.phrase) == phrases.normal(mine) for mine in phrases.flat(prompt)):
            continue
        fit.append(near_phrase)
    if not fit:
        return []
    closeness = parts.encoder.texts([each.phrase for each in fit]) @ vector
    order = sorted(range(len(fit)), key=lambda n: (-float(closeness[n]), fit[n].phrase))
    return [
        Change(
            kind="added",
            phrase=fit[n].phrase,
            evidence=tuple(Evidence(id=id, prompt=held[id].prompt) for id in fit[n].example_ids[:CITED] if id in held),
            lift=fit[n].lift,
            source="examples",
        )
        for n in order[:WORDINGS]
    ]


def _to_the_front(prompt: str, piece: str) -> Try | None:
    """The same words with the piece's own phrase first, where text encoders heed it most; None where it is first already."""
    own = phrases.split(prompt)
    phrase = next((p for p in own[1:] if phrases.normal(p) == phrases.normal(piece)), None)
    if phrase is None:
        return None
    gone = Change(kind="removed", phrase=phrase)
    come = Change(kind="added", phrase=phrase, source="assistant")
    return Try(piece, f"{phrase}, {phrases.apply(prompt, [gone])}", (gone, come))


def _drafted(runtime: Any, best: Best, attempt: Try, known: Sequence[str], current: bool) -> Draft:
    """The try as an ordinary draft of the conversation, a child of the best picture's. `known`: the locks that it heeds.

    Raises:
        BadInput: it breaks a lock that another window set since.
    """
    thread = runtime.context.thread
    parent = thread.draft_of(best.picture)
    draft = thread.add_draft(
        attempt.prompt, best.picture.recipe.negative_prompt, parent=parent.number, request=runtime.context.words,
        changes=attempt.changes, from_picture=best.picture.name, locked=locks.held(attempt.prompt, known),
        current=current, known_locks=known,
    )  # fmt: skip
    runtime.context.report.drafted(runtime.tool_call_id or "", draft)
    return draft


def _stay_at(thread: Thread, picture: Picture) -> None:
    """Make a picture and its draft the current ones, unless they are."""
    current, draft = thread.current_picture, thread.current_draft
    if current != picture or (draft is not None and draft.number != picture.draft):
        thread.go_to(picture)


def _note(attempt: Try, new: Picture, check: Check, before: Best, better: bool, touched: Sequence[str]) -> str:
    change = attempt.changes[-1]
    moved = len(attempt.changes) > 1
    how = "moved to the front" if moved else f"as {change.phrase!r} ({len(change.evidence)} examples)"
    kept = "better, kept" if better else f"no better than {before.picture.name}, not kept"
    if touched:
        kept = f"{touched[0]!r} was locked meanwhile, so it was not kept"
    return f"{new.name}: {attempt.piece!r} {how}, {before.check.score:.2f} to {check.score:.2f}: {kept}."


def _answer(begun: Best, best: Best, made: Sequence[Picture], budget: int, notes: Sequence[str]) -> list[str]:
    seed = begun.picture.recipe.seed
    lines = [
        f"Missing in {begun.picture.name}: {'; '.join(fence.plain(piece, 80) for piece in begun.check.missing)}. "
        f"{len(made)} of {budget} renders used, all with seed {seed}.",
        *(f"- {fence.plain(note)}" for note in notes),
    ]
    if best.picture == begun.picture:
        lines.append(
            f"No try was better, so {best.picture.name} stays the current one. Another seed may do it, if asked."
        )
        return lines
    lines.append(f"{best.picture.name} is the current one: {begun.check.score:.2f} before, {best.check.score:.2f} now.")
    if best.check.missing:
        lines.append(f"Still missing: {'; '.join(fence.plain(piece, 80) for piece in best.check.missing)}.")
    if best.check.unwanted:
        seen = "; ".join(fence.plain(piece, 80) for piece in best.check.unwanted)
        lines.append(f"Seen, though it was to stay out: {seen}.")
    return lines


def _artifact(begun: Best, best: Best, made: Sequence[Picture], budget: int, proposed: Draft | None) -> dict[str, Any]:
    return {
        "before": as_json(begun.check),
        "after": as_json(best.check),
        "began_with": begun.picture.name,
        "best": best.picture.name,
        "improved": best.picture != begun.picture,
        "pictures": [as_json(picture) for picture in made],
        "used": len(made),
        "budget": budget,
        "proposed": as_json(proposed) if proposed else None,
        "missing": list(best.check.missing),
        "unwanted": list(best.check.unwanted),
    }
