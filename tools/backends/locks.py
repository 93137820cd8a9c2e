"""Locks: words of a prompt that no change may touch, found, kept and compared. Pure functions over text.

A change is not judged by what it says that it does, but by what it did: the prompt before and after it is read, and every
place where locked words stood must stand there again, byte for byte, in the same order, inside the same brackets and weights.
So neither a `was` that spans a lock, nor doubles, brackets or other letter case lead around one. What words mean is not
judged: "no cat" beside a locked "cat" is a change of the unlocked rest.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tools.backends import aspects, phrases
from tools.backends.phrases import Span
from tools.backends.records import Change

EVERYTHING = frozenset({"all", "everything", "it all", "all of it", "the whole prompt", "the prompt", "all locks"})
_LEADS = frozenset(
    "the a an this that these those my your his her its their our both all every each just only also and".split()
)
_ENDS = frozenset(  # words that a thing's own adjectives do not reach across
    """a an the this that these those my your his her its their our some any no and or but nor plus with without of in on at by
    to from into onto over under above below near beside behind between among through across during before after for as like
    is are was were be being has have having wearing holding who which where while""".split()
)
MOST_ADJECTIVES = 3
LONGEST_WEIGHT = 24  # characters of ":1.25" with the spaces around it


class Place(NamedTuple):
    """Where locked words stand.

    `text`: as written, a whole phrase with its own brackets; `core`: without them; `brackets`: all that stand around the
    core, outside first, each with its weight; `whole`: a whole phrase, not a run of words in one.
    """

    start: int
    end: int
    text: str
    core: str
    brackets: tuple[str, ...]
    whole: bool


class _Token(NamedTuple):
    start: int
    end: int
    word: str


def find(prompt: str, said: str) -> list[str]:
    """What to lock when the person names something: whole phrases as written, or the words inside a phrase.

    "the sofa" finds the phrase "a sofa", else the words "red velvet sofa" in "a cat on the red velvet sofa" (a thing keeps its
    adjectives), else a phrase that holds all the words in another order. "the lighting" finds the phrases about light.
    Empty: nothing in the prompt is meant.
    """
    wanted = phrases.normal(said)
    outer = phrases.split(prompt)
    if not wanted:
        return []
    if wanted in EVERYTHING:
        return list(dict.fromkeys(outer))
    whole = [own for own in outer if phrases.normal(own) == wanted or _bare(own) == _bare(said) != ()]
    if whole:
        return list(dict.fromkeys(whole))
    kind = aspects.named(said)
    if kind and (named := [piece.words for piece in aspects.spoken_of(prompt, kind)]):
        return list(dict.fromkeys(named))
    run = _bare(said)
    if not {*run} - _LEADS - _ENDS:
        return []
    found: list[str] = []
    for leaf in phrases.leaves(prompt):
        tokens = _tokens(prompt, leaf)
        if (at := _index(tokens, run, stem=True)) is not None:
            start = tokens[_widened(tokens, at, at + len(run))].start
            end = tokens[at + len(run) - 1].end
            lone = all(token.word in _LEADS for token in tokens if token.start < start or token.start >= end)
            found.append(_outer(prompt, leaf) if lone else prompt[start:end])
    if not found and len(run) == 1:
        grown = _grown(run[0])
        tokens = [token for leaf in phrases.leaves(prompt) for token in _tokens(prompt, leaf)]
        found = [prompt[token.start : token.end] for token in tokens if token.word in grown]
    if not found:
        stems = {phrases.singular(word) for word in run if word not in _ENDS}
        found = [own for own in outer if stems and stems <= {phrases.singular(word) for word in phrases.words(own)}]
    return list(dict.fromkeys(found))


def meant(locks: Iterable[str], said: str) -> list[str]:
    """Which of the locks the person names, to let them go."""
    own = list(locks)
    if phrases.normal(said) in EVERYTHING:
        return own
    exact = [lock for lock in own if phrases.normal(lock) == phrases.normal(said) or _bare(lock) == _bare(said) != ()]
    if exact:
        return exact
    run = _bare(said)
    if not {*run} - _LEADS - _ENDS:
        return []  # "a" stands in every lock and means none
    kind = aspects.named(said)
    return [
        lock
        for lock in own
        if (run and (_holds_run(lock, run) or _holds_run(said, _bare(lock))))
        or (kind is not None and kind in aspects.aspect_of(lock))
    ]


def held(prompt: str, locks: Iterable[str]) -> tuple[str, ...]:
    """The locks that the prompt holds, as they were locked."""
    return tuple(lock for lock in dict.fromkeys(locks) if places(prompt, lock))


def broken(before: str, after: str, locks: Iterable[str]) -> list[str]:
    """The locks whose words stood in `before` and do not stand in `after` as they did. Empty: the change is allowed."""
    own = list(dict.fromkeys(locks))
    lost = [lock for lock in own if not _kept(places(before, lock), places(after, lock))]
    if lost or len(own) < 2:
        return lost
    all_before = sorted(place for lock in own for place in places(before, lock))
    all_after = sorted(place for lock in own for place in places(after, lock))
    return [] if _kept(all_before, all_after) else list(held(before, own))  # they changed places


def apply(prompt: str, change: Change, locks: Iterable[str]) -> tuple[str, list[str]]:
    """The prompt after a change; or the prompt as it was, with the locks that the change would touch.

    Raises:
        BadInput: the change cannot be made, as `phrases.apply` says.
    """
    changed = phrases.apply(prompt, [change])
    touched = broken(prompt, changed, locks)
    return (prompt, touched) if touched else (changed, [])


def forbids(locks: Iterable[str], avoided: str) -> str | None:
    """The lock that the words would keep out of the picture, if one holds them: also in brackets, in the other number, or
    as one of several ("people and cats")."""
    runs = [_bare(part) for own in phrases.flat(avoided) for part in re.split(r"\b(?:and|or)\b|&", _core(own))]
    return next((lock for lock in locks if any(run and _holds_run(lock, run) for run in runs)), None)


def places(prompt: str, lock: str) -> list[Place]:
    """Every place where the lock's words stand: as a whole phrase, or as a run of words with its adjectives."""
    wanted, run = phrases.normal(lock), tuple(phrases.words(_core(lock)))
    pairs, leaves = phrases.brackets(prompt), phrases.leaves(prompt)
    found: list[Place] = []
    at_leaf = 0
    for outer in phrases.spans(prompt):
        inside: list[Span] = []
        while at_leaf < len(leaves) and leaves[at_leaf].end <= outer.end:
            inside.append(leaves[at_leaf])
            at_leaf += 1
        if phrases.normal(prompt[outer.start : outer.end]) == wanted:
            found.append(_place(prompt, outer, inside[0] if len(inside) == 1 else outer, pairs, whole=True))
            continue
        for leaf in inside:
            if phrases.normal(prompt[leaf.start : leaf.end]) == wanted:
                found.append(_place(prompt, leaf, leaf, pairs, whole=True))
                continue
            tokens = _tokens(prompt, leaf)
            at = _index(tokens, run)
            while at is not None:
                first = _widened(tokens, at, at + len(run), most=len(tokens))
                span = Span(tokens[first].start, tokens[at + len(run) - 1].end)
                found.append(_place(prompt, span, span, pairs, whole=False))
                at = _index(tokens, run, at + 1)
    return sorted(found)


