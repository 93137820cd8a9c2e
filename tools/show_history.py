"""The tool that shows the whole conversation as a tree: every draft and picture, what was asked, and where we are."""

from typing import Any

from langchain_core.tools import BaseTool, tool

from tools import fence
from tools.backends import history
from tools.backends.errors import NotFound
from tools.backends.records import as_json
from tools.context import Backends, Runtime

MOST_LINES = 120  # for a model; the person sees the whole tree


def make(parts: Backends) -> BaseTool:
    """The tool `show_history`. It needs none of the parts: the thread knows its own history."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def show_history(runtime: Runtime) -> tuple[str, dict[str, Any]]:
        """Show every draft and picture of this conversation as a tree, with its request, saves and verdicts."""
        thread = runtime.context.thread
        tree = history.tree(thread.drafts, thread.pictures, thread.current_draft)
        if not tree.nodes:
            raise NotFound("Nothing has been made in this conversation yet. Ask for a picture first.")
        runtime.context.report.show(runtime.tool_call_id or "", tree)
        told = history.lines(
            tree, favourites=thread.favourites, ratings=thread.ratings, checks=thread.checks, clean=fence.plain
        )
        if len(told) > MOST_LINES:
            told = ["(the older part is left out)", *told[-MOST_LINES:]]
        answer = "The person sees this tree:\n<draft>\n" + "\n".join(told) + "\n</draft>"
        return answer, {
            "tree": as_json(tree),
            "saved": sorted(thread.favourites),
            "ratings": thread.ratings,
            "here": thread.current_picture.name if thread.current_picture else None,
        }

    return show_history
