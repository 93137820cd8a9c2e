"""The guide's sentences about what it looked at: checks, mending, weighing, foresight, taste, the tree, locks and files."""

import re
from collections.abc import Sequence
from typing import Any

from agent.telling import listed, quoted, shortened
from agent.wording import PREPOSITION
from tools.backends import locks as phrase_locks
from tools.backends import phrases

_MOST = 8
_NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def locks(locked: Sequence[str], prompt: str) -> str:
    """What is locked now."""
    if not locked:
        return 'Nothing is locked. Say "keep the cat as it is" or "lock the sofa", for example.'
    here, away = _here(locked, prompt)
    told = f"Locked: {_named(here or locked)}. No change touches {'them' if len(here or locked) > 1 else 'it'}"
    free = " or ".join([f'"unlock {_bare((here or locked)[0])}"', *(['"unlock everything"'] * (len(locked) > 1))])
    return " ".join([f"{told} until you say {free}.", *absent(away if here else locked)])


def _here(locked: Sequence[str], prompt: str) -> tuple[list[str], list[str]]:
    """The locks that the prompt holds, and those that it does not: they were set on another one."""
    held = phrase_locks.held(prompt, locked) if prompt else tuple(locked)
    return [lock for lock in locked if lock in held], [lock for lock in locked if lock not in held]


def locks_away(drafted: dict[str, Any]) -> list[str]:
    """The locks that a draft does not hold."""
    return _here(drafted.get("locked", []), str(drafted["draft"]["prompt"]))[1]


def absent(away: Sequence[str]) -> list[str]:
    """What is said of locks that the prompt of now does not hold."""
    if not away:
        return []
    one = len(away) == 1
    return [
        f"{_named(away)} {'is' if one else 'are'} locked where a prompt holds {'it' if one else 'them'}; this one does not."
    ]


def locking(drafted: dict[str, Any]) -> str:
    """What a call that locked or unlocked came to."""
    now, freed = drafted.get("locked", []), drafted.get("unlocked", [])
    here, away = _here(now, str(drafted["draft"]["prompt"]))
    parts = []
    if freed:
        parts.append(f"{_named(freed)} may change again.")
    if here:
        parts.append(
            f"Locked now: {_named(here)}; {'they stay' if len(here) > 1 else 'it stays'} as written until you unlock {'them' if len(here) > 1 else 'it'}."
        )
    elif freed and not now:
        parts.append("Nothing is locked any more.")
    elif freed:
        parts.append("Nothing in this prompt is locked any more.")
    return " ".join([*parts, *absent(away), *notes(drafted)])


def nothing_locked(error: str, prompt: str, locked: Sequence[str]) -> str:
    """Why nothing was locked or let go: the words are not in the prompt, or no lock is called that."""
    unfound = re.findall(r"The prompt says nothing of (['\"])(.+?)\1, so nothing was locked", error)
    if unfound:
        named = listed([quoted(said) for _, said in unfound], "or")
        return (
            f"The prompt says nothing of {named}, so there is nothing to lock for it. It is: {shortened(prompt, 600)}"
        )
    if match := re.search(r"Nothing locked is called (.+?)\. Locked: ", error):
        return f"Nothing locked is called {quoted(match[1])}. {locks(locked, prompt)}"
    return locks(locked, prompt)


def notes(drafted: dict[str, Any]) -> list[str]:
    """What could not be done, and what to say instead."""
    told = refusals(drafted.get("refused", []))
    for note in drafted.get("notes", []):
        if match := re.match(r"The prompt says nothing of '?\"?(.+?)'?\"?, so nothing was locked", str(note)):
            told.append(f"The prompt says nothing of {quoted(match[1])}, so there is nothing to lock for it.")
        elif match := re.match(
            r"The prompt of (picture \d+) says nothing of '?\"?(.+?)'?\"?, so nothing was taken", str(note)
        ):
            told.append(
                f"The prompt of {match[1]} says nothing of its {shortened(match[2], 80)}, so I took nothing from it."
            )
        elif match := re.match(r"Nothing locked is called (.+?)\. Locked: (.+)\.", str(note)):
            told.append(f"Nothing locked is called {quoted(match[1])}. Locked: {shortened(match[2], 200)}.")
        elif re.match(
            r"(?:The prompt says the same of|The new idea does not hold what was locked|The person's own hand changed)",
            str(note),
        ):
            told.append(
                shortened(
                    str(note)
                    .replace("The person's own hand", "Your own hand")
                    .replace("; their hand is above locks", "; your hand is above locks"),
                    300,
                )
            )
    return told


