"""The guide's sentences: short, warm, and only what the tools answered."""

import re
from collections.abc import Sequence
from typing import Any

from agent import vocabulary
from agent.wording import Wish
from tools.backends import phrases

_SHOWN = 3
DECLINED = "All right"  # how every answer to a no begins
LIST = "The examples nearest to"  # how a list begins
WHICH_LOCK, WHICH_FAVOURITE = "Which one?", "Which of them?"  # how these questions begin


def look_up(wish: Wish, prompt: str) -> str:
    """What to search for on behalf of a wish: its words, near the picture's own idea."""
    first = next(iter(phrases.split(prompt)), "")
    if wish.kind in ("place", "time"):
        for old in vocabulary.found_words(first, wish.kind):
            first = first.replace(old, "")
        return " ".join(f"{first} {wish.text}".split())
    if wish.kind == "replace" and phrases.holds(first, wish.was):
        return re.sub(rf"(?<!\w){re.escape(wish.was)}(?!\w)", lambda _: wish.text, first, flags=re.IGNORECASE)
    return f"{wish.text}, {first}" if first and wish.kind in ("more", "style") else wish.text


def new_idea(drafted: dict[str, Any]) -> str:
    """What the draft of a new idea holds besides the person's own words."""
    added = [c for c in drafted["draft"]["changes"] if c["kind"] == "added"]
    if added:
        return f"Your own words stay as you said them. {_sentence('I added', added)}"
    return (
        "Your own words stay as you said them. "
        "I added nothing: no phrase in the library stands out near this idea without changing it."
    )


def changed(drafted: dict[str, Any], avoid: Sequence[str] = ()) -> str:
    """What a draft changed, whose idea each new phrase is, and what stays."""
    changes = drafted["draft"]["changes"]
    parts = []
    if any(change.get("via") == "hand" for change in changes):
        parts.append("The prompt is as you wrote it.")
    changes = [change for change in changes if change.get("via") != "hand"]
    added = [c for c in changes if c["kind"] == "added"]
    if added:
        parts.append(_sentence("I added", added))
    for change in changes:
        if change["kind"] == "replaced" and _only_cut(change):
            parts.append(f"I cut {quoted(change['was'])} to {quoted(change['phrase'])}.")
        elif change["kind"] == "replaced":
            why = "" if _own(change) else f" ({_evidence(change)})"
            parts.append(f"{quoted(change['phrase'])} stands in place of {quoted(change['was'])}{why}.")
    removed = [c["phrase"] for c in changes if c["kind"] == "removed"]
    if removed:
        parts.append(f"I took out {listed([quoted(p) for p in removed])}.")
    if avoid:
        parts.append(f"The picture is asked to show no {listed(list(avoid), 'or')}.")
    parts.append("Everything else stays word for word.")
    return " ".join(parts)


def new_picture(drafted: dict[str, Any], made: dict[str, Any]) -> str:
    """The answer to a new idea."""
    parts = [f"Here {_is(made)} {_names(made)}. {new_idea(drafted)}", *_warnings(drafted, made)]
    parts.append('Tell me what to change, such as "make it more cinematic", or say "save it".')
    return " ".join(parts)


def example(source: str) -> str:
    """Whose prompt it is when an example is drawn."""
    return f"It is {source}, its prompt word for word."


def example_picture(told: str, drafted: dict[str, Any], made: dict[str, Any]) -> str:
    """The answer to "draw the second example"."""
    return " ".join([f"Here {_is(made)} {_names(made)}. {told}", *_warnings(drafted, made)])


def changed_picture(drafted: dict[str, Any], made: dict[str, Any], avoid: Sequence[str] = ()) -> str:
    """The answer to a change."""
    seeds = [str(p["recipe"]["seed"]) for p in made["pictures"] if p.get("recipe")]
    lead = f"Here {_is(made)} {_names(made)}, with the same seed{_as_before(made)}."
    if len(made["pictures"]) == 1 and seeds and not _as_before(made):  # there is no picture that it was before
        lead = f"Here {_is(made)} {_names(made)}, with seed {seeds[0]}."
    if len(made["pictures"]) > 1:
        lead = f"Here {_is(made)} {_names(made)}, with the seeds {listed(seeds)}."
    return " ".join([lead, changed(drafted, avoid), *_warnings(drafted, made)])


def rendered(made: dict[str, Any]) -> str:
    """The answer to "render it": the prompt is known to the person."""
    seeds = [str(p["recipe"]["seed"]) for p in made["pictures"] if p.get("recipe")]
    return " ".join(
        [
            f"Here {_is(made)} {_names(made)}, with {'seed' if len(seeds) == 1 else 'the seeds'} {listed(seeds)}.",
            *_warnings({}, made),
        ]
    )


