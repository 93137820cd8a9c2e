"""Whether an answer claims only what happened. Pure; shares no rule with `agent/claims.py`, which it watches.

Read are the sentences that say something was done, and every number that stands for a picture, a rank, a seed or a lift.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

ROUNDED = 0.51  # a lift may be told as a whole number
_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n+")
_HEDGE = re.compile(
    r"\b(?:no|not|nothing|never|none|cannot|would|could|can|will|shall|if|once|when|until|say|ask|tell me|want|such as|already)\b|n't\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"|`[^`\n]*`")
_MADE = re.compile(  # of this turn; a list of what there is claims nothing new
    r"\b(?:here(?:'s| is| are)|i(?:'ve| have)? (?:just )?(?:made|rendered|drew|drawn|painted|generated|created))\b"
    r"(?!.*\b(?:drafts?|prompts?|examples?|wording|file|template|favourites?|history|conversation|tree|so far|earlier)\b)"
    r".*\b(?:pictures?|images?|renders?)\b",
    re.IGNORECASE,
)
_SAVED = re.compile(
    r"\bi(?:'ve| have)? (?:just )?(?:saved|kept|stored)\b(?! (?:the (?:rest|seed|lock)|your words|everything))"
    r"|\b(?:is|are|was|were|been) saved\b|\bsaved (?:it|picture)\b",
    re.IGNORECASE,
)
_KNOWN = re.compile(r"\bi know this picture\b|\bthis (?:very )?picture is in the library\b", re.IGNORECASE)
_PICTURE = re.compile(r"\bpicture (\d+)\b", re.IGNORECASE)
_RANK = re.compile(r"\brank (\d+)\b", re.IGNORECASE)
_SEED = re.compile(r"\bseed (\d+)\b", re.IGNORECASE)
_LIFT = re.compile(r"\b(\d+(?:\.\d+)?)\s?(?:×|x\b|times)(?= (?:as|more) common)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What happened in a turn, and what is true of its thread afterwards."""

    made: bool
    saved: bool
    went_back: bool
    kept_file: bool
    recognised: bool
    pictures: int
    ranks: Collection[int]
    seeds: Collection[int]
    lifts: Collection[float]


def false_claims(reply: str, facts: Facts) -> list[str]:
    """The sentences of an answer that say what the facts do not hold."""
    wrong = []
    for sentence in _SENTENCE.split(reply.replace("’", "'")):
        own = _QUOTED.sub("", sentence)  # other people's words claim nothing
        positive = not _HEDGE.search(own)
        told = {
            "made": positive and _MADE.search(own) and not (facts.made or (facts.went_back and _PICTURE.search(own))),
            "saved": positive and _SAVED.search(own) and not (facts.saved or facts.kept_file),
            "recognised": positive and _KNOWN.search(own) and not facts.recognised,
            "picture": positive and any(not 1 <= int(n) <= facts.pictures for n in _PICTURE.findall(own)),
            "rank": any(int(n) not in facts.ranks for n in _RANK.findall(own)),
            "seed": positive and any(int(n) not in facts.seeds for n in _SEED.findall(own)),
            "lift": any(not any(abs(lift - float(n)) <= ROUNDED for lift in facts.lifts) for n in _LIFT.findall(own)),
        }
        if any(told.values()):
            wrong.append(sentence)
    return wrong
