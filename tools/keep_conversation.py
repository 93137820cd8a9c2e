"""The tool that writes the conversation to a file: whole, to be replayed anywhere, or its prompt as a template with slots."""

from typing import Any, Literal

from langchain_core.tools import BaseTool, tool

from tools import fence
from tools.backends import templates, transcripts
from tools.backends.records import FileKept
from tools.backends.slots import conversation_template
from tools.backends.storage import PRIVATE, write_new
from tools.context import Backends, Runtime


def make(parts: Backends) -> BaseTool:
    """The tool `keep_conversation` over these parts; of them it needs only the data folder."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def keep_conversation(
        runtime: Runtime, kind: Literal["conversation", "template"] = "conversation"
    ) -> tuple[str, dict[str, Any]]:
        """Write this conversation to a file that the person keeps: all of it, or its prompt as a template with slots.

        Args:
            kind: "conversation" for every draft and recipe, to be replayed without a language model; "template" for the prompt
                with slots where it changed, such as "a {cat|dog} on a sofa".
        """
        thread = runtime.context.thread
        if kind == "template":
            text = conversation_template(thread)
            path = write_new(
                parts.home / "conversations" / f"{thread.key}.template.txt", (text + "\n").encode(), PRIVATE
            )
            kept = FileKept(kind=kind, path=str(path))
            variants = templates.count(templates.parse(text), templates.wildcards_in(parts.home / "wildcards"))
            answer = (
                f"The template is in {path.name} in the folder conversations: <draft>{fence.plain(text, 2_000)}</draft> "
                f"It gives {variants:,} prompt{'s' if variants != 1 else ''}. "
                f"`atelier generate --template FILE -n 4` renders some of them."
            )
            extra: dict[str, Any] = {"template": text, "variants": variants}
        else:
            document = transcripts.export(thread)
            path = write_new(
                parts.home / "conversations" / f"{thread.key}.json", transcripts.as_bytes(document), PRIVATE
            )
            kept = FileKept(kind="conversation", path=str(path))
            drafts, pictures = len(thread.drafts), len(thread.pictures)
            answer = (
                f"The conversation is in {path.name} in the folder conversations: {drafts} drafts, {pictures} recipes. "
                f"`atelier conversation replay FILE` makes the same pictures again, without any language model."
            )
            extra = {"drafts": drafts, "recipes": pictures}
        runtime.context.report.show(runtime.tool_call_id or "", kept)
        return answer, {"kept": {"kind": kept.kind, "path": kept.path}, **extra}

    return keep_conversation
