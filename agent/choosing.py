"""Which phrases the guide takes from what a search found: those that serve the wish, and contradict nothing."""

import math
from typing import Any

from agent import vocabulary
from tools.backends import phrases
from tools.backends.taste import pull

LEAST_LIFT = 1.5
LEAST_NEAR = 3
LONGEST = 4  # words of a phrase; longer ones tell a story of their own
MOST_CITES = 3


def supporters(found: dict[str, Any], phrase: str) -> list[str]:
    """Ids of found examples that hold the phrase, to be cited for it."""
    wanted = phrases.normal(phrase)
    for near in found.get("phrases", []):
        if phrases.normal(near["phrase"]) == wanted:
            return [str(id) for id in near["example_ids"][:MOST_CITES]]
    holding = [m["example"]["id"] for m in found.get("matches", []) if phrases.holds(m["example"]["prompt"], phrase)]
    return [str(id) for id in holding[:MOST_CITES]]


def companions(
    found: dict[str, Any], prompt: str, *, style: str | None = None, most: int = 2, wish: str = ""
) -> list[dict[str, Any]]:
    """Up to `most` added phrases with the most weight near the idea, cited.

    Args:
        found: What search_prompts answered.
        prompt: What is written already; nothing of it is repeated or contradicted.
        style: The style that is wanted, if any; phrases of another one are left out, and of this one preferred.
        wish: Words that were asked for besides; a phrase that holds them is preferred.
    """
    named = vocabulary.attributes(prompt)
    ranked = []
    for near in found.get("phrases", []):
        phrase = str(near["phrase"])
        if near["near"] < LEAST_NEAR or near["lift"] < LEAST_LIFT or not _fits(phrase, prompt, named, style):
            continue
        own_style = vocabulary.attributes(phrase).get("style")
        taste = pull(phrase, found.get("taste"), asked=f"{prompt}, {wish}")
        if taste < 0:
            continue  # the person drops such phrases
        serves = bool(style and own_style and vocabulary.same_style(own_style, style)) or bool(
            wish and phrases.holds(phrase, wish)
        )
        ranked.append((not serves, -taste, -near["near"] * math.log(near["lift"]), phrase, near))
    chosen: list[dict[str, Any]] = []
    for *_, phrase, near in sorted(ranked, key=lambda r: r[:4]):
        if len(chosen) == most:
            break
        if any(_alike(phrase, other["phrase"]) for other in chosen):
            continue
        chosen.append(
            {"kind": "added", "phrase": phrase, "cites": [str(id) for id in near["example_ids"][:MOST_CITES]]}
        )
    return chosen


def _fits(phrase: str, prompt: str, named: dict[str, str], style: str | None) -> bool:
    """Whether a phrase adds to the prompt without repeating or contradicting it, or bringing somebody in."""
    words = phrases.words(phrase)
    if not words or len(words) > LONGEST or len(phrase) < 3 or phrases.normal(phrase) in vocabulary.BOILERPLATE:
        return False
    if words[0] in ("a", "an", "the") or any(char in phrase for char in '()[]{}<>:|"') or phrases.holds(prompt, phrase):
        return False
    if set(words) <= set(phrases.words(prompt)):
        return False
    if vocabulary.PEOPLE.search(phrase.lower()) or vocabulary.ARTIST.search(phrase.lower()):
        return False
    for attribute, value in vocabulary.attributes(phrase).items():
        if attribute == "style":
            if style is None or not vocabulary.same_style(value, style):
                return False
        elif named.get(attribute) != value:
            return False  # another subject, place, time, colour or pose than the person named, or one they left open
    return True


def _alike(one: str, other: str) -> bool:
    """Whether two phrases say nearly the same: "neon lights" and "neon light"."""
    a, b = ({word.removesuffix("s") for word in phrases.words(text)} for text in (one, other))
    return a <= b or b <= a