def other_pictures(made: dict[str, Any]) -> str:
    """The answer to another seed or variations."""
    seeds = [str(p["recipe"]["seed"]) for p in made["pictures"]]
    return (
        f"Here {_is(made)} {_names(made)}: the same prompt with {'seed' if len(seeds) == 1 else 'the seeds'} {listed(seeds)}."
        + "".join(f" {told}" for told in _how_it_went(made))
    )


def found(answer: dict[str, Any], words: str) -> str:
    """The answer to a search."""
    matches = answer["matches"]
    if not matches:
        return f"The library has nothing near {quoted(words)}."
    return listing(matches, quoted(words))


def listing(matches: Sequence[dict[str, Any]], label: str) -> str:
    """The examples of a search, numbered as people may name them."""
    lines = [f"{n}. {shortened(m['example']['prompt'], 160)}" for n, m in enumerate(matches, 1)]
    return f"{LIST} {label}:\n\n" + "\n".join(lines) + '\n\nSay "draw the first example", or describe your own picture.'


def described(answer: dict[str, Any], words: str) -> str:
    """The answer to a picture."""
    matches, recipe, metadata = answer["matches"], answer.get("recipe"), answer.get("metadata")
    if words:
        lead = f"The examples nearest to this picture and to {quoted(words)}:"
    else:
        lead = {
            "this picture": "I know this picture: it is in the library.",
            "same look": "This picture is not in the library, but these examples have the same look:",
        }.get(
            str(answer.get("verdict")),
            "This picture is not in the library, and nothing in it is close. The nearest I have:",
        )
    parts = [lead]
    if answer.get("verdict") == "this picture" and matches:
        parts.append(f"Its prompt: {shortened(matches[0]['example']['prompt'], 600)}")
        if recipe:
            parts.append(_recipe(recipe))
    elif matches:
        parts.append("\n".join(f"{m['rank']}. {shortened(m['example']['prompt'], 160)}" for m in matches[:5]))
    if answer.get("reason"):
        parts.append(str(answer["reason"]))
    if metadata and metadata.get("prompt") and not recipe:
        parts.append(f"The file itself says that it was made with: {shortened(str(metadata['prompt']), 400)}")
    return "\n\n".join(parts)


def saved(answer: dict[str, Any]) -> str:
    """The answer to a save."""
    record = answer["saved"]
    lead = (
        f"{record['picture'].capitalize()} was saved already; I keep it once."
        if answer.get("already")
        else f"I saved {record['picture']}."
    )
    words, picture = record["rank"], record["picture_rank"]
    if not words and not picture:
        return f"{lead} But the library does not find it among its first results yet."
    ranks = [f"at rank {words} by its words" if words else "", f"at rank {picture} by its picture" if picture else ""]
    return f"{lead} The library finds it {listed([r for r in ranks if r])}."


def favourites(answer: dict[str, Any]) -> str:
    """The list of favourites."""
    matches = answer["matches"]
    if not matches:
        return 'You have no favourites yet. Say "save it" when you like a picture.'
    lines = [f"{n}. {shortened(m['example']['prompt'], 160)}" for n, m in enumerate(matches, 1)]
    return "Your favourites, newest first:\n\n" + "\n".join(lines)


def why(answer: dict[str, Any], phrase: str, pictures: Sequence[dict[str, Any]] = ()) -> str:
    """The answer to "why did you add that?", and to "why did you remove it?"."""
    words = quoted(str(answer.get("phrase") or phrase))
    asked = f"you said {quoted(answer['request'])}{_of(answer, pictures)}" if answer.get("request") else ""
    if answer.get("kept_out"):
        return f'{words} is kept out since {asked or "you asked for that"}. Say "add {shortened(str(answer["phrase"]), 60)}" to have it.'
    if answer.get("elsewhere"):
        where = f"in {answer['picture']}" if answer.get("picture") else "in an earlier prompt"
        back = f' Say "back to {answer["picture"]}" to have it again.' if answer.get("picture") else ""
        return f"I did not take {words} out: it stands {where}, and we went on from a prompt without it.{back}"
    lead = f"{words} is in the prompt all the same. " if answer.get("still") else ""
    if answer.get("own"):
        own = f"{lead}{words} is your own wording"
        if answer.get("here") is False:
            return f"{own}, of another idea: {asked}." if asked else f"{own}, of another idea."
        return f"{own}: {asked}, and I keep it as you said it." if asked else f"{own}: I keep it as you said it."
    if answer.get("chosen"):
        return (
            f"{lead}{words} came with the example that you chose when {asked}."
            if asked
            else f"{lead}{words} came with the example that you chose."
        )
    return "\n\n".join([lead.strip()] * bool(lead) + [_reason(change, pictures) for change in answer["changes"]])


