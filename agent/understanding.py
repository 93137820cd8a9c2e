"""Wishes in the light of the conversation: what "it" and "yes" mean, and whether "the hat is missing" can be mended. Pure."""

import dataclasses
import re
from collections.abc import Sequence

from agent import beginning, declining, sweeping, taking, vocabulary
from agent.playing import Seen
from agent.telling import ordinal
from agent.wishes import read
from agent.wording import EDITS, ORDINAL, Wish, noun
from tools.backends import phrases

_OF_A_PICTURE = ("save", "rate", "check", "mend", "weigh")  # what "it" is said of after a picture was named
_NOT_FOUND = re.compile(
    r"(?:all|every one|each|both|the (?:two|three|four|lot))(?: (?:of )?(?:them|these|those|the (?:pictures|images|ones)))?(?: pictures| images)?"
)


def meant(wishes: Sequence[Wish], seen: Seen) -> list[Wish]:
    """The wishes with what only the conversation can tell filled in."""
    prompt = _prompt(seen)
    told: list[Wish] = []
    written: str | None = prompt  # the prompt that the wishes so far lead to; None where only its tool will tell
    for wish in wishes:
        for one in _one(wish, seen, prompt):
            if prompt and len(wishes) > 1 and _what_is_there(one, prompt):
                continue  # "the castle without snow": that castle
            meanings = _in_words_of(written, one) if written else [one]
            if written and one.was and [each.kind for each in meanings] == ["replace"]:
                gone = [*taking.spots(written, one.was)]  # "no dogs, but a cat": the cat takes their place
                told = [each for each in told if not (each.kind == "remove" and each.text in gone)]
            told += meanings
        written = _prompt_after(wish, seen, written)
    if lost := [wish for wish in told if wish.how == declining.SAME_AS_WHAT]:
        return lost[:1]  # "the same for picture 2, but bluer": nothing of it, rather than half
    if sizes := [wish for wish in told if wish.kind == "settings"]:
        told = [wish for wish in told if wish.kind != "settings"]
        told.append(Wish(kind="settings", text=", ".join(wish.text for wish in sizes)))
    if any(wish.kind == "mend" for wish in told):  # mending looks first by itself
        told = [wish for wish in told if wish.kind != "check"]
    if any(wish.kind == "foresee" for wish in told):  # a look ahead instead of a picture
        told = [wish for wish in told if wish.kind not in ("hold", "prompt_first")]
    mends = [wish for wish in told if wish.kind == "mend"]
    if len(mends) > 1 and len({wish.picture for wish in mends if wish.picture}) < 2:  # "the cat is missing, fix that"
        whole = dataclasses.replace(
            mends[0],
            text=", ".join(dict.fromkeys(w.text for w in mends if w.text)),
            picture=next((w.picture for w in mends if w.picture), ""),
            count=max(w.count for w in mends),
        )
        told = [whole if wish is mends[0] else wish for wish in told if wish.kind != "mend" or wish is mends[0]]
    told = [dataclasses.replace(w, how=declining.NEXT) if _left_for_later(w, wishes) else w for w in told]
    return list(dict.fromkeys(_pronouns(told)))


def _left_for_later(wish: Wish, wishes: Sequence[Wish]) -> bool:
    """Whether a wish is one of another picture, said behind a wish that can be done."""
    return wish.kind == "unknown" and not wish.how and len(wishes) > 1 and wishes[0].kind in EDITS


def _prompt(seen: Seen) -> str:
    draft = seen.drafts.get(seen.draft) if seen.draft is not None else None
    return str(draft["prompt"]) if draft else ""


def _what_is_there(wish: Wish, prompt: str) -> bool:
    """Whether the words only name what the prompt begins with: no place of its own, and nothing new."""
    named = wish.text.lower().removeprefix("the ").strip()
    first = next(iter(phrases.split(prompt)), "")
    return wish.kind in ("place", "subject") and bool(re.fullmatch(r"[\w'-]+", named)) and phrases.holds(first, named)


def _prompt_after(wish: Wish, seen: Seen, prompt: str | None) -> str | None:
    """The prompt that a later wish of the message finds, as far as its words can be looked up in it."""
    if wish.kind == "back":
        names = {str(picture["name"]): picture.get("draft") for picture in seen.pictures}
        draft = seen.drafts.get(names.get(_named(wish.picture, seen)) or 0)
        return str(draft["prompt"]) if draft else None
    if prompt and wish.kind == "add":
        return f"{prompt}, {wish.text}"
    if prompt and wish.kind == "replace":
        return re.sub(rf"(?<!\w){re.escape(wish.was)}(?!\w)", lambda _: wish.text, prompt, flags=re.IGNORECASE)
    return None if wish.kind in ("idea", "undo", "use", "edited", "borrow", "blend", "restore", "subject") else prompt


