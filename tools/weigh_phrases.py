"""The tool that answers "which of these words do anything?": every piece of the prompt left out once, at the same seed."""

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.tools import BaseTool, tool

from tools import fence
from tools.backends import locks, phrases
from tools.backends.checking import checker_for, pieces, pixel_distance, without
from tools.backends.errors import BadInput
from tools.backends.records import PhraseWeight, Recipe, Weighing, as_json
from tools.backends.starting import Start, least_steps
from tools.context import Backends, Runtime, TurnContext
from tools.generate_picture import kept_start

if TYPE_CHECKING:
    from PIL.Image import Image

MOST = 16  # pieces that are left out in turn; each costs a render
LITTLE = 0.15  # effect up to which a piece may go
KEEPS = 0.25  # distance up to which the shortened prompt still gives the picture
MOST_TRIED = 8  # renders, besides those of the pieces, that look for a shorter prompt


def make(parts: Backends) -> BaseTool:
    """The tool `weigh_phrases` over these parts."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def weigh_phrases(runtime: Runtime, picture: str = "current", steps: int = 0) -> tuple[str, dict[str, Any]]:
        """Measure which words of a picture's prompt do anything: each is left out once at the same seed. Keeps no pictures.

        Args:
            picture: "current", or a picture of this conversation, such as "picture 2".
            steps: Denoising steps of each small test; 0 takes half of the picture's own.
        """
        context = runtime.context
        found = context.thread.resolve(picture)
        prompt = found.recipe.prompt
        own = pieces(prompt)
        if len(own) < 2:
            raise BadInput(f"The prompt {prompt!r} is a single phrase: there is nothing to leave out.")
        few = (
            max(1, min(steps, found.recipe.steps))
            if steps > 0
            else max(min(4, found.recipe.steps), found.recipe.steps // 2)
        )
        start = kept_start(context, found)
        if found.recipe.start and start is None:
            raise BadInput(
                f"{found.name.capitalize()} began with a picture {'and a mask ' if found.recipe.mask else ''}that I do not have, so it "
                "cannot be rendered again to weigh its words. Weigh those of another picture."
            )
        few = max(few, least_steps(start.amount)) if start else few
        recipe = dataclasses.replace(found.recipe, steps=few)
        scale = _Scale(parts, context, recipe, start, renders=min(len(own), MOST) + 4)
        parted = [(piece, scale.measure(without(prompt, piece))) for piece in own[:MOST]]
        weights = tuple(
            PhraseWeight(phrase=piece, effect=round(apart.both, 3))
            for piece, apart in sorted(parted, key=lambda pair: -pair[1].both)
        )
        short = _shortest(prompt, weights, context.thread.locks, scale)
        weighing = Weighing(picture=found.name, weights=weights, shortest=short.prompt)
        context.report.show(runtime.tool_call_id or "", weighing)
        artifact = {
            "weighing": as_json(weighing),
            "by": {piece: {"encoder": round(a.encoder, 3), "pixels": round(a.pixels, 3)} for piece, a in parted},
            "steps": few,
            "renders": scale.done,
            "kept": None if short.apart is None else round(1 - short.apart, 3),
            "little": list(short.little),
            "together": None if short.together is None else round(short.together, 3),
            "enough": KEEPS,
            "locked": list(short.locked),
        }
        return "\n".join(_told(weighing, short, few, len(own))), artifact

    return weigh_phrases


@dataclass(frozen=True)
class Apart:
    """How far a picture is from the whole prompt's: 0 the same, 1 as far as another prompt, by each of two measures."""

    encoder: float
    pixels: float

    @property
    def both(self) -> float:
        """The mean of the two: one sees what is shown, the other where and in which colours."""
        return (self.encoder + self.pixels) / 2


