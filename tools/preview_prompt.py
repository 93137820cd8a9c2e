"""The tool that answers "what would this look like?" from the library, before anything is rendered."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from langchain_core.tools import BaseTool, tool

from tools import fence
from tools.backends import attribution, phrases
from tools.backends.checking import checker_for
from tools.backends.errors import BadInput
from tools.backends.records import Change, Example, Foresight, Match, as_json
from tools.context import Backends, Runtime, TurnContext

NEAR = 12  # pictures whose agreement is measured
SHOWN = 6
AGREED = 0.6  # share of the near pictures' prompts that must hold a phrase before it is named


def make(parts: Backends) -> BaseTool:
    """The tool `preview_prompt` over these parts."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def preview_prompt(
        runtime: Runtime, words: str = "", base: str = "", prompt: str = ""
    ) -> tuple[str, dict[str, Any]]:
        """Show which library pictures a prompt comes nearest to, and how much they agree. Renders and changes nothing.

        Args:
            words: What to add to the prompt for this look, such as "in fog"; or, where there is no prompt yet, a whole idea.
            base: A picture such as "picture 2" whose prompt to look at; empty for the current draft.
            prompt: The whole prompt to look at, where words of the draft would have to go or change for it; else empty.
        """
        prompt = fence.unfenced(prompt).strip(" ,") or _prompt(runtime.context, words, base)
        foresight, shared = foresee(parts, prompt)
        runtime.context.report.show(runtime.tool_call_id or "", foresight)
        answer = [
            f"<draft>{fence.plain(prompt, 2_000)}</draft> comes nearest to these library pictures; nothing was rendered.",
            f"The nearest {NEAR} agree {foresight.agreement:.2f} of 1 (0: as any pictures of the library, 1: as close neighbours).",
        ]
        if shared:
            answer.append(f"Most of their prompts hold: {'; '.join(fence.plain(phrase, 80) for phrase in shared)}.")
        answer.append(fence.examples(foresight.matches))
        artifact = {
            "foresight": as_json(foresight),
            "matches": as_json(foresight.matches),
            "shared": shared,
            "phrases": [],
        }
        return "\n".join(answer), artifact

    return preview_prompt


def foresee(parts: Backends, prompt: str) -> tuple[Foresight, list[str]]:
    """The library pictures nearest to a prompt's words, how much they agree, and the phrases that most of them share.

    Raises:
        BadInput: the library holds no pictures.
    """
    near = parts.library.nearest_pictures(parts.encoder.texts([prompt])[0], NEAR)
    if not near:
        raise BadInput("The library holds no pictures to look at. Render the prompt with generate_picture.")
    vectors = parts.library.picture_vectors([example.id for example, _ in near])
    agreement = checker_for(parts.library, parts.encoder).agreement(np.stack(list(vectors.values())))
    matches = tuple(
        Match(rank=rank, example=example, score=1.0 - distance, distance=distance)
        for rank, (example, distance) in enumerate(near[:SHOWN], 1)
    )
    return Foresight(prompt=prompt, agreement=agreement, matches=matches), _shared([example for example, _ in near])


def _prompt(context: TurnContext, words: str, base: str) -> str:
    """The candidate: the current draft or a picture's prompt, and the words after it."""
    more = fence.unfenced(words).strip(" ,")
    if base.strip():
        prompt = context.thread.resolve(base).recipe.prompt
    else:
        draft = context.thread.current_draft
        prompt = draft.prompt if draft else ""
    if not prompt and not more:
        raise BadInput("There is no prompt to look at yet. Give the idea as words.")
    whose = attribution.source(more, context.words, cited=False)
    if not prompt or not more or phrases.twin(prompt, more, reordered=whose != "person") is not None:
        return prompt or more
    return phrases.apply(prompt, [Change(kind="added", phrase=more)])  # as refine_prompt would write it


def _shared(examples: Sequence[Example]) -> list[str]:
    """The phrases that most of the prompts hold, commonest first."""
    held = Counter(phrase for example in examples for phrase in phrases.countable(example.prompt))
    return [phrase for phrase, count in held.most_common(6) if count >= AGREED * len(examples)]