def refusals(refused: Sequence[dict[str, Any]]) -> list[str]:
    """Which changes locks kept from happening, and how to let them."""
    named = list(
        dict.fromkeys(str(lock) for one in refused for lock in one.get("locks", [one.get("lock", "")]) if lock)
    )
    if not named:
        return []
    are = "is" if len(named) == 1 else "are"
    return [
        f'{_named(named)} {are} locked, so I left {"it" if len(named) == 1 else "them"} as {"it is" if len(named) == 1 else "they are"}. Say "unlock {_bare(named[0])}" first if it may change.'
    ]


def prompt_first(on: bool) -> str:
    """Whether prompts are shown first from now on."""
    if on:
        return 'From now on I show you each prompt first, and render it when you say "render it". Edit it with "use this prompt: …".'
    return "From now on I render right away, without showing the prompt first."


def waiting(drafted: dict[str, Any], told: str) -> str:
    """A draft that is shown before it is rendered."""
    draft = drafted["draft"]
    negative = (
        f"\n\nIt is asked to show no {shortened(draft['negative_prompt'], 400)}."
        if draft.get("negative_prompt")
        else ""
    )
    return (
        f"{told}The prompt would be: {shortened(draft['prompt'], 2_000)}{negative}\n\nNothing is rendered yet. "
        'Say "render it", change it, or write it by hand: "use this prompt: …".'
    )


def undone(answer: dict[str, Any], pictures: Sequence[dict[str, Any]]) -> str:
    """What the prompt is after something was taken back, and which picture shows it."""
    draft, shown = answer["draft"], answer.get("picture")  # the draft may have come from a picture of another prompt
    steps, left, wrote = int(answer.get("steps", 1)), answer.get("left"), answer.get("undone") != answer.get("back_at")
    what = f"the last {_NUMBERS.get(steps, steps)} changes" if steps > 1 else "the last change"
    if left and steps == 1:
        told = f"I took back the step to {left}; we are where we were before it."
    else:
        told = f"I took back {what}." if wrote else "We are where we were before."
    if int(answer.get("asked", steps)) > steps:
        told += " There is nothing before that."
    told += f" The prompt is again: {shortened(draft['prompt'], 2_000)}"
    if shown:
        told += f"\n\n{str(shown).capitalize()} shows it."
    if answer.get("locked_again"):
        told += f" Locked again, as then: {_named(answer['locked_again'])}."
    return told


def rated(answer: dict[str, Any], verdict: str, picture: str) -> str:
    """The answer to a thumb."""
    name = str(answer.get("rated", {}).get("picture") or picture)
    told = f"{name.capitalize()}: thumbs {verdict}, noted."
    news = [line for line in answer.get("news", []) if isinstance(line, dict)]
    if news:
        learned = [
            f"you {'keep' if float(line['weight']) > 0 else 'drop'} {quoted(str(line['phrase']))}" for line in news[:3]
        ]
        told += f" New on your taste card: {listed(learned)}."
    if answer.get("on") is False:
        told += " Taste is off (ATELIER_TASTE=no), so nothing is learned from it."
    return told if verdict == "up" or news else f'{told} Say what to change, or "back to picture 1".'


def taste(answer: dict[str, Any], how: str, text: str) -> str:
    """The taste card after what was done to it."""
    card = shortened(str(answer.get("card", "")), 900)
    lead = {
        "add": "It is on your taste card.",
        "remove": f"{quoted(text)} is off your taste card.",
        "wipe": "I forgot your taste; favourites and pictures stay.",
    }.get(how, "Your taste card:")
    more = {
        "show": ' Say "I never want bokeh", "remove neon from my taste card" or "forget my taste" to change it.'
    }.get(how, "")
    return f"{lead} {card}{more}".strip()


def kept(answer: dict[str, Any], how: str) -> str:
    """Where a file was written."""
    path = shortened(str(answer["kept"]["path"]), 400)
    if how == "template":
        return (
            f"The template is in {path}: words that changed on the way are slots, in dynamic-prompts' wildcard syntax."
        )
    return f"The conversation is in {path}. It can be replayed without any language model, to the same prompts and pictures."


def tree(answer: dict[str, Any]) -> str:
    """The history in a sentence; the page draws it."""
    nodes = answer.get("tree", {}).get("nodes", [])
    lines = []
    for node in nodes[-20:]:
        draft = node["draft"]
        pictures = ", ".join(node["pictures"]) or "not rendered"
        here = " (we are here)" if node.get("current") else ""
        asked = quoted(draft.get("request") or draft["prompt"], 80)
        lines.append(f"{'  ' * min(int(node['depth']), 6)}- {pictures}: {asked}{here}")
    older = f"The newest {len(lines)} of {len(nodes)} prompts:\n\n" if len(nodes) > len(lines) else ""
    told = "\n".join(lines)
    return f'{older}{told}\n\nSay "back to picture 1" to go on from there; nothing is overwritten.'


