"""The guide's wishes as changes of a prompt: which words go, which come, and what is only kept out of the picture.

Works on text and on what a search found; calls nothing. Whatever a wish does not name is not touched.
"""

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from agent import taking, vocabulary
from agent.choosing import companions, supporters
from agent.wording import Wish
from tools.backends import phrases
from tools.backends.errors import BadInput
from tools.backends.records import Change


@dataclass
class Edit:
    """What refine_prompt is to be asked for, collected over several wishes."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    avoid: list[str] = field(default_factory=list)
    allow: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    locked: tuple[str, ...] = ()  # what goes along with a change, unasked, never takes these with it

    def take_out(self, phrase: str) -> None:
        """Take out a phrase that only goes along with what was asked for, unless it is locked."""
        if not any(phrases.holds(phrase, lock) for lock in self.locked):
            self.changes.append({"kind": "removed", "phrase": phrase})

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.changes or self.avoid or self.allow)


def compiled(
    wish: Wish, prompt: str, negative: str, found: dict[str, Any], drafts: Sequence[dict[str, Any]], into: Edit
) -> None:
    """Add to an edit what one wish asks for.

    Args:
        wish: One of the wishes that change a prompt.
        prompt: The current draft's prompt.
        negative: Its negative prompt.
        found: What search_prompts found for the wish, or nothing.
        drafts: Earlier drafts with their changes, for what came in together.
        into: Collects the changes.
    """
    if wish.kind in ("more", "add", "place", "time"):
        _make_room(wish.text, prompt, into)
    match wish.kind:
        case "more":
            _more(wish.text, prompt, negative, found, into)
        case "style" if wish.was and phrases.holds(prompt, wish.was) and vocabulary.same_style(wish.was, wish.text):
            _put(wish.text, wish.was, prompt, found, into)
        case "style":
            _style(wish.text, prompt, found, drafts, into)
        case "add":
            _add(wish.text, prompt, negative, found, into)
        case "less":
            _less(wish.text, prompt, drafts, into)
        case "remove" | "avoid":
            _remove(wish.text, prompt, into, keep_out=wish.kind == "avoid")
        case "allow":
            _allow(wish.text, negative, into)
        case "place" | "time":
            _scenery(wish, prompt, found, into)
        case "subject":
            _scene(wish.text, prompt, found, into)
        case "replace":
            _replace(wish, prompt, found, into)


def after(prompt: str, changes: Sequence[dict[str, Any]]) -> str:
    """The prompt as the next wish of a message finds it: "a dog instead of the cat, and make the dog black"."""
    for change in changes:
        if change["kind"] == "removed":
            one = phrases.removal(prompt, change["phrase"])
        else:
            one = Change(kind=change["kind"], phrase=change["phrase"], was=change.get("was"))
        with contextlib.suppress(BadInput):  # what cannot be made is refine_prompt's to say
            prompt = phrases.apply(prompt, [one] if one else [])
    return prompt


def _make_room(text: str, prompt: str, into: Edit) -> None:
    """The rain goes when it is to be foggy, the close-up when it is to be seen from above."""
    whole = {phrases.normal(phrase): phrase for phrase in phrases.split(prompt)}
    gone = [whole.get(phrases.normal(words), words) for words in vocabulary.rivals(prompt, text)]
    if not {*whole.values()} <= {*gone}:  # something has to stay
        for words in gone:
            into.take_out(words)


def _more(text: str, prompt: str, negative: str, found: dict[str, Any], into: Edit) -> None:
    """The quality itself and its company; every phrase that is there stays."""
    style = vocabulary.style_of(text)
    _allowed(text, negative, into)
    new = [] if _is_there(prompt, text) else [_added(text, found)]
    new += companions(found, f"{prompt}, {text}", style=style, most=2, wish=text)
    if not new:
        into.notes.append(
            f"The prompt holds {text!r} already, and the library knows no further phrase that goes with it."
        )
    into.changes += new


def _style(text: str, prompt: str, found: dict[str, Any], drafts: Sequence[dict[str, Any]], into: Edit) -> None:
    """Another style takes the place of the one that is there, with all that came in beside that one."""
    free = [p for p in phrases.split(prompt) if not any(phrases.holds(p, lock) for lock in into.locked)]
    old = [p for p in free if (own := _style_in(p)) and not vocabulary.same_style(own, text)]
    came_with = {
        phrases.normal(change["phrase"])
        for draft in drafts
        for change in draft["changes"]
        if change["kind"] != "removed" and any(_style_in(c["phrase"]) and c["phrase"] in old for c in draft["changes"])
    }
    whole = [p for p in old if _is_style_phrase(p)]
    also = [
        p
        for p in phrases.split(prompt)
        if p in free and p not in old and phrases.normal(p) in came_with and not vocabulary.attributes(p)
    ]
    new = {"phrase": text, "cites": supporters(found, text)}
    inside = next((p for p in old if p not in whole), None)
    if _is_there(prompt, text):
        into.changes += [{"kind": "removed", "phrase": p} for p in [*whole, *also]]
    elif whole:
        into.changes.append({"kind": "replaced", "was": whole[0], **new})
        into.changes += [{"kind": "removed", "phrase": p} for p in [*whole[1:], *also]]
    elif inside:
        into.changes.append({"kind": "replaced", "was": _style_in(inside), **new})
    else:
        into.changes.append({"kind": "added", **new})
    left = phrases.join(p for p in phrases.split(prompt) if p not in whole and p not in also)
    into.changes += companions(found, f"{left}, {text}", style=text, most=2, wish=text)


def _add(text: str, prompt: str, negative: str, found: dict[str, Any], into: Edit) -> None:
    if _is_there(prompt, text):
        into.notes.append(f"The prompt holds {text!r} already.")
        return
    _allowed(text, negative, into)
    into.changes.append(_added(text, found))


def _less(text: str, prompt: str, drafts: Sequence[dict[str, Any]], into: Edit) -> None:
    """Take out the quality and what the assistant brought for its sake; what was never there is kept out."""
    text = vocabulary.COMPARATIVES.get(text, text)
    own = phrases.split(prompt)
    asked = [
        (d["changes"], [c for c in d["changes"] if phrases.holds(c["phrase"], text) and _theirs(c)]) for d in drafts
    ]
    came = {phrases.normal(c["phrase"]) for changes, about in asked for c in came_for(about, changes)}
    style = vocabulary.style_of(text)
    gone = [
        p for p in own
        if _short_and_holds(p, text)
        or phrases.normal(p) in came
        or (style and _is_style_phrase(p) and vocabulary.same_style(_style_in(p) or "", style))
    ]  # fmt: skip
    held = next((p for p in own if phrases.holds(p, text)), "")
    if gone and len(gone) < len(own):
        into.changes += [{"kind": "removed", "phrase": p} for p in gone]
    elif held and (gone or phrases.holds(text, subject_of(prompt))):
        into.notes.append(f'“{text}” is what the picture is of. Say "remove the {text}", or how it should be instead.')
    elif held:  # a quality of a thing that stays: "less red" of a red boat
        into.changes.append(_cut(held, text))
    else:
        into.avoid.append(text)
        if opposite := vocabulary.OPPOSITES.get(text):
            into.changes.append({"kind": "added", "phrase": opposite, "cites": []})


def came_for(about: Sequence[dict[str, Any]], changes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the assistant added for the sake of some of a draft's changes, as far as no other wish of its message brought it:
    a thing ("a dragon") brings nothing along, and what is of another wish's style came for that one."""
    others = [c for c in changes if _theirs(c) and c not in about and c["kind"] != "removed"]
    if not about or (others and all(_A_THING.match(c["phrase"]) for c in about)):
        return []
    styles = [style for c in others if (style := vocabulary.attributes(c["phrase"]).get("style"))]
    return [
        c
        for c in changes
        if c["kind"] == "added"
        and not _theirs(c)
        and not any(vocabulary.same_style(vocabulary.attributes(c["phrase"]).get("style") or "", s) for s in styles)
    ]