def _of(change: dict[str, Any], pictures: Sequence[dict[str, Any]]) -> str:
    """Which picture a change came in with: " (picture 3)"."""
    shown = next(
        (p["name"] for p in pictures if p.get("draft") is not None and p.get("draft") == change.get("draft")), ""
    )
    return f" ({shown})" if shown else ""


def _only_cut(change: dict[str, Any]) -> bool:
    """Whether a replacement is what it replaced with words taken out, and has none of its own."""
    new, old = (set(phrases.words(str(change.get(name) or ""))) for name in ("phrase", "was"))
    return bool(new) and new - {"a", "an"} < old - {"a", "an"}


def _reason(change: dict[str, Any], pictures: Sequence[dict[str, Any]]) -> str:
    """Why one change was made: who asked, in which words, and what supports it."""
    asked = f" when you said {quoted(change['request'])}{_of(change, pictures)}" if change["request"] else ""
    if change["kind"] == "removed":
        theirs = change.get("source", "person") == "person"
        why = "you asked for that" if theirs else "it made room for what you asked for"
        return f"I took out {quoted(change['phrase'])}{asked}: {why}."
    if change["kind"] == "replaced" and _only_cut(change):
        return f"I cut {quoted(change['was'])} to {quoted(change['phrase'])}{asked}: you asked for that."
    what = f"{'I added' if change['kind'] == 'added' else 'I put in'} {quoted(change['phrase'])}"
    if change["kind"] == "replaced" and change.get("was"):
        what += f" for {quoted(change['was'])}"
    if change["evidence"]:
        example = quoted(change["evidence"][0]["prompt"], 120)
        return f"{what}{asked}: {_evidence(change)}, for example {example}."
    if change.get("source", "person") == "assistant":
        return f"{what}{asked}: that was my own idea, and no example supports it."
    if change.get("via"):
        return f"{what}{asked}: {_evidence(change)}, as you asked."
    return f"{what}{asked}: those are your words, and no example was cited for them."


def settings(text: str) -> str:
    """Where a size, a number of steps or the guidance is set, with the values that were asked for."""
    low = text.lower()
    size, steps = re.search(r"(\d+) ?[x×] ?(\d+)", low), re.search(r"(\d+) steps", low)
    guidance = re.search(r"(?:guidance|cfg)(?: scale)?(?: (?:of|to|at|=))* ?(\d+(?:\.\d+)?)", low)
    asked = [
        ("the size", "ATELIER_SIZE", "--size", f"{size[1]}x{size[2]}" if size else "512x512", bool(size)),
        ("the steps", "ATELIER_STEPS", "--steps", steps[1] if steps else "30", bool(steps) or "steps" in low),
        ("the guidance", "ATELIER_GUIDANCE", "--guidance", guidance[1] if guidance else "7", bool(guidance) or bool(re.search("guidance|cfg", low))),
    ]  # fmt: skip
    named = [one for one in asked if one[4]] or asked[:2]
    what = listed([one[0] for one in named])
    return (
        f"{what.capitalize()} of a picture {'is a setting' if len(named) == 1 else 'are settings'}, which no word here changes: start Atelier with "
        f"{listed([f'`{one[1]}={one[3]}`' for one in named], 'or')} for all pictures, or render one with "
        f'`atelier generate "…" {" ".join(f"{one[2]} {one[3]}" for one in named)}`.'
    )


_REST = re.compile(
    r"\b(?:change|redo|replace|rework)\b.{0,20}\b(?:rest|everything(?: else)?|all (?:else|the others?))\b",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"\b(?:make|get|keep)\b.{0,20}\b(shorter|longer)\b", re.IGNORECASE)


def not_understood(text: str) -> str:
    """What to say when the words are beyond the rules; a question where they only leave something open."""
    if _REST.search(text):
        return 'Into what? Say what is to stay and what the rest should become: "keep the cat as it is and make it watercolor", for example.'
    if match := _LENGTH.search(text):
        way = match[1].lower()
        return f'What should be {way}? "make the prompt shorter" drops words that change nothing; for the picture, name the thing: "the tower should be {way}".'
    what = f" {quoted(text, 80)}" if text else " that"
    return (
        f"I did not understand{what}, so I left it. I am rules, not a language model: describe a picture to draw, or say what to change, such "
        'as "make it more cinematic", "at night", "keep the sofa as it is", "with the lighting of picture 1", "undo", "is everything there?" or '
        '"save it". "help" shows all that I can do.'
    )