def check(answer: dict[str, Any], asked: str = "") -> str:
    """What a check saw, and the offer to mend what is missing."""
    held = answer.get("check", answer)
    seen = held.get("phrases", [])
    name = str(held.get("picture", "the picture"))
    by = {
        there: [quoted(str(one["phrase"])) for one in seen if one.get("there") is there][:_MOST]
        for there in (True, False, None)
    }
    parts = []
    out = [one for one in held.get("avoided", []) if one.get("there")]
    if asked:
        parts.append(_about(seen, asked, name, out))
    if out:
        named = listed([quoted(str(one["phrase"])) for one in out[:_MOST]])
        parts.append(
            f'You asked for no {named}, and I see {"it" if len(out) == 1 else "them"}. Say "another seed" to try.'
        )
    if by[False]:
        parts.append(
            f"In {name} I do not see {listed(by[False], 'or')}."
            + (f" I do see {listed(by[True])}." if by[True] else "")
        )
    elif by[True]:
        parts.append(f"{name.capitalize()} shows {listed(by[True])}; nothing that I can judge is missing.")
    if by[None]:
        parts.append(f"Of {listed(by[None])} the encoder cannot tell.")
    if by[False]:
        parts.append('Say "fix it", and I try to mend that with wording from examples.')
    return " ".join(part for part in parts if part) or f"The encoder cannot judge {name}."


def _about(seen: Sequence[dict[str, Any]], asked: str, name: str, out: Sequence[dict[str, Any]]) -> str:
    about = [
        one for one in seen if phrases.holds(str(one["phrase"]), asked) or phrases.holds(asked, str(one["phrase"]))
    ]
    if not about and any(phrases.holds(asked, str(one["phrase"])) for one in out):
        return f"Yes, I see {quoted(asked)} in {name}, though it was to stay out."
    if not about:
        return f'The prompt does not ask for {quoted(asked)}. Say "add {shortened(asked, 60)}" to have it.'
    there = about[0].get("there")
    if there is None:
        return f"Whether {name} shows {quoted(asked)} the encoder cannot tell."
    return f"Yes, I see {quoted(asked)} in {name}." if there else f"No, I do not see {quoted(asked)} in {name}."


def mended(answer: dict[str, Any]) -> str:
    """What mending came to: the budget, what is seen now, and which picture it ends on."""
    best, began, used = str(answer["best"]), str(answer["began_with"]), int(answer["used"])
    missing = [quoted(str(one)) for one in answer.get("missing", [])][:_MOST]
    if proposed := answer.get("proposed"):
        return waiting({"draft": proposed}, f"In {began} I do not see {listed(missing, 'or')}. ")
    out = [quoted(str(one)) for one in answer.get("unwanted", [])][:_MOST]
    unwanted = f" It does show {listed(out)}, which was to stay out; another seed may not." if out else ""
    if shown := [quoted(str(one)) for one in answer.get("shown", [])][:_MOST]:
        lacks = f" What I do not see is {listed(missing, 'or')}." if missing else ""
        return (
            f"As far as I can judge, {best} does show {listed(shown)}, so I rendered nothing for it.{lacks} "
            'Say "another seed" for another try.'
        )
    if unjudged := [quoted(str(one)) for one in answer.get("unjudged", [])][:_MOST]:
        return f'Whether {best} shows {listed(unjudged)} I cannot judge, so I rendered nothing. Say "another seed" for another try.'
    if not missing and not used:
        return f"{best.capitalize()} shows all that I can judge of its prompt, so I rendered nothing.{unwanted}"
    if not used:
        return f"In {best} I do not see {listed(missing, 'or')}, and no example words that in another way, so I rendered nothing. Say what to change."
    spent = f"I rendered {used} of at most {answer['budget']} picture{'s' if answer['budget'] != 1 else ''} for it, with the same seed."
    if answer["improved"]:
        came = _came(answer)
        better = f"{best.capitalize()} is better than {began}" + (
            f": it shows {listed([quoted(one) for one in came])}." if came else "."
        )
    else:
        better = f"None was better than {began}, so we are back there."
    return (
        " ".join(
            [
                spent,
                *([str(answer["begun"])] if answer.get("begun") else []),
                better,
                *([f"Still not seen: {listed(missing)}."] if missing else ["Nothing that I can judge is missing now."]),
            ]
        )
        + unwanted
    )