_A_THING = re.compile(r"(?:an?|the|some|one|two|three|four|many|more|my|his|her) ", re.IGNORECASE)


def _theirs(change: dict[str, Any]) -> bool:
    """Whether the person brought a phrase: said it, wrote it by hand, or borrowed it."""
    return change.get("source") == "person" or bool(change.get("via"))


def _remove(text: str, prompt: str, into: Edit, *, keep_out: bool) -> None:
    """Out of the prompt where it stands there; into the negative prompt where it does not, or must not appear."""
    before = tuple(into.changes)
    for part in _parts(text):
        whole = [
            p for p in phrases.split(prompt)
            if phrases.normal(p) in (phrases.normal(part), f"a {phrases.normal(part)}") or _is_about(p, part)
        ]  # fmt: skip
        held = whole or [p for p in phrases.split(prompt) if phrases.holds(p, part)]
        if whole:
            into.changes += [{"kind": "removed", "phrase": p} for p in whole]
        elif held and not keep_out:
            into.changes.append(_cut(held[0], part))
        gone = any(c["kind"] == "removed" and phrases.holds(c["phrase"], part) for c in before)
        if keep_out or not (held or gone):  # a wish before this one may have taken it along
            into.avoid.append(part)


def _scenery(wish: Wish, prompt: str, found: dict[str, Any], into: Edit) -> None:
    """Another place or time: just those words change, and other phrases that name the old one go."""
    text = _spoken(wish.text, wish.kind)
    old = vocabulary.found_words(prompt, wish.kind)
    if wish.was and phrases.holds(prompt, wish.was) and not old:
        old = [wish.was]
    new = {"phrase": text, "cites": supporters(found, text)}
    if phrases.holds(prompt, text):
        into.notes.append(f"The prompt says {text!r} already.")
    elif not old:
        into.changes.append({"kind": "added", **new})
    elif (
        wish.kind == "time"
        and _HOW_IT_IS.fullmatch(text)
        and phrases.normal(old[0]) not in map(phrases.normal, phrases.split(prompt))
    ):
        into.changes += [{"kind": "removed", "phrase": o} for o in dict.fromkeys(old)]
        into.changes.append({"kind": "added", **new})  # "a street at night" → "a street, sunny"
    else:
        whole = {phrases.normal(p): p for p in phrases.split(prompt)}
        first = next((o for o in old if phrases.normal(o) not in whole), old[0])
        into.changes.append({"kind": "replaced", "was": first, **new})
        into.changes += [
            {"kind": "removed", "phrase": o} for o in dict.fromkeys(old) if o != first and phrases.normal(o) in whole
        ]


