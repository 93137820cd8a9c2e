"""What goes out of a prompt, and what comes back into it: wishes with the prompt's own words in them. Pure.

"remove the ballons" takes out "a red balloon" where the prompt says so, "no snow" the "snowy" as well, and "keep only the
castle" all that says nothing of a castle. What is not in the prompt stays the wish that it was.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from agent import declining, vocabulary
from agent.mending import distance
from agent.playing import Seen
from agent.sweeping import ALL, THEM
from agent.wording import PREPOSITION, Wish
from tools.backends import attribution, phrases

_LEAST = 5  # letters; shorter words lie too near to each other to be taken for a slip of the fingers
_MOST = 25  # changes in one step
_IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "mice": "mouse", "geese": "goose", "feet": "foot",
    "teeth": "tooth", "leaves": "leaf", "wolves": "wolf", "knives": "knife", "shelves": "shelf", "scarves": "scarf",
}  # fmt: skip
# What else says that something is there: "snowy" for snow
_SAYS = {
    "snow": "snowy snowing snowfall snowflake snowstorm", "rain": "rainy raining rainfall raindrop", "fog": "foggy", "mist": "misty",
    "cloud": "cloudy", "sun": "sunny", "storm": "stormy", "wind": "windy", "haze": "hazy", "smoke": "smoky", "dust": "dusty",
    "ice": "icy", "frost": "frosty", "grain": "grainy", "blur": "blurry blurred", "star": "starry", "glow": "glowing",
    "flower": "flowery floral", "shadow": "shadowy", "leaf": "leafy", "grass": "grassy", "rock": "rocky", "sand": "sandy",
}  # fmt: skip
_AGAINST = {*vocabulary.OPPOSITES.items(), ("cold", "warm"), ("hard", "soft"), ("old", "young"), ("old", "new")}
_BEFORE = r"on|in|at|with|without|and|under|near|by|beside|behind|above|below|over|of|through|from|to|around|among|between|into|for|or"
_ONE = r"the|an?|his|her|its|their|my|some|one|two|three|four|five|six|seven|many|several|lots of|a few|a couple of|a lot of"
_TELLING = frozenset(form for forms in _SAYS.values() for form in forms.split() if re.search(r"(?:y|al|red)$", form))
_COATED = r"covered|capped|topped|dusted|filled|lit|soaked|drenched|swept|clad|lined|wrapped|shrouded"
_AFTER = r"that|who|which|is|are|was|were|sits?|stands?|lies?|alone|far|away|made|full|seen|lit|next|inside|outside|against|across|along|like|as|while|during|everywhere|high|low|where"
_SKY = re.compile(r"(?:(?:rain|thunder|snow|sand)?storm|blizzard|drizzle|shower|downpour|hurricane|gale)$")
_PARTS = "on|in|at|with|without|and|under|near|by|beside|behind|above|below|over|through|among|between|into|next to|in front of"
_WHAT = ("subject", "pose", "place", "time", "other")  # what else a phrase may be about: "falling snow" is about snow
_BARE = re.compile(
    r"^(?:(?:all|any|each|every|both|of|the|those|these|that|this|an?|my|his|her|its|their|some|more) )+"
)


def out(wish: Wish, prompt: str) -> list[Wish]:
    """ "remove X", "no X" as what the prompt says of X, phrase by phrase; "no X" keeps X out of the picture as well."""
    gone: list[Wish] = []
    kept_out: list[str] = []
    parts = [wish.text] if phrases.holds(prompt, wish.text) else _listed(wish.text)
    for part in parts:
        runs = list(spots(prompt, part))
        gone += [Wish(kind="remove", text=run) for run in runs]
        if wish.kind == "avoid" or not runs:
            kept_out.append(part)
    if not gone:
        return [replace(wish, text="monochrome") if wish.text == "black and white" else wish]
    if len(gone) >= len(phrases.split(prompt)) and all(any(g.text == p for g in gone) for p in phrases.split(prompt)):
        return [Wish(kind="unknown", text=wish.text, how=declining.ALL_OF_IT)]
    rest = [replace(wish, text=", ".join(kept_out))] if kept_out else []
    longest_first = sorted(
        dict.fromkeys(gone), key=lambda one: -len(one.text)
    )  # "neon" alone would take "neon glow" along
    return [*longest_first, *rest]


def spots(prompt: str, said: str) -> Iterator[str]:
    """Where the prompt speaks of a thing: a whole phrase that is about it, or the words inside of one."""
    bare = re.sub(rf"^(?:{_BEFORE}) (?:(?:{_ONE}) )?(?=\w)", "", said.lower().strip())
    named = _named(prompt, _BARE.sub("", bare) or bare)
    for phrase in phrases.split(prompt):
        if re.match(r"(?:no|without|not)\b", phrase.lower()):
            continue
        for name in named:
            if run := _run(phrase, name):
                yield phrase if _is_about(phrase, name, run) else run
                break


def meant(prompt: str, said: str, *, telling: bool = True) -> str:
    """The words as the prompt has them, where they are only another form of them or a slip of the fingers.

    `telling`: "snowy" counts for snow too.
    """
    bare = _BARE.sub("", said.lower()) or said
    if not said or phrases.holds(prompt, said) or phrases.holds(prompt, bare):
        return said
    names = _named(prompt, bare)
    fitting = [name for name in names if telling or name.split()[-1] not in _TELLING]
    return next((name for name in fitting if phrases.holds(prompt, name)), said)


def whole(prompt: str, said: str) -> str:
    """What is to stay, as the prompt has it: "the balloon red" where a red balloon is."""
    match = re.fullmatch(rf"((?:the|my|his|her|its) )?(.+) ({'|'.join(vocabulary.COLORS)})", said.lower())
    if match and not phrases.holds(prompt, said):
        own = meant(prompt, match[2])
        return next((text for text in (f"{match[3]} {own}", own) if phrases.holds(prompt, text)), said)
    return meant(prompt, said)


def only(wish: Wish, prompt: str) -> list[Wish]:
    """ "keep only the castle": every phrase goes that says nothing of it."""
    own = phrases.split(prompt)
    kept = [p for p in own if any(True for part in wish.parts for _ in spots(p, meant(prompt, part)))]
    if absent := [part for part in wish.parts if not any(True for _ in spots(prompt, part))]:
        return [Wish(kind="unknown", text=absent[0], how=declining.NOT_THERE)]
    gone = [p for p in own if p not in kept]
    if len(gone) > _MOST:
        return [Wish(kind="edited", text=phrases.join(kept), how="short")]
    if not gone and len(own) == 1:
        return _within(own[0], wish.parts) or [Wish(kind="stay")]
    return [Wish(kind="remove", text=p) for p in gone] or [Wish(kind="stay")]


def _within(phrase: str, parts: tuple[str, ...]) -> list[Wish]:
    """ "keep only the castle" of "a castle on a hill with a river": what else the one phrase speaks of goes."""
    pieces = re.split(rf"\s+(?=(?:{_PARTS})\s)", phrase)
    kept = [piece for piece in pieces if any(True for part in parts for _ in spots(piece, meant(piece, part)))]
    if not kept or len(kept) == len(pieces):
        return []
    left = re.sub(rf"^(?:{_PARTS}) ", "", " ".join(kept))
    return [Wish(kind="replace", was=phrase, text=left)]


def own_words(seen: Seen) -> list[Wish]:
    """ "only my words": every phrase goes that a change brought and that the person never said."""
    draft = seen.drafts.get(seen.draft) if seen.draft is not None else None
    prompt = str(draft["prompt"]) if draft else ""
    theirs: list[str] = []
    first = draft
    while draft:
        first = draft
        theirs += [
            str(change["phrase"])
            for change in draft["changes"]
            if change["kind"] != "removed" and change.get("source", "person") != "person"
        ]
        draft = seen.drafts.get(draft["parent"]) if draft.get("parent") is not None else None
    theirs += _chosen(first) if first else []
    gone = [phrase for phrase in dict.fromkeys(theirs) if phrases.holds(prompt, phrase)]
    if gone and all(phrase in gone for phrase in phrases.split(prompt)):
        return [Wish(kind="unknown", text="only my words", how=declining.NOT_YOURS)]
    return [Wish(kind="remove", text=phrase) for phrase in gone]


def _chosen(first: dict[str, Any]) -> list[str]:
    """The phrases that a conversation began with where they came with an example, and none of them was said."""
    request = str(first.get("request", ""))
    added = [str(change["phrase"]) for change in first["changes"]]
    own = [phrase for phrase in phrases.split(str(first["prompt"])) if phrase not in added]
    told = [phrase for phrase in own if attribution.source(phrase, request, cited=False) == "person"]
    return own if request and not told else []


def another(text: str, prompt: str) -> Wish | None:
    """ "a second boat" or "only one boat" where there is a boat: one more, or as many of them."""
    low = text.lower()
    if re.match(
        r"(?:an? (?:second|third|other|additional|extra|further)|another|one more|two more|some more|a few more) (?!one\b)",
        low,
    ):
        return Wish(kind="add", text=text)
    match = re.fullmatch(r"(?:(?:just|only) )?(one|a single|two|three|four|five|six|\d{1,2}) ([\w'-]+)(?: only)?", low)
    run = next(spots(prompt, match[2]), "") if match else ""
    if not match or not run or len(phrases.words(run)) > 5:
        return None
    counted = re.sub(rf"^(?:{_BEFORE}) (?=(?:{_ONE}) )", "", run, flags=re.IGNORECASE)
    own = re.sub(rf"^(?:{_ONE}) ", "", counted, flags=re.IGNORECASE).split()[:-1]
    return Wish(kind="replace", was=counted, text=" ".join([match[1], *own, match[2]]))


def instead(wish: Wish, prompt: str) -> list[Wish]:
    """ "no dogs, but a cat": the cat takes the dog's place where the picture is of a dog, and else just comes in."""
    first = next(iter(phrases.split(prompt)), "")
    run = next(spots(first, wish.was), "")
    own = re.sub(rf"^(?:(?:{_BEFORE}) )?(?:(?:{_ONE}) )?", "", run, flags=re.IGNORECASE)
    if own and phrases.normal(first).startswith(phrases.normal(run)) and run != first:
        return [Wish(kind="replace", was=own, text=wish.text)]
    return [replace(wish, was="")]


