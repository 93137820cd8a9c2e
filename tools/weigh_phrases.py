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
from tools.context import Backends, Runtime, TurnContext

if TYPE_CHECKING:
    from PIL.Image import Image

MOST = 16  # pieces that are left out in turn; each costs a render
LITTLE = 0.15  # effect up to which a piece may go
KEEPS = 0.25  # distance up to which the shortened prompt still gives the picture


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
        scale = _Scale(parts, context, dataclasses.replace(found.recipe, steps=few), renders=min(len(own), MOST) + 4)
        parted = [(piece, scale.measure(without(prompt, piece))) for piece in own[:MOST]]
        weights = tuple(
            PhraseWeight(phrase=piece, effect=round(apart.both, 3))
            for piece, apart in sorted(parted, key=lambda pair: -pair[1].both)
        )
        shortest, verified = _shortest(prompt, weights, context.thread.locks, scale)
        weighing = Weighing(picture=found.name, weights=weights, shortest=shortest)
        context.report.show(runtime.tool_call_id or "", weighing)
        artifact = {
            "weighing": as_json(weighing),
            "by": {piece: {"encoder": round(a.encoder, 3), "pixels": round(a.pixels, 3)} for piece, a in parted},
            "steps": few,
            "renders": scale.done,
            "kept": None if verified is None else round(1 - verified, 3),
        }
        return "\n".join(_told(weighing, prompt, verified, few, len(own))), artifact

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

    def __init__(self, parts: Backends, context: TurnContext, recipe: Recipe, renders: int) -> None:
        self._parts, self._context, self._recipe, self._renders = parts, context, recipe, renders
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
        return self._parts.renderer.render(recipe, on_step=on_step, stop=self._context.stop)


def _others(parts: Backends, prompt: str) -> list[str]:
    """Two prompts of the library that have the fewest words in common with this one; always the same."""
    have = set(phrases.words(prompt))
    checker = checker_for(parts.library, parts.encoder)
    rows = [row.prompt for row in parts.library.get(checker.library.some_pictures(60)) if row.prompt.strip()]
    rows.sort(key=lambda other: len(have & set(phrases.words(other))))
    return rows[:2] or ["a plain gray wall"]


def _shortest(
    prompt: str, weights: tuple[PhraseWeight, ...], locked: tuple[str, ...], scale: _Scale
) -> tuple[str, float | None]:
    """The prompt without what does little, and how far its picture is from the whole prompt's; None: nothing may go.

    Several pieces that do little one by one may do much together, so one more render decides. If that fails, only the weakest
    goes: its own render has shown already what comes of it.
    """
    short, gone = prompt, 0
    for weight in reversed(weights[1:]):  # weakest first; the strongest always stays
        left = without(short, weight.phrase)
        if weight.effect <= LITTLE and left.strip() and left != short and not locks.broken(prompt, left, locked):
            short, gone = left, gone + 1
    if not gone:
        return prompt, None
    if gone > 1:
        apart = scale.measure(short).both
        if apart <= KEEPS:
            return short, apart
    for weight in reversed(weights[1:]):
        left = without(prompt, weight.phrase)
        if weight.effect <= LITTLE and left != prompt and not locks.broken(prompt, left, locked):
            return left, weight.effect
    return prompt, None


def _told(weighing: Weighing, prompt: str, verified: float | None, steps: int, count: int) -> list[str]:
    answer = [
        f"Each piece of {weighing.picture}'s prompt left out once, same seed, {steps} steps "
        "(0: the picture stays the same, 1: it becomes as different as another prompt's; by the encoder and by the pixels):",
        *(f"- {weight.effect:.2f} {fence.plain(weight.phrase, 80)}" for weight in weighing.weights),
    ]
    if count > MOST:
        answer.append(f"Only the first {MOST} of {count} pieces were weighed.")
    if verified is None:
        answer.append("No piece can go without changing the picture.")
    else:
        answer.append(
            f"Shortest prompt that keeps the picture ({1 - verified:.0%} the same, rendered to be sure): "
            f"<draft>{fence.plain(weighing.shortest, 2_000)}</draft>"
        )
    return answer