def _scene(text: str, prompt: str, found: dict[str, Any], into: Edit) -> None:
    """Another subject; with a place or pose of its own it takes the place of the whole first phrase."""
    first = next(iter(phrases.split(prompt)), "")
    new, old = vocabulary.attributes(text), vocabulary.attributes(first)
    if first and any(
        name in new and name in old for name in ("place", "pose", "time") if new.get(name) != new.get("subject")
    ):
        article = (
            "" if re.match(r"(?:the|an?|some|two|three|my) ", text) else "an " if text[:1].lower() in "aeiou" else "a "
        )
        into.changes.append(
            {"kind": "replaced", "was": first, "phrase": article + text, "cites": supporters(found, text)}
        )
    else:
        _subject(text, prompt, found, into)


def _subject(text: str, prompt: str, found: dict[str, Any], into: Edit) -> None:
    """Another subject in the place of the one that the prompt begins with."""
    was = subject_of(prompt)
    if not was:
        into.notes.append(f'I cannot tell which words {text!r} should stand for. Say "replace … with {text}".')
        return
    _put(text, was, prompt, found, into)


def subject_of(prompt: str) -> str:
    """The word that the prompt is about; empty where it cannot be told."""
    known = [word for word in _subject_words() if phrases.holds(phrases.split(prompt)[0] if prompt else "", word)]
    return known[0] if known else _head_noun(prompt)