def shaded(wish: Wish, prompt: str, words: str) -> Wish | None:
    """ "green sofa", "try a green sofa", "colder light" where there is one: that one, in green. None if it is to come in besides."""
    match = re.fullmatch(r"(?:with )?(?:(?:an?|the) )?([\w-]+) ([\w-]+)", wish.text.lower())
    if not match or re.search(r"\b(?:add|another|also|more|too|and|plus|second)\b", words.lower()):
        return None
    shade = vocabulary.COMPARATIVES.get(match[1], match[1])
    known = shade in vocabulary.SHADES
    if not known or not phrases.holds(prompt, match[2]) or phrases.holds(prompt, f"{shade} {match[2]}"):
        return None
    return in_place(Wish(kind="replace", was=match[2], text=f"{shade} {match[2]}"), prompt)


def in_place(wish: Wish, prompt: str) -> Wish:
    """ "make the sky green" where the prompt has no sky: a green sky comes in. Else the words that it does have."""
    was = meant(prompt, wish.was, telling=False)
    if not phrases.holds(prompt, was):
        named, there = vocabulary.attributes(was), vocabulary.attributes(prompt)
        lead = wish.text.lower().removesuffix(f" {wish.was.lower()}")
        known = lead != wish.text.lower() and lead in vocabulary.SHADES
        if known and not any(there.get(key) == value for key, value in named.items()):
            bare = wish.was.endswith("s") or wish.was in ("sky", "water", "light", "hair", "grass", "snow", "fog")
            return Wish(kind="add", text=wish.text if bare else f"{'an' if lead[0] in 'aeiou' else 'a'} {wish.text}")
    text = wish.text
    run = next(spots(prompt, was), "")
    if text.lower() in vocabulary.COLORS and was.lower() not in vocabulary.COLORS:  # "change the sofa to green"
        return in_place(replace(wish, text=f"{text} {wish.was}"), prompt)
    if PREPOSITION.match(text.lower()) and PREPOSITION.match(run.lower()):  # "on a chair instead of the sofa"
        return replace(wish, was=run)
    if was.lower() in vocabulary.TIMES and PREPOSITION.match(run.lower()) and _SKY.search(text.lower()):
        return replace(
            wish, was=run, text=f"in {'a ' if _SKY.fullmatch(text.lower()) else ''}{text}"
        )  # "at sunset" is "in a storm"
    own = re.sub(rf"^(?:(?:{_BEFORE}) )?(?:(?:{_ONE}) )?", "", run, flags=re.IGNORECASE)
    shade = text.lower().removesuffix(f" {wish.was.lower()}")
    if own.lower().endswith(f" {was.lower()}") and shade in vocabulary.SHADES:
        told = own[: -len(was)].split()  # "make the boat older": the sailing boat is an old sailing boat
        for kind in (vocabulary.COLORS, vocabulary.SIZES):
            told = [word for word in told if shade not in kind or word.lower() not in kind]
        told = [word for word in told if (shade, word) not in _AGAINST and (word, shade) not in _AGAINST]
        return replace(wish, was=own, text=" ".join([shade, *told, was]))
    if was != wish.was and text.lower().endswith(f" {wish.was.lower()}"):
        text = f"{text[: -len(wish.was)]}{was}"
    return replace(wish, was=was, text=text)


