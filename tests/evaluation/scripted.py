"""A model that follows a script: it turns a turn's steps into tool calls, citing only ids that it was shown.

It stands behind a server that speaks OpenAI's protocol, so everything between it and the tools is the real way.
"""

import re
from collections.abc import Mapping
from typing import Any

from evaluation.scripts import Said, Step
from starter import captions
from tools.backends import phrases
from tools.fence import unfenced

MOST_CITED = 3
_PHRASE = re.compile(r'<phrase [^>]*cite="([^"]*)"[^>]*>([^<]*)</phrase>')
_EXAMPLE = re.compile(r'<(?:example|favourite)[^>]* id="([^"]*)"[^>]*>([^<]*)</')


class ScriptedModel:
    """Answers the messages of a request with the next step of the turn that `begin` named."""

    def __init__(self) -> None:
        self._said: Said | None = None

    def begin(self, said: Said) -> None:
        """From now on this turn is played."""
        self._said = said

    def reply(self, messages: list[dict[str, Any]]) -> tuple[str, list[tuple[str, dict[str, Any] | str]]]:
        """What the model says, or the tools it calls, for a request's messages."""
        assert self._said is not None, "begin(turn) comes first"
        since = _since(messages, self._said.say)
        done = sum(len(message.get("tool_calls") or ()) for message in since)
        if done >= len(self._said.steps):
            return self._said.answer or _last_words(self._said), []
        step = self._said.steps[done]
        shown = "\n".join(_text(message) for message in since if message["role"] == "tool")
        args = step.args if isinstance(step.args, str) else _arguments(step, step.args, shown)
        return "", [(step.tool, args)]


def _since(messages: list[dict[str, Any]], words: str) -> list[dict[str, Any]]:
    """The messages after the person's newest words; pictures may have been put among them for the model to see."""
    users = [n for n, message in enumerate(messages) if message["role"] == "user"]
    said = [n for n in users if words in _text(messages[n])] or users
    return messages[said[-1] + 1 :]


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else " ".join(str(part.get("text", "")) for part in content)


def _arguments(step: Step, args: Mapping[str, Any], shown: str) -> dict[str, Any]:
    """The arguments as the tool takes them."""
    if step.tool != "refine_prompt":
        return dict(args)
    forged = args.get("cites")
    changes = [_change("added", phrase, shown, forged) for phrase in args.get("add", ())]
    changes += [_change("replaced", new, shown, forged, was) for was, new in args.get("replace", {}).items()]
    changes += [{"kind": "removed", "phrase": phrase} for phrase in args.get("remove", ())]
    changes += [_change("added", phrase, shown, None) for phrase in _neutral(shown)[: args.get("company", 0)]]
    own = ("add", "replace", "remove", "cites", "company")
    return {"changes": changes, **{name: value for name, value in args.items() if name not in own}}


def _change(kind: str, phrase: str, shown: str, forged: list[str] | None, was: str = "") -> dict[str, Any]:
    cites = _supporters(phrase, shown) if forged is None else [str(id) for id in forged]
    return {"kind": kind, "phrase": phrase, "cites": cites} | ({"was": was} if was else {})


def _supporters(phrase: str, shown: str) -> list[str]:
    """The ids to cite for a phrase, copied from the tool's answer."""
    beside = [
        cites.split()
        for cites, text in _PHRASE.findall(shown)
        if phrases.normal(unfenced(text)) == phrases.normal(phrase)
    ]
    holding = [id for id, prompt in _EXAMPLE.findall(shown) if phrases.holds(unfenced(prompt), phrase)]
    return list(dict.fromkeys([*(id for ids in beside for id in ids), *holding]))[:MOST_CITED]


def _neutral(shown: str) -> list[str]:
    """The shown phrases that name nothing of the starter world, so that they cannot contradict a wish."""
    return [unfenced(text) for _, text in _PHRASE.findall(shown) if not captions.read(unfenced(text))]


def _last_words(said: Said) -> str:
    """A true answer: only what the turn's calls must have done."""
    told = {
        "generate_picture": "Here is your new picture.",
        "save_favourite": "I saved it.",
        "mend_picture": "I looked for what was missing.",
    }
    words = [sentence for tool, sentence in told.items() if tool in {step.tool for step in said.steps}]
    return " ".join(words) or "That is what the tools told me."