def _replace(wish: Wish, prompt: str, found: dict[str, Any], into: Edit) -> None:
    if wish.how == "of that sort" and (lock := next((k for k in into.locked if phrases.holds(k, wish.was)), "")):
        sort = wish.text.removesuffix(wish.was).strip()  # "a red one" says less of the thing than "make the castle red"
        into.changes.append(_added(sort, found))
        into.notes.append(f"“{lock}” is locked and stays as it is, so “{sort}” stands beside it.")
        return
    if phrases.holds(prompt, wish.was):
        _put(wish.text, wish.was, prompt, found, into)
        return
    # "the cat" where the prompt says "kitten", "day" where it says "by day": the same thing by another name
    named = vocabulary.attributes(wish.was)
    for attribute in ("subject", "place", "time", "style"):
        if attribute in named:
            spots = [p for p in phrases.split(prompt) if vocabulary.attributes(p).get(attribute) == named[attribute]]
            if not spots:
                continue
            if attribute == "subject":
                _subject(wish.text, prompt, found, into)
            elif attribute == "style":
                into.changes.append(
                    {"kind": "replaced", "was": spots[0], "phrase": wish.text, "cites": supporters(found, wish.text)}
                )
            else:
                _scenery(Wish(kind="place" if attribute == "place" else "time", text=wish.text), prompt, found, into)
            return
    if run := next(taking.spots(prompt, wish.was), ""):  # "rain" where it says "rainy"
        if any(run == p for p in phrases.split(prompt)):
            into.changes.append(
                {"kind": "replaced", "was": run, "phrase": wish.text, "cites": supporters(found, wish.text)}
            )
        else:
            into.changes += [_cut(next(p for p in phrases.split(prompt) if run in p), run), _added(wish.text, found)]
        return
    into.notes.append(f"The prompt does not hold {wish.was!r}. It is: {prompt}")


def _put(text: str, was: str, prompt: str, found: dict[str, Any], into: Edit) -> None:
    """Replace words with words, the article with them, in the one phrase that holds them first."""
    spot = next((p for p in phrases.split(prompt) if phrases.holds(p, was)), "")
    if text.lower().endswith(f" {was.lower()}") and text.split()[0].lower() in vocabulary.COLORS:
        colors = "|".join(vocabulary.COLORS)
        if worn := re.search(rf"\b(?:{colors})\s+{re.escape(was)}\b", spot, re.IGNORECASE):
            was = worn[0]  # "make the hat blue" of a red hat: one colour for the other
    article = re.search(rf"\b(an?)\s+{re.escape(was)}\b", spot, re.IGNORECASE)
    if article and re.match(r"(?:the|an?|some|two|three|my) ", text):
        was = article[0]
    elif article and article[1].lower() != ("an" if text[:1].lower() in "aeiou" else "a"):
        was, text = article[0], f"{'an' if text[:1].lower() in 'aeiou' else 'a'} {text}"
    if sum(phrases.holds(p, was) for p in phrases.split(prompt)) > 1:
        new = re.sub(rf"(?<!\w){re.escape(was)}(?!\w)", lambda _: text, spot, flags=re.IGNORECASE)
        was, text = spot, new
    into.changes.append({"kind": "replaced", "was": was, "phrase": text, "cites": supporters(found, text)})


def _added(text: str, found: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "added", "phrase": text, "cites": supporters(found, text)}


def _allow(text: str, negative: str, into: Edit) -> None:
    """Let something into the picture again."""
    kept_out = [p for p in phrases.split(negative) if phrases.holds(p, text) or phrases.holds(text, p)]
    into.allow += kept_out
    if not kept_out:
        into.notes.append(f'Nothing keeps {text!r} out of the picture. Say "add {text}" to have it in.')


def _allowed(text: str, negative: str, into: Edit) -> None:
    """What is wished for now is no longer kept out."""
    into.allow += [
        p for p in phrases.split(negative) if phrases.holds(text, p) or phrases.normal(p) == phrases.normal(text)
    ]


def _is_there(prompt: str, text: str) -> bool:
    return any(phrases.normal(p) == phrases.normal(text) for p in phrases.flat(prompt))


def _style_in(phrase: str) -> str | None:
    """The style that a phrase names, in the words that it uses."""
    words = f" {' '.join(phrases.words(phrase))} "
    return next((name for name in vocabulary.style_words() if f" {' '.join(phrases.words(name))} " in words), None)


def _is_style_phrase(phrase: str) -> bool:
    """Whether a phrase is about the style alone, so that it may go as a whole."""
    others = set(vocabulary.attributes(phrase)) - {"style", "color"}
    return bool(_style_in(phrase)) and not others and len(phrases.words(phrase)) <= 4


