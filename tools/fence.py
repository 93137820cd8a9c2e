"""Strangers' text on its way to a model: fenced, escaped and cut, so that data stays data.

Library prompts and picture metadata were written by anybody. They reach a model only through these functions.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from tools.backends.records import Example, Match, PhraseNear

LONGEST_EXAMPLE = 600  # characters; a prompt longer than this says nothing more to a model
SHORT_ID = 8


def plain(text: object, longest: int = LONGEST_EXAMPLE) -> str:
    """One line without control characters, with `<` escaped, so that no text can close its fence."""
    line = " ".join(re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", str(text)).split())
    if len(line) > longest:
        line = line[: longest - 1].rstrip() + "…"
    return line.replace("&", "&amp;").replace("<", "&lt;")


def unfenced(text: str) -> str:
    """Undo `plain`'s escapes in words that a model copied."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def short(id: str) -> str:
    """The id as models see and cite it."""
    return id[:SHORT_ID]


def example(found: Example) -> str:
    """One example as a model reads it."""
    kind = "favourite" if found.favourite else "example"
    return f'<{kind} id="{plain(short(found.id))}">{plain(found.prompt)}</{kind}>'


def examples(matches: Iterable[Match]) -> str:
    """All examples, best first, one a line."""
    return "\n".join(example(match.example) for match in matches)


def phrases(near: Sequence[PhraseNear]) -> str:
    """Phrases that go with an idea, one a line: the phrase, how common it is here, and who to cite."""
    lines = [
        f'<phrase lift="{p.lift:.1f}" near="{p.near}" cite="{" ".join(plain(short(id)) for id in p.example_ids[:3])}">'
        f"{plain(p.phrase, 80)}</phrase>"
        for p in near
    ]
    return "\n".join(lines)


def metadata(found: dict[str, Any]) -> str:
    """What a picture's file says of its making."""
    lines = [f"{plain(key, 60)}: {plain(value)}" for key, value in list(found.items())[:20]]
    return "<metadata>\n" + "\n".join(lines) + "\n</metadata>"
