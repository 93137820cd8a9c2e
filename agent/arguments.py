"""The arguments of a tool call, as a language model wrote them: checked, mended where nothing can go wrong, else told.

What cannot be mended goes back to the model in one short sentence that names the argument, what was given and what fits.
"""

import json
from collections.abc import Mapping
from typing import Any

from langchain_core.messages import AIMessage
from langchain_core.tools import BaseTool
from pydantic import BaseModel, ValidationError

from tools import fence

NOT_JSON = "arguments_that_are_not_json"
TOO_LONG = "arguments_that_are_too_long"
LONGEST = 20_000  # characters of one call's arguments as JSON; a prompt for an image model has a few hundred
MOST_TOLD = 4
LONGEST_SHOWN = 60


def usable(message: AIMessage, written: Mapping[str, str]) -> AIMessage:
    """The message with every call answerable: broken and huge arguments replaced by a mark that says so.

    `written` are the arguments as they were streamed, by call id: the client mends half a JSON text in silence, and half
    a change must not be made.

    A thread keeps its messages and sends them again with every turn, so what is no JSON, or fills a context window, must
    not stay in them.
    """
    cut = message.response_metadata.get("finish_reason") == "length"
    calls = [
        {**call, "args": {NOT_JSON: "cut off"}}
        if cut or not _whole(written.get(call["id"] or "", ""))
        else _small({**call})
        for call in message.tool_calls
    ]
    for n, call in enumerate(message.invalid_tool_calls):
        args = {NOT_JSON: (call["args"] or "")[:200]}
        if len(call["args"] or "") > LONGEST:
            args = {TOO_LONG: str(len(call["args"] or ""))}
        calls.append({"name": call["name"] or "unknown", "args": args, "id": call["id"] or f"call_{n}", "type": "tool_call"})  # fmt: skip
    if calls == message.tool_calls and not message.invalid_tool_calls:
        return message
    extra = {key: value for key, value in message.additional_kwargs.items() if key != "tool_calls"}
    return message.model_copy(update={"tool_calls": calls, "invalid_tool_calls": [], "additional_kwargs": extra})


def _whole(text: str) -> bool:
    """Whether a streamed text is JSON; none at all stands for no arguments."""
    try:
        json.loads(text or "{}")
    except ValueError:
        return False
    return True


def _small(call: dict[str, Any]) -> dict[str, Any]:
    length = len(json.dumps(call["args"], default=str))
    return {**call, "args": {TOO_LONG: str(length)}} if length > LONGEST else call


def shown(args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as people see them: without the marks."""
    return {key: value for key, value in args.items() if key not in (NOT_JSON, TOO_LONG)}


def checked(tool: BaseTool, args: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The arguments to call a tool with, and what is wrong with them; the second is empty if nothing is.

    Mended: null for an argument that has a default, and a list or object that was written as a JSON text.
    """
    if NOT_JSON in args:
        return {}, f"The arguments of {tool.name} were not valid JSON. Call it again with a JSON object."
    if TOO_LONG in args:
        return {}, (
            f"The arguments of {tool.name} had {int(args[TOO_LONG]):,} characters, and up to {LONGEST:,} are read. Send only what is needed."
        )
    schema = tool.tool_call_schema
    if not (isinstance(schema, type) and issubclass(schema, BaseModel)):
        return dict(args), ""
    fields = schema.model_fields
    given = {
        key: value
        for key, value in args.items()
        if not (value is None and key in fields and not fields[key].is_required())
    }
    if unknown := sorted(set(given) - set(fields)):
        names = ", ".join(fence.plain(name, LONGEST_SHOWN) for name in unknown[:MOST_TOLD])
        known = f"It knows {', '.join(fields)}" if fields else "It takes none"
        return given, f"{tool.name} has no argument {names}. {known}."
    for _ in range(2):
        try:
            schema.model_validate(given)
        except ValidationError as error:
            mended = {str(e["loc"][0]): _as_json(given.get(str(e["loc"][0]))) for e in error.errors() if e["loc"]}
            mended = {key: value for key, value in mended.items() if value is not None}
            if not mended:
                return given, f"{tool.name}: {told(error)}"
            given |= mended
        else:
            return given, ""
    return given, f"{tool.name} cannot use these arguments. Call it again as its description says."


def told(error: ValidationError) -> str:
    """What pydantic found, short: each argument by its path, what it should be, and what it was."""
    found = error.errors(include_url=False, include_context=False)
    parts = []
    for one in found[:MOST_TOLD]:
        path = ".".join(map(str, one["loc"])) or "the arguments"
        if one["type"] == "missing":
            parts.append(f"{path} is missing")
            continue
        was = fence.plain(json.dumps(one["input"], default=str, ensure_ascii=False), LONGEST_SHOWN)
        wanted = one["msg"].removeprefix("Input ")
        parts.append(f"{path} {wanted[:1].lower()}{wanted[1:]}, not {was}")
    more = f"; and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""
    return "; ".join(parts) + more + "."


def _as_json(value: Any) -> Any:
    """The list or object that a text holds; None if it holds none."""
    if not isinstance(value, str) or value.strip()[:1] not in ("[", "{"):
        return None
    try:
        return json.loads(value)
    except ValueError:
        return None