def _in_words_of(prompt: str, wish: Wish) -> list[Wish]:
    """A change as the prompt's own words have it: "the ballon" of a balloon, "no boats" where there is a boat."""
    match wish.kind:
        case "remove" | "avoid":
            return taking.out(wish, prompt)
        case "only":
            return taking.only(wish, prompt)
        case "less":
            return [dataclasses.replace(wish, text=taking.meant(prompt, wish.text))]
        case "lock":
            return [dataclasses.replace(wish, parts=tuple(taking.whole(prompt, part) for part in wish.parts))]
        case "add" if wish.was:
            return taking.instead(wish, prompt)
        case "replace":
            return [taking.in_place(wish, prompt)]
    return [wish]


def _one(wish: Wish, seen: Seen, prompt: str) -> list[Wish]:
    match wish.kind:
        case "back" if wish.how == sweeping.SAME:
            edits = _before(seen)
            return [dataclasses.replace(wish, how=""), *edits] if edits else [_open(seen, declining.SAME_AS_WHAT)]
        case "again" if wish.how == sweeping.SEED:
            seed = next((str(p["seed"]) for p in seen.pictures if p["name"] == _named(wish.picture, seen)), "")
            return [Wish(kind="again", seed=seed)] if seed else [Wish(kind="unknown", text=seen.words)]
        case "save" | "rate" if counted := re.fullmatch(
            r"(?:the )?(first|last) (two|three|four|five|\d)(?: (?:ones|pictures|images))?", wish.picture
        ):
            names = [str(picture["name"]) for picture in seen.pictures]
            many = {"two": 2, "three": 3, "four": 4, "five": 5}.get(counted[2]) or int(counted[2])
            chosen = names[:many] if counted[1] == "first" else names[-many:]
            return [dataclasses.replace(wish, picture=name) for name in chosen]
        case "avoid" | "remove" if _begins_with(wish.text, seen) and not phrases.holds(prompt, wish.text):
            return [Wish(kind="start", picture=beginning.NOISE), Wish(kind="render")]
        case "only" if wish.how == sweeping.OWN:
            return taking.own_words(seen) or [Wish(kind="unknown", text=wish.text, how=declining.ALL_OWN)]
        case "unknown" if prompt and wish.text.endswith("?") and phrases.holds(prompt, wish.text.rstrip("? ")):
            return [Wish(kind="why", text=wish.text.rstrip("? "))]  # "film still?"
        case "more" | "subject" | "add" if prompt and (shaded := taking.shaded(wish, prompt, seen.words)):
            return [shaded]
        case "idea" if prompt and (another := taking.another(wish.text, prompt)):
            return [another]
        case "restore":
            return _restored(wish, seen, prompt)
        case "idea" if (
            prompt and (asked := re.fullmatch(r"the ([\w'-]+)", wish.text.lower())) and phrases.holds(prompt, asked[1])
        ):
            return [Wish(kind="check", text=asked[1])]  # "show me the sofa"
        case "idea" if prompt and declining.unknown_order(wish.text, _holds_last(prompt, wish.text)):
            return [Wish(kind="unknown", text=wish.text)]
        case "idea" if prompt and (same := _same_subject(wish.text, prompt)):
            return [same]
        case _ if (
            re.fullmatch(r"(?:the )?(?:middle|center|centre) (?:one|picture|image)", wish.picture)
            and len(seen.pictures) % 2
        ):
            return [dataclasses.replace(wish, picture=str(seen.pictures[len(seen.pictures) // 2]["name"]))]
        case "idea" if (
            prompt
            and (
                beside := re.search(
                    r"(?:next to|beside|behind|in front of|near|above|below|under|around|by) the ([\w-]+)$",
                    wish.text.lower(),
                )
            )
            and phrases.holds(prompt, beside[1])
        ):
            return [Wish(kind="add", text=wish.text)]
        case "back" if wish.how == "as named" and phrases.holds(prompt, noun(wish.picture)):
            return []  # the picture that is there shows it
        case "save" if wish.picture == "first":
            return [
                dataclasses.replace(wish, picture=str(p["name"]), count=1) for p in seen.pictures[: wish.count]
            ] or [Wish(kind="save")]
        case "save" if wish.picture == "last":
            return [
                dataclasses.replace(wish, picture=str(p["name"]), count=1) for p in seen.pictures[-wish.count :]
            ] or [Wish(kind="save")]
        case "missing":
            return [_missing(wish, prompt)]
        case "why" if prompt and wish.text and not phrases.holds(prompt, wish.text):
            bare = re.sub(r"^(?:at|in|on|by|with|during|under)(?: the| an?)? ", "", wish.text.lower())
            return [dataclasses.replace(wish, text=bare) if phrases.holds(prompt, bare) else wish]
        case "unknown" if prompt and (kept := re.fullmatch(r"(?:keep|hold) (.{3,60})", wish.text.lower())):
            parts = tuple(part.strip() for part in re.split(r",|\band\b", kept[1]) if part.strip())
            return [Wish(kind="lock", parts=parts)] if all(phrases.holds(prompt, part) for part in parts) else [wish]
        case "dislike":
            if phrases.holds(prompt, wish.text):
                return [Wish(kind="remove", text=wish.text)]
            return [Wish(kind="taste", how="add", text=f"no {wish.text}")]
        case "yes":
            return _agreed(wish, seen, prompt)
        case "save" | "rate" if _NOT_FOUND.fullmatch(wish.picture):
            names = [str(picture["name"]) for picture in seen.pictures]
            named = names[-2:] if wish.picture.startswith(("both", "the two")) else names
            return [dataclasses.replace(wish, picture=name) for name in named] or [
                dataclasses.replace(wish, picture="")
            ]
    return [wish]


def _begins_with(text: str, seen: Seen) -> bool:
    """Whether words name the picture that the current one, or the draft that waits, begins with: "without the sketch"."""
    begun = seen.start_waits or any(p["name"] == seen.picture and p.get("begun") for p in seen.pictures)
    return begun and bool(
        re.fullmatch(r"(?:the |my )?(?:sketch|photo|drawing|doodle|scan|upload|start|base)", text.lower())
    )


def _before(seen: Seen) -> list[Wish]:
    """The changes of the message before, which "the same for picture 2" repeats; said twice, those of the one that began it."""
    for said in (
        seen.before,
        *(str(draft.get("request", "")) for _, draft in sorted(seen.drafts.items(), reverse=True)),
    ):
        wishes = read(said, has_draft=True) if said else []
        edits = [wish for wish in wishes if wish.kind in EDITS]
        if not any(wish.kind == "back" and wish.how == sweeping.SAME for wish in wishes):
            return edits
    return []


def _restored(wish: Wish, seen: Seen, prompt: str) -> list[Wish]:
    """What comes back: as it was where a change took it out; else the picture of it, or the thing as a new one."""
    if prompt and (there := taking.back(wish, seen)):
        return there
    if not wish.text:
        return [_open(seen, declining.NOTHING_GONE)]
    if prompt and any(True for _ in taking.spots(prompt, wish.text)):
        if wish.was:  # "put the cat back on the sofa"
            return [Wish(kind="place", text=wish.was)]
        return [Wish(kind="unknown", text=wish.text, how=declining.IS_THERE)]
    if wish.picture:
        return [Wish(kind="back", picture=wish.picture)]
    return [Wish(kind="add", text=" ".join(part for part in (_articled(wish.text), wish.was) if part))]


def _same_subject(text: str, prompt: str) -> Wish | None:
    """ "a black cat" where the picture shows a cat: that cat, and not a picture of its own."""
    low = text.lower().strip()
    if (
        (turned := re.fullmatch(r"(?:the )?([\w-]+) ([\w-]+)", low))
        and turned[2] in vocabulary.SHADES
        and phrases.holds(prompt, turned[1])
    ):
        return Wish(kind="replace", was=turned[1], text=f"{turned[2]} {turned[1]}")  # "castle white"
    match = re.fullmatch(r"(?:(?:an?|the) )((?:[\w-]+ ){1,2})([\w-]+)", low)
    bare = re.fullmatch(r"([\w-]+ )([\w-]+)", low)
    match = match or (bare if bare and bare[1].strip() in vocabulary.SHADES else None)
    if match is None or vocabulary.style_of(match[2]):
        return None
    if not phrases.holds(prompt, match[2]) or phrases.holds(prompt, f"{match[1]}{match[2]}"):
        return None
    return Wish(kind="replace", was=match[2], text=f"{match[1]}{match[2]}")


_OF_ANY_PICTURE = r"(?:the )?(?:colou?rs?|light|lighting|mood|style|picture|image|perspective|proportions|hands?|faces?|eyes?|anatomy|details?|contrast|background|composition)"


def _missing(wish: Wish, prompt: str) -> Wish:
    """What is not seen: mended where it was asked for, added where it never was."""
    if re.fullmatch(_OF_ANY_PICTURE, wish.text.lower()) and not phrases.holds(prompt, wish.text):
        return Wish(kind="mend", picture=wish.picture, count=wish.count)  # "fix the hands"
    if not prompt or any(phrases.holds(prompt, text) for text in (wish.text, noun(wish.text), *_forms(wish.text))):
        return Wish(kind="mend", text=wish.text, picture=wish.picture, count=wish.count)
    named, own = vocabulary.attributes(wish.text), vocabulary.attributes(prompt)
    if any(own.get(name) == value for name, value in named.items()):  # "the kitten" where the prompt says "cat"
        return Wish(kind="mend", text=wish.text, picture=wish.picture, count=wish.count)
    return Wish(kind="add", text=_articled(wish.text))


def _open(seen: Seen, how: str) -> Wish:
    return Wish(kind="unknown", text=seen.words, how=how)


def _named(said: str, seen: Seen) -> str:
    """The name of a picture that is told by its number or place in the row; as said where that takes the whole conversation."""
    names = [str(picture["name"]) for picture in seen.pictures]
    place = re.fullmatch(rf"(?:the )?(?:very )?({ORDINAL})(?: (?:one|picture|image|version))?", said)
    number = ordinal(place[1].replace("original", "first")) if place else 0
    return names[number - (number > 0)] if number and number <= len(names) else said


def _articled(text: str) -> str:
    if text.split()[-1:] and text.split()[-1] in (
        *vocabulary.WEATHER,
        "snow",
        "water",
        "grass",
        "light",
        "smoke",
        "sky",
        "people",
    ):
        return text
    return text if re.match(r"(?:an?|two|three|some) |.*s$", text) else f"{'an' if text[:1] in 'aeiou' else 'a'} {text}"


def _holds_last(prompt: str, text: str) -> bool:
    """Whether the prompt speaks of what stands last in the text: "unweight the neon"."""
    match = re.search(r"\b(?:the|its|his|her|their) ([\w' -]+)$", text.lower())
    return match is not None and any(True for _ in taking.spots(prompt, match[1]))


def _forms(text: str) -> tuple[str, ...]:
    last = text.split()[-1] if text.split() else text
    return (last, last.removesuffix("s"), f"{last}s") if len(last) > 2 else (last,)


def _agreed(wish: Wish, seen: Seen, prompt: str) -> list[Wish]:
    """What a "yes" says yes to: the offer at the end of the turn before."""
    name, artifact = seen.offered or ("", {})
    if name == "weigh_phrases":
        weighing = artifact.get("weighing", artifact)
        shortest = str(weighing.get("shortest", ""))
        if shortest and shortest != prompt:
            return [Wish(kind="edited", text=shortest, how="short")]
    if wish.how == "short":
        return [Wish(kind="weigh", how="short")]
    if name == "check_picture" and (artifact.get("missing") or artifact.get("check", {}).get("missing")):
        return [Wish(kind="mend", picture=str(artifact.get("check", artifact).get("picture", "")))]
    if name == "preview_prompt":
        edits = [one for one in read(str(artifact.get("words", "")), has_draft=True) if one.kind in EDITS]
        return edits or [Wish(kind="render")]
    waits = seen.prompt_first and seen.draft is not None and all(p.get("draft") != seen.draft for p in seen.pictures)
    if (name in ("refine_prompt", "undo_change") or waits) and prompt:
        return [Wish(kind="render")]
    return [Wish(kind="thanks")]


def _pronouns(wishes: Sequence[Wish]) -> list[Wish]:
    """ "the neon one is lovely, save it": it is the neon one, unless a new picture came between."""
    told: list[Wish] = []
    named = ""
    for wish in wishes:
        if wish.kind in EDITS or wish.kind in ("idea", "again", "back", "use", "borrow", "edited", "render"):
            named = ""
        if wish.kind in _OF_A_PICTURE:
            if wish.picture:
                named = wish.picture
            elif named:
                wish = dataclasses.replace(wish, picture=named)
        told.append(wish)
    return told