def back(wish: Wish, seen: Seen) -> list[Wish] | None:
    """ "put the boat back", "add it back": what an earlier draft of this picture had and a change took out; None if nothing.

    A whole phrase, or a thing with another in its place, comes back as it was; of words inside a phrase only the thing itself,
    because the rest was never said again.
    """
    draft = seen.drafts.get(seen.draft) if seen.draft is not None else None
    if wish.how in (ALL, THEM):
        return _all_back(seen, draft, every=wish.how == ALL)
    newest, thing = draft, _BARE.sub("", wish.text.lower())
    prompt = str(draft["prompt"]) if draft else ""
    while draft:
        took = [change for change in draft["changes"] if _took(change, thing, prompt)]
        if took and draft is newest and all(_took(change, "", prompt) for change in draft["changes"]):
            return [Wish(kind="undo")]
        if took:
            return [_restored(took[-1], thing, prompt)]
        draft = seen.drafts.get(draft["parent"]) if draft.get("parent") is not None else None
    if newest and thing and any(True for _ in spots(str(newest["negative_prompt"]), thing)):
        return [Wish(kind="allow", text=thing)]
    return None


def _all_back(seen: Seen, draft: dict[str, Any] | None, *, every: bool) -> list[Wish] | None:
    """What the newest removal took, or every removal on the way here; None if nothing went."""
    prompt, newest, came = str(draft["prompt"]) if draft else "", draft, list[Wish]()
    only_now = False
    while draft:
        took = [change for change in draft["changes"] if _took(change, "", prompt)]
        at_once = bool(took) and draft is newest and len(took) == len(draft["changes"])
        only_now = at_once if draft is newest else only_now and not took
        for change in took:
            came = _joined(came, change, prompt)
        if took and not every:
            break
        draft = seen.drafts.get(draft["parent"]) if draft.get("parent") is not None else None
    return [Wish(kind="undo")] if only_now else came or None