def _short_and_holds(phrase: str, text: str) -> bool:
    return phrases.holds(phrase, text) and len(phrases.words(phrase)) <= len(phrases.words(text)) + 2


def _is_about(phrase: str, part: str) -> bool:
    """Whether a short phrase is about the thing alone: "neon glow" for "neon" and for "glow", but no scene with it."""
    others = set(vocabulary.attributes(phrase)) - set(vocabulary.attributes(part)) - {"style", "color"}
    return _short_and_holds(phrase, part) and len(phrases.words(phrase)) <= 3 and not others


def _parts(text: str) -> list[str]:
    """ "people and cars" → each by itself."""
    return [part.strip() for part in re.split(r",|\band\b|\bor\b", text) if part.strip()]


def _cut(phrase: str, part: str) -> dict[str, Any]:
    """The change that cuts words out of a phrase: with their preposition ("on the sofa"), so that none is left dangling; a
    word that stands before its thing goes alone ("a red barn" → "a barn"), and the article follows ("an orange cat" → "a cat")."""
    before = re.search(rf"\b(an?)\s+{re.escape(part)}\s+([\w'-]+)", phrase, re.IGNORECASE)
    if before and not vocabulary.is_subject(part) and not _NO_THING.fullmatch(before[2].lower()):
        article = "an" if before[2][0].lower() in "aeiou" else "a"
        if article == before[1].lower():
            return {"kind": "removed", "phrase": part}
        return {"kind": "replaced", "was": before[0], "phrase": f"{article} {before[2]}", "cites": []}
    match = re.search(
        rf"\b(?:(?:on|in|at|with|and|under|near|by|beside|wearing|holding)\s+)?(?:(?:the|an?|his|her|its)\s+)?{re.escape(part)}\b",
        phrase,
        re.IGNORECASE,
    )
    return {"kind": "removed", "phrase": match[0] if match else part}


_NO_THING = re.compile(
    r"and|or|with|without|on|in|at|by|of|under|near|over|from|to|as|like|who|that|is|are|\w+ing|\w+ed"
)


_HOW_IT_IS = re.compile(r"\w*lit|sunny|starry|dusky|dark|bright|gloomy|cloudy")  # and not when


def _spoken(text: str, kind: str) -> str:
    """ "at night" for "night", "on the beach" for "beach": as it reads in a sentence."""
    text = text.strip()
    if re.match(
        r"(?:on|in|at|by|under|inside|near|during|next|among|beside|over|above|below|behind|outside|into|around|along|through)\b",
        text.lower(),
    ):
        return text
    low = re.sub(r"^(?:the|an?) ", "", text.lower())
    if kind == "time":
        if _HOW_IT_IS.fullmatch(low):
            return low
        lead = {
            "day": "by",
            "daytime": "in the",
            "daylight": "in",
            "morning": "in the",
            "evening": "in the",
            "afternoon": "in the",
        }.get(low)
        return f"{lead} {low}" if lead else f"at {low}" if len(low.split()) == 1 else text
    lead = {"sofa": "on the", "couch": "on the", "beach": "on the", "sea": "at", "ocean": "on the", "space": "in", "street": "on the", "moon": "on the",
            "snow": "in the", "mars": "on", "bed": "on the", "table": "on the", "roof": "on the", "rooftop": "on the", "balcony": "on the",
            "island": "on an", "underwater": "", "indoors": "", "outdoors": "", "outside": "", "inside": ""}.get(low)  # fmt: skip
    return f"{lead} {low}".strip() if lead is not None else f"in the {low}"


def _subject_words() -> list[str]:
    from starter import captions

    words = {word for table in captions.SUBJECT_WORDS.values() for word in table}
    return sorted(words, key=lambda word: (-len(word), word))


def _head_noun(prompt: str) -> str:
    """The word that the prompt is about: the one before the first verb or preposition of its first phrase."""
    first = phrases.split(prompt)[0] if phrases.split(prompt) else ""
    match = re.match(
        r"(?:(?:an?|the|my|some|two|three)\s+)?((?:[\w'-]+\s+){0,3}?[\w'-]+?)(?=\s+(?:\w+ing|on|in|at|by|of|with|under|near|over|and|who|that)\b|$)",
        first,
        re.IGNORECASE,
    )
    return match[1].split()[-1] if match else ""
