"""The tool that turns "show me the prompt first" on and off. `generate_picture` holds it, whatever a chat model does."""

from typing import Any

from langchain_core.tools import BaseTool, tool

from tools.context import Backends, Runtime


def make(parts: Backends) -> BaseTool:
    """The tool `prompt_first`. It needs none of the parts: the thread keeps the choice."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def prompt_first(runtime: Runtime, on: bool) -> tuple[str, dict[str, Any]]:
        """Keep whether the person wants to see, and may edit, each prompt before it is rendered. Holds until it is turned off.

        Args:
            on: true: a draft is shown and waits for the person's word; false: drafts are rendered right away.
        """
        thread = runtime.context.thread
        was = thread.prompt_first
        if was != on:
            thread.show_prompt_first(on)
        if on:
            told = "From now on each draft is shown to the person before it is rendered. Render none that is new in its turn."
        else:
            told = "From now on drafts are rendered right away."
        return f"{told}{' It was so already.' if was == on else ''}", {"on": on, "was": was}

    return prompt_first