def prompt(draft: dict[str, Any] | None, pictures: Sequence[dict[str, Any]], current: str | None) -> str:
    """The prompt as it stands, and the seed of the picture that shows it."""
    if draft is None:
        return "There is no prompt yet. Tell me first what you would like to see."
    told = f"The prompt is: {shortened(draft['prompt'], 2_000)}"
    if draft["negative_prompt"]:
        told += f"\n\nThe picture is asked to show no {shortened(draft['negative_prompt'], 600)}."
    shown = next((p for p in pictures if p["name"] == current and p["draft"] == draft["number"]), None)
    if shown and shown.get("seed") is not None:
        told += f"\n\n{str(current).capitalize()} shows it, with seed {shown['seed']}."
    return told


def ordinal(said: str) -> int:
    """3 for "third", "3" or "3rd"; -1 for the last; 0 for anything else."""
    words = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
    said = said.strip().lower()
    if said in words:
        return words.index(said) + 1
    if said in ("last", "latest", "newest"):
        return -1
    match = re.fullmatch(r"(\d{1,3})(?:st|nd|rd|th)?", said)
    return int(match[1]) if match else 0


def quoted(text: str, longest: int = 200) -> str:
    """Words of a prompt in a sentence."""
    return f"“{shortened(text, longest)}”"


def _sentence(lead: str, changes: Sequence[dict[str, Any]]) -> str:
    """ "I added “film still” (3 examples have it, 6.2 times as common near this idea) and “anamorphic” (your words)." """
    told = [f"{quoted(change['phrase'])} ({_evidence(change)})" for change in changes]
    return f"{lead} {listed(told)}."


def _own(change: dict[str, Any]) -> bool:
    """Whether a change is made of the person's words and nothing else is to be said of it."""
    return change.get("source", "person") == "person" and not change["evidence"] and not change.get("via")


def _evidence(change: dict[str, Any]) -> str:
    """Whose words a phrase is: the library's, the person's, another picture's, or the assistant's own idea."""
    if count := len(change["evidence"]):
        lift = (
            f", {change['lift']:.1f} times as common near this idea as in the whole library"
            if change.get("lift")
            else ""
        )
        return f"from {count} example{'s' if count > 1 else ''}{lift}"
    if change.get("via"):
        return f"from {shortened(str(change['via']), 40)}"
    if change.get("source", "person") == "assistant":
        return "my own idea: no example supports it"
    return "your words; no example was needed"


def _warnings(drafted: dict[str, Any], made: dict[str, Any]) -> list[str]:
    parts = []
    if made.get("unknown_words"):
        parts.append(
            f"The image model does not know {listed([quoted(w) for w in made['unknown_words'][:6]])}, so do not look for that."
        )
    if made.get("dropped") or drafted.get("dropped"):
        parts.append(
            f"It reads only the beginning of the prompt; this falls off: {quoted(made.get('dropped') or drafted['dropped'])}."
        )
    return [*parts, *_how_it_went(made)]


def _how_it_went(made: dict[str, Any]) -> list[str]:
    """What the pictures began with, where that was no noise, and whether the person stopped them."""
    return [str(made.get("begun"))] * bool(made.get("begun")) + ["You stopped me there."] * bool(made.get("stopped"))


def _as_before(made: dict[str, Any]) -> str:
    parent = made["pictures"][0].get("parent")
    return f" as {parent}" if parent else ""


def _names(made: dict[str, Any]) -> str:
    return listed([p["name"] for p in made["pictures"]])


def _is(made: dict[str, Any]) -> str:
    return "is" if len(made["pictures"]) == 1 else "are"


def _recipe(recipe: dict[str, Any]) -> str:
    size = f"{recipe.get('width')}×{recipe.get('height')}"
    told = f"Its exact recipe: seed {recipe.get('seed')}, {recipe.get('steps')} steps, guidance {recipe.get('guidance')}, {size}, {recipe.get('scheduler')}, model {recipe.get('model')}"
    negative = recipe.get("negative_prompt")
    return told + (f", negative prompt {quoted(str(negative))}." if negative else ".")


def listed(items: Sequence[str], word: str = "and") -> str:
    """ "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"


def shortened(text: str, longest: int) -> str:
    """A stranger's text on one line, with nothing in it that draws Markdown or drives a terminal."""
    shown = "".join(char if char.isprintable() else " " for char in text)  # nothing that could drive a terminal
    line = re.sub(r"([\\`*_\[\]<>#!|])", r"\\\1", " ".join(shown.split()))  # library text is data, in Markdown too
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