class _Scale:
    """Small renders at one seed, measured against the whole prompt's and scaled by what other prompts come to."""

    def __init__(
        self, parts: Backends, context: TurnContext, recipe: Recipe, start: Start | None, renders: int
    ) -> None:
        self._parts, self._context, self._recipe, self._start = parts, context, recipe, start
        self._renders = renders
        self.done = 0
        self._whole = self._render(recipe.prompt)
        self._vector = parts.encoder.pictures([self._whole])[0]
        foreign = [self._raw(self._render(other)) for other in _others(parts, recipe.prompt)]
        self._unit = np.maximum(np.mean(foreign, axis=0), 1e-3)

    def measure(self, prompt: str) -> Apart:
        """Render a prompt with everything else the same, and measure it."""
        encoder, pixels = np.clip(self._raw(self._render(prompt)) / self._unit, 0.0, 1.0)
        return Apart(float(encoder), float(pixels))

    def _raw(self, image: "Image") -> np.ndarray:
        """(2,): cosine distance of the pictures' vectors, and root mean square of their pixels."""
        cosine = float(self._parts.encoder.pictures([image])[0] @ self._vector)
        return np.array([max(0.0, 1 - cosine), pixel_distance(image, self._whole)])

    def _render(self, prompt: str) -> "Image":
        self.done += 1
        self._renders = max(self._renders, self.done)

        def on_step(step: int, steps: int) -> None:
            self._context.report.progressed(step, steps, self.done, self._renders)

        recipe = dataclasses.replace(self._recipe, prompt=prompt)
        return self._parts.renderer.render(recipe, start=self._start, on_step=on_step, stop=self._context.stop)


def _others(parts: Backends, prompt: str) -> list[str]:
    """Two prompts of the library that have the fewest words in common with this one; always the same."""
    have = set(phrases.words(prompt))
    checker = checker_for(parts.library, parts.encoder)
    rows = [row.prompt for row in parts.library.get(checker.library.some_pictures(60)) if row.prompt.strip()]
    rows.sort(key=lambda other: len(have & set(phrases.words(other))))
    return rows[:2] or ["a plain gray wall"]


@dataclass(frozen=True, kw_only=True)
class _Short:
    """The shortest prompt that was found, how far its picture is from the whole prompt's (None: nothing may go), and what
    was tried: the pieces that do little one by one and how far the picture is without all of them; those that are locked."""

    prompt: str
    apart: float | None = None
    little: tuple[str, ...] = ()
    together: float | None = None
    locked: tuple[str, ...] = ()


def _shortest(prompt: str, weights: tuple[PhraseWeight, ...], locked: tuple[str, ...], scale: _Scale) -> _Short:
    """The prompt without as much of what does little as its picture can spare.

    Several pieces that do little one by one may do much together, so one more render decides over all at once. If that
    fails, they go one after the other, weakest first, each only if the picture without it and the ones before stays.
    """
    little: list[str] = []
    kept: list[str] = []
    short = prompt
    for weight in reversed(weights[1:]):  # weakest first; the strongest always stays
        left = without(short, weight.phrase)
        if weight.effect > LITTLE or not left.strip() or left == short:
            continue
        if locks.broken(prompt, left, locked):
            kept.append(weight.phrase)
            continue
        short, little = left, [*little, weight.phrase]
    tried = _Short(prompt=prompt, little=tuple(little), locked=tuple(kept))
    if not little:
        return tried
    effects = {weight.phrase: weight.effect for weight in weights}
    if len(little) == 1:
        return dataclasses.replace(tried, prompt=short, apart=effects[little[0]])
    together = scale.measure(short).both
    if together <= KEEPS:
        return dataclasses.replace(tried, prompt=short, apart=together, together=together)
    short, apart = without(prompt, little[0]), effects[little[0]]  # its own render has shown already what comes of it
    for phrase in little[1 : MOST_TRIED + 1]:
        left = without(short, phrase)
        if left != short and left.strip() and (now := scale.measure(left).both) <= KEEPS:
            short, apart = left, now
    return dataclasses.replace(tried, prompt=short, apart=apart, together=together)


def _told(weighing: Weighing, short: _Short, steps: int, count: int) -> list[str]:
    answer = [
        f"Each piece of {weighing.picture}'s prompt left out once, same seed, {steps} steps "
        "(0: the picture stays the same, 1: it becomes as different as another prompt's; by the encoder and by the pixels):",
        *(f"- {weight.effect:.2f} {fence.plain(weight.phrase, 80)}" for weight in weighing.weights),
    ]
    if count > MOST:
        answer.append(f"Only the first {MOST} of {count} pieces were weighed.")
    if short.together is not None and short.together > KEEPS:
        answer.append(
            f"{len(short.little)} pieces do little one by one, but the picture without all of them is {short.together:.2f} apart; "
            "so they were left out one after the other, as long as it stayed."
        )
    if short.locked:
        answer.append(f"Locked, so never left out: {', '.join(fence.plain(phrase, 80) for phrase in short.locked)}.")
    if short.apart is None:
        answer.append("No piece can go without changing the picture.")
    else:
        answer.append(
            f"Shortest prompt that keeps the picture ({1 - short.apart:.0%} the same, rendered to be sure): "
            f"<draft>{fence.plain(weighing.shortest, 2_000)}</draft>"
        )
    return answer