def _came(answer: dict[str, Any]) -> list[str]:
    """What is seen now and was not before."""
    was = {str(one["phrase"]) for one in answer["before"].get("phrases", []) if one.get("there") is False}
    return [
        str(one["phrase"]) for one in answer["after"].get("phrases", []) if one.get("there") and one["phrase"] in was
    ]


def weighing(answer: dict[str, Any], asked: str = "") -> str:
    """Which phrases do anything, and the shortest prompt that keeps the picture."""
    held = answer.get("weighing", answer)
    weights = sorted(held.get("weights", []), key=lambda one: -float(one["effect"]))
    if not weights:
        return "There is only one phrase: without it there is no picture."
    lines = [
        f"- {quoted(str(one['phrase']))}: {_strength(float(one['effect']))} ({float(one['effect']):.2f})"
        for one in weights
    ]
    lead = f"Each phrase of {held.get('picture', 'the picture')} left out once, at the same seed with few steps:"
    shortest = str(held.get("shortest", ""))
    parts = []
    if asked and (about := [one for one in weights if phrases.holds(str(one["phrase"]), asked)]):
        parts.append(f"{quoted(asked)} does {_strength(float(about[0]['effect']))}.")
    parts.append(f"{lead}\n\n" + "\n".join(lines))
    if tried := _tried(answer, shortest):
        parts.append(tried)
    if shortest and len(phrases.split(shortest)) < len(weights):
        parts.append(
            f'The shortest prompt that keeps the picture: {shortened(shortest, 900)}\n\nSay "use the shorter prompt" to take it.'
        )
    elif answer.get("locked"):
        parts.append("Nothing else can be left out without changing the picture.")
    else:
        parts.append("Nothing can be left out without changing the picture.")
    return "\n\n".join(parts)


def _tried(answer: dict[str, Any], shortest: str) -> str:
    """Why the shortest prompt still holds phrases that do next to nothing one by one."""
    little, together = [str(one) for one in answer.get("little", [])], answer.get("together")
    told = []
    if together is not None and float(together) > float(answer.get("enough", 1.0)):
        stay = [quoted(one) for one in little if phrases.holds(shortest, one)]
        told.append(
            f"One by one {len(little)} of these do little, but they stand in for each other: without all of them it is "
            f"another picture ({float(together):.2f})"
            + (f", so {listed(stay)} stay{'s' if len(stay) == 1 else ''}." if stay else ".")
        )
    if locked := [quoted(str(one)) for one in answer.get("locked", [])]:
        told.append(
            f"{listed(locked)} {'is' if len(locked) == 1 else 'are'} locked, so {'it stays' if len(locked) == 1 else 'they stay'}."
        )
    return " ".join(told)


def _strength(effect: float) -> str:
    return (
        "next to nothing"
        if effect < 0.1
        else "little"
        if effect < 0.3
        else "much"
        if effect < 0.7
        else "almost everything"
    )


def foresight(answer: dict[str, Any], words: str) -> str:
    """The nearest library pictures of a candidate prompt, and how much they agree."""
    held = answer.get("foresight", answer)
    matches, agreement = held.get("matches", []), float(held.get("agreement", 0.0))
    if not matches:
        return "The library has nothing near that, so I cannot say what it would look like."
    led = PREPOSITION.match(words.lower()) or words.lower().startswith(("with ", "without "))
    with_ = f"{'' if led else ' with'} {quoted(words)}" if words else ""
    how = (
        "agree closely"
        if agreement >= 0.7
        else "agree in part"
        if agreement >= 0.35
        else "differ much, so it could go many ways"
    )
    shared = [quoted(str(one)) for one in answer.get("shared", [])][:4]
    common = f" Most of them have {listed(shared)}." if shared else ""
    lines = "\n".join(f"- {shortened(m['example']['prompt'], 120)}" for m in matches[:3])
    end = 'Say "yes" to make it so.' if words else 'Say "render it" for the picture itself.'
    return (
        f"Nothing is rendered. The library's pictures nearest to the prompt{with_} {how} ({agreement:.2f} of 1).{common} "
        f"The nearest:\n\n{lines}\n\n{end}"
    )


def _named(texts: Sequence[str]) -> str:
    return listed([quoted(text) for text in texts])


def _bare(lock: str) -> str:
    """A lock as somebody would say it in a sentence."""
    said = re.sub(r"^(?:an?|the) ", "", lock.strip())
    return shortened(said, 60) if PREPOSITION.match(said) else f"the {shortened(said, 60)}"