def _joined(came: list[Wish], change: dict[str, str | None], prompt: str) -> list[Wish]:
    """What comes back, and with it what an older change took: of a phrase that was cut twice, all of it."""
    for at, wish in enumerate(came):
        if (
            wish.kind == "replace"
            and change["was"]
            and phrases.normal(wish.text) == phrases.normal(str(change["phrase"]))
        ):
            return [*came[:at], replace(wish, text=str(change["was"])), *came[at + 1 :]]
    return [*came, _restored(change, "", prompt)]


def _took(change: dict[str, str | None], thing: str, prompt: str) -> bool:
    """Whether a change took a thing (or anything) out that the prompt still lacks."""
    if change["kind"] == "added":
        return False
    gone = str(change["phrase"] if change["kind"] == "removed" else change["was"] or "")
    if not thing:
        return not phrases.holds(prompt, gone)
    return any(True for _ in spots(gone, thing)) and not any(True for _ in spots(prompt, thing))


def _restored(change: dict[str, str | None], thing: str, prompt: str) -> Wish:
    new, was = str(change["phrase"]), str(change["was"] or "")
    if change["kind"] == "removed":
        return Wish(kind="add", text=new)
    shorter = set(phrases.words(new)) < set(phrases.words(was))
    if not (shorter and thing) and phrases.holds(prompt, new):
        return Wish(kind="replace", was=new, text=was)
    run = next(spots(was, thing), was) if thing else was
    return Wish(kind="add", text=re.sub(rf"^(?:{_BEFORE}) (?=(?:{_ONE}) )", "", run))


