"""The tool that looks whether a picture shows what its prompt asks for, phrase by phrase, by the encoder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_core.tools import BaseTool, tool

from tools import fence
from tools.backends.checking import checker_for
from tools.backends.pictures import open_picture
from tools.backends.records import Check, PhraseSeen, Picture, as_json
from tools.context import Backends, Runtime


def make(parts: Backends) -> BaseTool:
    """The tool `check_picture` over these parts."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def check_picture(runtime: Runtime, picture: str = "current") -> tuple[str, dict[str, Any]]:
        """Check whether a picture shows what its prompt asks for and nothing that was to stay out, phrase by phrase. Renders nothing.

        Args:
            picture: "current", or a picture of this conversation, such as "picture 2".
        """
        thread = runtime.context.thread
        found = thread.resolve(picture)
        check = looked_at(parts, found, found.recipe.prompt, found.recipe.negative_prompt)
        if any(own.path == found.path for own in thread.pictures):  # one of another conversation is checked, not kept
            thread.add_check(check)
        runtime.context.report.show(runtime.tool_call_id or "", check)
        return told(check), {
            "check": as_json(check),
            "missing": list(check.missing),
            "unwanted": list(check.unwanted),
        }

    return check_picture


def looked_at(parts: Backends, picture: Picture, prompt: str, negative: str) -> Check:
    """A picture's file held against a prompt and a negative prompt, which need not be its own.

    Raises:
        AtelierError: its file is gone or broken.
    """
    checker = checker_for(parts.library, parts.encoder)
    return checker.check(picture.name, open_picture(Path(picture.path)), prompt, negative)


def told(check: Check) -> str:
    """A check as the model reads it."""
    lines = [
        *_lines(check.phrases, "seen", "not seen"),
        *_lines(check.avoided, "asked to stay out, and seen", "asked to stay out, and not seen"),
    ]
    if all(seen.there is None for seen in (*check.phrases, *check.avoided)):
        return "\n".join([f"{check.picture}: the encoder cannot tell any of it, so nothing is claimed.", *lines])
    end = "mend_picture can try to mend what is missing." if check.missing else "Nothing is missing."
    if check.unwanted:
        end += " What should stay out may go with another seed; no wording of examples takes things out."
    return "\n".join([f"{check.picture} held against its prompt: {check.score:.2f} of 1.", *lines, end])


def _lines(all_seen: Sequence[PhraseSeen], yes: str, no: str) -> list[str]:
    """One line for each kind that there is: what is seen, what is not, and what cannot be told."""
    lines = []
    for kind, there in ((yes, True), (no, False), ("the encoder cannot tell", None)):
        found = [seen for seen in all_seen if seen.there is there]
        texts = [fence.plain(s.phrase, 80) + (f" ({s.score:.2f})" if there is not None else "") for s in found]
        if texts:
            lines.append(f"- {kind}: {'; '.join(texts)}")
    return lines
