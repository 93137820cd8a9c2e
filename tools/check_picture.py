"""The tool that looks whether a picture shows what its prompt asks for, phrase by phrase, by the encoder."""

from pathlib import Path
from typing import Any

from langchain_core.tools import BaseTool, tool

from tools import fence
from tools.backends.checking import checker_for
from tools.backends.pictures import open_picture
from tools.backends.records import Check, Picture, as_json
from tools.context import Backends, Runtime


def make(parts: Backends) -> BaseTool:
    """The tool `check_picture` over these parts."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def check_picture(runtime: Runtime, picture: str = "current") -> tuple[str, dict[str, Any]]:
        """Check whether a picture shows what its prompt asks for, phrase by phrase. Renders nothing.

        Args:
            picture: "current", or a picture of this conversation, such as "picture 2".
        """
        thread = runtime.context.thread
        found = thread.resolve(picture)
        check = looked_at(parts, found, found.recipe.prompt)
        if any(own.path == found.path for own in thread.pictures):  # one of another conversation is checked, not kept
            thread.add_check(check)
        runtime.context.report.show(runtime.tool_call_id or "", check)
        return told(check), {"check": as_json(check), "missing": list(check.missing)}

    return check_picture


def looked_at(parts: Backends, picture: Picture, prompt: str) -> Check:
    """A picture's file held against a prompt, which need not be its own.

    Raises:
        AtelierError: its file is gone or broken.
    """
    return checker_for(parts.library, parts.encoder).check(picture.name, open_picture(Path(picture.path)), prompt)


def told(check: Check) -> str:
    """A check as the model reads it."""
    kinds = (("seen", True), ("not seen", False), ("the encoder cannot tell", None))
    lines = [
        f"- {kind}: " + "; ".join(f"{fence.plain(seen.phrase, 80)} ({seen.score:.2f})" for seen in found)
        if there is not None
        else f"- {kind}: " + "; ".join(fence.plain(seen.phrase, 80) for seen in found)
        for kind, there in kinds
        if (found := [seen for seen in check.phrases if seen.there is there])
    ]
    if all(seen.there is None for seen in check.phrases):
        return f"{check.picture}: the encoder cannot tell any of its phrases, so nothing is claimed.\n" + "\n".join(
            lines
        )
    end = "mend_picture can try to mend what is missing." if check.missing else "Nothing is missing."
    return "\n".join([f"{check.picture} held against its prompt: {check.score:.2f} of 1.", *lines, end])