def _place(prompt: str, span: Span, core: Span, pairs: Sequence[Span], *, whole: bool) -> Place:
    around = []
    for opener, closer in pairs:
        if opener < core.start and core.end <= closer:
            weight = phrases.WEIGHT.search(prompt, max(core.end, closer - LONGEST_WEIGHT), closer)
            around.append(prompt[opener] + (weight[0].strip() if weight else ""))
    # A full stop that comes to stand at the prompt's end is the prompt's own from then on.
    text, bare = (prompt[start:end].rstrip(" .") for start, end in (span, core))
    return Place(*span, text, bare, tuple(around), whole)


def _kept(before: Sequence[Place], after: Sequence[Place]) -> bool:
    """Whether all places of `before` come again in `after`, in their order."""
    rest = iter(after)
    return all(any(_same(old, new) for new in rest) for old in before)


def _same(old: Place, new: Place) -> bool:
    if old.whole and not new.whole:
        return False
    if old.text != old.core:
        return old.text == new.text
    return old.core == new.core and old.brackets == new.brackets


def _tokens(prompt: str, span: Span) -> list[_Token]:
    found = phrases.WORD.finditer(prompt, span.start, span.end)
    return [_Token(*match.span(), " ".join(phrases.words(match[0]))) for match in found]


def _index(tokens: Sequence[_Token], run: Sequence[str], start: int = 0, *, stem: bool = False) -> int | None:
    """Where a run of words begins among tokens, or None."""
    if not run:
        return None
    shape = phrases.singular if stem else str
    own, wanted = [shape(token.word) for token in tokens], [shape(word) for word in run]
    return next((n for n in range(start, len(own) - len(wanted) + 1) if own[n : n + len(wanted)] == wanted), None)


def _widened(tokens: Sequence[_Token], start: int, end: int, most: int = MOST_ADJECTIVES) -> int:
    """Where the thing's adjectives begin: "red velvet" before "sofa". The run's own beginning where it is no thing."""
    after = tokens[end].word if end < len(tokens) else ""
    first, last = tokens[start].word, tokens[end - 1].word
    if first in _ENDS or last.endswith("ing") or (after and after not in _ENDS and not after.endswith(("ing", "ed"))):
        return start
    at = start
    while at > 0 and start - at < most and tokens[at - 1].word not in _ENDS:
        if tokens[at - 1].word.endswith("ing") and not (at == 1 or tokens[at - 2].word in _ENDS):
            break  # "a dog chasing cats": a verb, not an adjective
        at -= 1
    return at


def _bare(text: str) -> tuple[str, ...]:
    """The words without an article or the like before them."""
    own = phrases.words(_core(text))
    while len(own) > 1 and own[0] in _LEADS:
        own = own[1:]
    return tuple(own)


def _grown(word: str) -> set[str]:
    """What grows from a word of weather or light: "rainy" and "raining" for rain, "foggy" for fog."""
    return {word + ending for ending in ("y", "ing", "fall")} | {word + word[-1:] + ending for ending in ("y", "ing")}


def _core(text: str) -> str:
    """The text without brackets and weight around it."""
    inner = phrases.leaves(text)
    return text[inner[0].start : inner[0].end] if len(inner) == 1 else text


def _holds_run(text: str, run: Sequence[str]) -> bool:
    return any(_index(_tokens(text, leaf), run, stem=True) is not None for leaf in phrases.leaves(text))


def _outer(prompt: str, leaf: Span) -> str:
    """The phrase that a leaf belongs to, with its brackets, unless these hold other phrases too."""
    for start, end in phrases.spans(prompt):
        if start <= leaf.start and leaf.end <= end:
            inner = phrases.leaves(prompt[start:end])
            return prompt[start:end] if len(inner) == 1 else prompt[leaf.start : leaf.end]
    return prompt[leaf.start : leaf.end]