def _listed(text: str) -> list[str]:
    """ "people, cars or dogs" → each by itself."""
    return [part.strip() for part in re.split(r",|\band\b|\bor\b|\bnor\b", text) if part.strip()]


def _named(prompt: str, said: str) -> list[str]:
    """What the prompt may call a thing that was said: its other number, "snowy" for snow; else the word of it nearest to a slip."""
    words = phrases.words(said)
    if not words:
        return [said]
    head, lead = words[-1], words[:-1]
    names = [" ".join([*lead, form]) for form in (head, *_forms(head))]
    if any(_run(phrase, name) for phrase in phrases.split(prompt) for name in names):
        return names
    joined = "".join(words)
    if len(words) == 2 and joined in phrases.words(prompt):  # "the sun set"
        return [joined]
    own = set(phrases.words(prompt))
    near = [_near(word, prompt, 4 if own & {*words} else _LEAST) for word in words]
    return [" ".join(near)] if near != words else names


@lru_cache(maxsize=256)
def _forms(word: str) -> tuple[str, ...]:
    one = _IRREGULAR.get(word) or (
        f"{word[:-3]}y" if word.endswith("ies") else word[:-2] if re.search(r"(?:ch|sh|x|ss)es$", word) else ""
    )
    one = one or phrases.singular(word)
    many = [f"{one}s", f"{one}es", *(many for many, single in _IRREGULAR.items() if single == one)]
    many += [f"{one[:-1]}ies"] if re.search(r"[^aeiou]y$", one) else []
    says = _SAYS.get(one, "").split()
    return tuple(dict.fromkeys([one, *many, *says, *(f"{form}s" for form in says)]))


@lru_cache(maxsize=256)
def _near(word: str, prompt: str, least: int = _LEAST) -> str:
    """The word of the prompt that this one is a slip of the fingers from: a letter too many, missing, or two swapped."""
    own = set(phrases.words(prompt))
    if word in own or len(word) < least or vocabulary.is_known(word):
        return word
    near = [
        other for other in own
        if other[:1] == word[:1] and len(other) >= least and distance(word, other) == 1
        and (len(other) != len(word) or sorted(other) == sorted(word) or len(word) >= 8)
    ]  # fmt: skip
    return min(near) if near else word


def _run(phrase: str, name: str) -> str:
    """The words in a phrase that speak of a thing, with its article, number, colour and preposition: "on two red boats".

    Where the thing only tells of another ("a neon sign", "snowy hills"), just the words themselves.
    """
    thing = r"[\s_-]+".join(map(re.escape, phrases.words(name)))
    told = re.search(
        rf"(?<![\w-])(?:{thing}-(?:{_COATED})|{thing})(?= (?!(?:{_BEFORE}|{_AFTER})\b|\w+(?:ing|ed)\b)[a-z])", phrase, re.IGNORECASE
    )  # fmt: skip
    if told or name.split()[-1] in _TELLING:
        alone = told or re.search(rf"(?<![\w-]){thing}(?![\w-])", phrase, re.IGNORECASE)
        return alone[0] if alone else ""
    own = rf"(?:(?!(?:{_BEFORE})\b)[\w'-]+\s+)"
    match = re.search(
        rf"(?<![\w-])(?:(?:(?:{_COATED})\s+)?(?:{_BEFORE}|wearing|holding)\s+)?"
        rf"(?:(?:{_ONE})\s+(?:{own}(?!\w+ing\b)|(?:{own}(?!\w+ing\b)){{2,3}})?|(?:(?:{'|'.join(vocabulary.COLORS)})\s+)+)?{thing}(?![\w-])",
        phrase,
        re.IGNORECASE,
    )
    return match[0] if match else ""


def _is_about(phrase: str, name: str, run: str) -> bool:
    """Whether a phrase is about the thing alone: "two red boats", "neon glow" for "neon", but no scene with it."""
    bare = phrases.normal(phrase)
    if bare == phrases.normal(run):
        return True
    ours, theirs = vocabulary.attributes(bare), vocabulary.attributes(name)
    others = {key for key, value in ours.items() if key in _WHAT and theirs.get(key) != value}
    words = phrases.words(bare)
    scene = re.search(rf"\b(?:{_BEFORE})\b", bare)
    return len(words) <= min(3, len(phrases.words(name)) + 2) and not others and not scene
