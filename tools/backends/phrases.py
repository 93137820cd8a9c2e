"""Prompts as phrases: take them apart, change some, and leave every other byte as it was.

Pure functions over text; no library, no model. A phrase is a piece between commas or line ends. Brackets, weights such as
`(neon:1.3)`, quoted text and `<lora:…>` tags are never cut through; `BREAK` and tags are phrases of their own. A bracket or
quotation mark without its partner is an ordinary character. No text is an error to read; only `apply` raises.
"""

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tools.backends.errors import BadInput
from tools.backends.records import Change

OPENERS = {"(": ")", "[": "]", "{": "}"}
CLOSERS = {close: open_ for open_, close in OPENERS.items()}
COMMAS = ",，、"
TAG = re.compile(r"<[a-z]+:[^<>\n,]+>", re.IGNORECASE)
# A quotation opens after a space or bracket and ends before one, so that the inch marks of `12" canvas, 8" knife` stay out.
QUOTE = re.compile(r'(?<![^\s(\[{,，、:])(?:"[^"\n]*"|“[^”\n]*”)(?![^\s)\]},，、.:;!?])')
BREAK = re.compile(r"(?<!\S)BREAK(?=$|[\s,])")
WEIGHT = re.compile(r"\s{0,8}:\s*[+-]?\d*\.?\d+\s*$")  # bounded: a long run of spaces would be tried from each of them
ENDING = re.compile(r"(?:(?<=[^\W_]{2})|(?<=[)\]}\"”]))\.\s*$")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
DEEPEST = 20  # brackets around brackets that are looked into; people write five or six
MOST_PAIRS = (
    20_000  # of equal items in two sequences that are matched in order; beyond it only what they hold is compared
)
LONGEST = 80  # characters of a phrase that statistics count; longer ones are sentences, which never repeat


class Span(NamedTuple):
    """A phrase's place in a prompt: the characters start (included) to end (not included)."""

    start: int
    end: int


def split(prompt: str) -> list[str]:
    """The phrases of a prompt, in order, as written, without the separators around them."""
    return [prompt[start:end] for start, end in spans(prompt)]


def join(phrases: Iterable[str]) -> str:
    """One prompt of the phrases: commas between them, spaces only around BREAK."""
    text = ""
    for phrase in phrases:
        if text:
            text += " " if phrase == "BREAK" or text.endswith("BREAK") else ", "
        text += phrase
    return text


def normal(phrase: str) -> str:
    """The phrase for comparing: lower case, single spaces, no outer brackets, weight or final punctuation."""
    text = " ".join(folded(phrase).split())
    for _ in range(DEEPEST):
        bare = text.strip(" .,;!?") or text
        if len(bare) > 1 and bare[0] in OPENERS and _pairs(bare).get(0) == len(bare) - 1:
            bare = WEIGHT.sub("", bare[1:-1]).strip()
        elif len(bare) > 2 and bare[0] + bare[-1] in ('""', "“”"):
            bare = bare[1:-1].strip()
        if bare == text or not bare:
            return bare or text
        text = bare
    return text


def flat(prompt: str) -> list[str]:
    """Like `split`, but bracketed lists such as `(masterpiece, best quality:1.2)` are opened into their phrases."""
    return [prompt[start:end] for outer in spans(prompt) for start, end in _inside(prompt, outer)]


def countable(prompt: str) -> list[str]:
    """The different phrases of a prompt in normal form, for statistics: no BREAK, no tags, nothing as long as a sentence."""
    found = (normal(phrase) for phrase in flat(prompt) if phrase != "BREAK" and not TAG.fullmatch(phrase))
    return list(dict.fromkeys(text for text in found if len(text) <= LONGEST and WORD.search(text)))


def leaves(prompt: str) -> list[Span]:
    """Where the words of the phrases stand, without the brackets and weights around them, also inside bracketed lists."""
    found: list[Span] = []
    todo = [(span, DEEPEST) for span in reversed(spans(prompt))]
    while todo:
        (start, end), depth = todo.pop()
        text = prompt[start:end]
        if depth and len(text) > 2 and text[0] in OPENERS and _pairs(text).get(0) == len(text) - 1:
            weight = WEIGHT.search(text[1:-1])
            inner = _spans(prompt, start + 1, start + 1 + weight.start() if weight else end - 1)
            todo += [(span, depth - 1) for span in reversed(inner)]
        else:
            found.append(Span(start, end))
    return found


def brackets(prompt: str) -> list[Span]:
    """The places of each bracket and its partner, in order; brackets in quotations, escaped or alone are none."""
    return [Span(opener, closer) for opener, closer in sorted(_pairs(prompt).items())]


def words(text: str) -> list[str]:
    """The words of a text in lower case, in order, punctuation dropped."""
    return WORD.findall(folded(text))


def folded(text: str) -> str:
    """The text for comparing: small letters, each in its usual shape. The library's SQL says the same (`dialects.FOLDED`)."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).lower().replace("ß", "ss").replace("ς", "σ")


def holds(prompt: str, phrase: str) -> bool:
    """Whether the prompt really holds the phrase: as a phrase of its own, or as a run of whole words inside of one.

    No run goes across a comma or into a weight, unless the phrase has its own comma there.
    """
    wanted = normal(phrase)
    if wanted and any(normal(own) == wanted for own in [*split(prompt), *flat(prompt)]):
        return True
    if not {*words(phrase)} <= {*words(prompt)}:
        return False  # the usual answer, and soon found
    run = _run(phrase)
    return bool(run.strip(" ,")) and run in _run(prompt)


def _run(prompt: str) -> str:
    """The words of a prompt between spaces, with a comma between two phrases and no weights."""
    return f" {' , '.join(' '.join(words(prompt[start:end])) for start, end in leaves(prompt))} "


def without(phrase: str, gone: str) -> str:
    """What is left of a phrase without some words of it, with no loose "and" or preposition at its ends."""
    run = r"[\s_\-]+".join(re.escape(word) for word in words(gone))
    left = re.sub(rf"\s{{0,8}}(?<!\w){run}(?!\w)", "", phrase, flags=re.IGNORECASE) if run else phrase
    return re.sub(r"^(?:\s*(?:and|with)\b)+|(?:\b(?:and|with|a|an|the|on|in|at|of)\s*)+$", "", left).strip()


def removal(prompt: str, phrase: str) -> Change | None:
    """The change that takes a whole phrase out of a prompt, or words out of the first phrase that holds more than them; None
    where the prompt does not hold it."""
    wanted = normal(phrase)
    if wanted and any(normal(own) == wanted for own in flat(prompt)):
        return Change(kind="removed", phrase=phrase)
    for own in split(prompt):
        left = without(own, phrase)
        if left != own and words(left):
            return Change(kind="replaced", phrase=left, was=own)
    return None


def twin(prompt: str, phrase: str, besides: str = "", *, reordered: bool = True) -> str | None:
    """The prompt's own phrase that says nearly the same: "neon light" for "neon lights", "detailed, highly" for "highly detailed".

    Args:
        prompt: Where to look.
        phrase: What is to be added.
        besides: A phrase that does not count, because it is to go.
        reordered: Whether the same few words in another order are the same; "light blue" and "blue light" are not.
    """
    wanted = _shape(phrase)
    for own in [*flat(prompt), *split(prompt)]:
        if not wanted or normal(own) == normal(besides) or own == "BREAK" or TAG.fullmatch(own):
            continue
        shape = _shape(own)
        if shape == wanted or "".join(shape) == "".join(wanted):
            return own
        if reordered and len(shape) <= 3 and not {*shape} & _ORDERED and sorted(shape) == sorted(wanted):
            return own
    return None


_ORDERED = frozenset(
    "light dark red orange yellow green blue purple pink brown black white gray grey gold silver".split()
)


def singular(word: str) -> str:
    """The word without a plural s: "cats" is "cat", "glass" stays."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _shape(phrase: str) -> tuple[str, ...]:
    """The words that tell two phrases apart: no articles, no plural, one spelling."""
    found = (word for word in words(normal(phrase)) if word not in ("a", "an", "the"))
    return tuple(
        singular(word).replace("colour", "color").replace("grey", "gray")
        for word in found
    )  # fmt: skip


def apply(prompt: str, changes: Sequence[Change]) -> str:
    """The prompt after the changes, one after another. What no change names stays byte for byte, in its order.

    added: put at the end, unless the prompt has it already. removed: taken out with one of its separators, wherever it
    stands. replaced: `was` becomes `phrase` in its place; where no whole phrase is `was`, but one phrase holds it as a run
    of words ("cat" in "a cat on a sofa"), only these words change.

    Raises:
        BadInput: a change names a phrase that is not there, or in several phrases, or is empty; lists the phrases.
    """
    for change in changes:
        if change.kind == "added":
            prompt = _add(prompt, change.phrase)
        elif change.kind == "removed":
            prompt = _remove(prompt, change.phrase)
        elif change.kind == "replaced":
            prompt = _replace(prompt, change.was or "", change.phrase)
        else:
            raise BadInput(f"A change cannot be {change.kind!r}. Use added, removed or replaced.")
    return prompt


def diff(old: str, new: str) -> list[Change]:
    """What makes `new` out of `old`, phrase by phrase. Phrases that only moved are no change."""
    before, after = split(old), split(new)
    ours, theirs = [normal(p) for p in before], [normal(p) for p in after]
    kept_before, kept_after = set(ours), set(theirs)
    if matched_in_order(ours, theirs):
        steps = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    else:
        steps = [("replace", 0, len(before), 0, len(after))]
    changes: list[Change] = []
    for kind, i1, i2, j1, j2 in steps:
        if kind == "equal":
            pairs = zip(before[i1:i2], after[j1:j2], strict=True)
            changes += [Change(kind="replaced", phrase=b, was=a) for a, b in pairs if a != b]
            continue
        gone = [p for p in before[i1:i2] if normal(p) not in kept_after]
        come = [p for p in after[j1:j2] if normal(p) not in kept_before]
        both = min(len(gone), len(come))
        changes += [Change(kind="replaced", phrase=b, was=a) for a, b in zip(gone[:both], come[:both], strict=True)]
        changes += [Change(kind="removed", phrase=p) for p in gone[both:]]
        changes += [Change(kind="added", phrase=p) for p in come[both:]]
    return changes


def matched_in_order(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two sequences can be matched in order in moments. A thousand equal words against a thousand cannot."""
    counts = Counter(other)
    return sum(count * counts[item] for item, count in Counter(one).items()) <= MOST_PAIRS


def spans(prompt: str) -> list[Span]:
    """Where the phrases stand. Between two of them, and before the first and after the last, are only separators."""
    ending = ENDING.search(prompt)
    # The full stop of a whole prompt is no part of its last phrase, so that an added phrase comes before it.
    return _spans(prompt, 0, ending.start() if ending else len(prompt))


def _spans(text: str, start: int, end: int) -> list[Span]:
    """Phrases of text[start:end], whose brackets are read by themselves."""
    part = text[start:end]
    covered = _covered(part)
    cuts: list[Span] = []  # BREAKs and tags: separate phrases without any comma
    for pattern in (BREAK, TAG):
        cuts += [Span(*m.span()) for m in pattern.finditer(part) if not covered[m.start()]]
    cuts.sort()
    found: list[Span] = []
    position = 0
    for cut in [*cuts, Span(len(part), len(part))]:
        piece = position
        for at in range(position, cut.start):
            if (part[at] in COMMAS or part[at] in "\n\r") and not covered[at]:
                found.append(Span(piece, at))
                piece = at + 1
        found += [Span(piece, cut.start), cut]
        position = cut.end
    stripped = (_strip(part, span) for span in found)
    return [Span(a + start, b + start) for a, b in stripped if b > a]


def _strip(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, max(start, span.start + len(piece.rstrip())))


def _pairs(text: str) -> dict[int, int]:
    """Opening bracket's position → its partner's, for matched, unescaped brackets outside quotations."""
    quoted = [m.span() for m in QUOTE.finditer(text)]
    pairs: dict[int, int] = {}
    stack: list[int] = []
    open_count = dict.fromkeys(OPENERS, 0)
    at, next_quote = 0, 0
    while at < len(text):
        if next_quote < len(quoted) and at == quoted[next_quote][0]:
            at = quoted[next_quote][1]
            next_quote += 1
            continue
        char = text[at]
        if char == "\\" and at + 1 < len(text) and (text[at + 1] in OPENERS or text[at + 1] in CLOSERS):
            at += 2
            while next_quote < len(quoted) and quoted[next_quote][0] < at:
                next_quote += 1
            continue
        if char in OPENERS:
            stack.append(at)
            open_count[char] += 1
        elif char in CLOSERS and open_count[CLOSERS[char]]:
            while True:  # openers above the partner have none of their own
                opener = stack.pop()
                open_count[text[opener]] -= 1
                if text[opener] == CLOSERS[char]:
                    break
            pairs[opener] = at
        at += 1
    return pairs


def _covered(text: str) -> bytearray:
    """One byte a character: 1 inside brackets or quotations, where no comma separates."""
    covered = bytearray(len(text))
    reach = -1
    for start, end in sorted([*_pairs(text).items(), *((m.start(), m.end() - 1) for m in QUOTE.finditer(text))]):
        if end > reach:
            covered[start : end + 1] = b"\x01" * (end + 1 - start)
            reach = end
    return covered


def _inside(prompt: str, outer: Span, depth: int = DEEPEST) -> list[Span]:
    """The phrases inside one bracketed list, or the phrase itself where it is none."""
    start, end = outer
    text = prompt[start:end]
    if depth and len(text) > 2 and text[0] in OPENERS and _pairs(text).get(0) == len(text) - 1:
        weight = WEIGHT.search(text[1:-1])
        inner = _spans(prompt, start + 1, start + 1 + weight.start() if weight else end - 1)
        if len(inner) > 1:
            return [deep for span in inner for deep in _inside(prompt, span, depth - 1)]
        if inner and prompt[inner[0].start] in OPENERS:  # ((a, b)): look one bracket further in
            deep = _inside(prompt, inner[0], depth - 1)
            return deep if len(deep) > 1 else [outer]
    return [outer]


def _find(prompt: str, phrase: str) -> tuple[list[Span], list[Span]] | None:
    """The list of phrases that the phrase stands in (the whole prompt, or one bracket), and its places in that list."""
    wanted = normal(phrase)
    outer = spans(prompt)
    for level in [outer, *(_inside(prompt, span) for span in outer)]:
        places = [span for span in level if normal(prompt[span.start : span.end]) == wanted]
        if places and (len(level) > 1 or level is outer):
            return level, places
    return None


def _clean(phrase: str) -> str:
    """The new phrase on one line, without brackets and quotation marks that could pair with some outside it."""
    text = " ".join(phrase.split()).strip(" " + COMMAS)
    pairs = _pairs(text)
    paired = {*pairs, *pairs.values()}
    quoted = _covered_by_quotes(text)
    kept = [
        char for at, char in enumerate(text)
        if at in paired or quoted[at] or (char not in OPENERS and char not in CLOSERS and char not in '"“”')
        or (char in "()[]{}" and at and text[at - 1] == "\\")
    ]  # fmt: skip
    return "".join(kept).strip(" " + COMMAS)


def _covered_by_quotes(text: str) -> bytearray:
    covered = bytearray(len(text))
    for match in QUOTE.finditer(text):
        covered[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    return covered


def _add(prompt: str, phrase: str) -> str:
    new = split(_clean(phrase))
    if not new:
        raise BadInput("An added phrase is empty. Name the words to add.")
    have = {normal(own) for own in [*split(prompt), *flat(prompt)]}
    more: list[str] = []
    for piece in new:
        if normal(piece) not in have:
            more.append(piece)
            have |= {normal(own) for own in (piece, *flat(piece))}
    if not more:
        return prompt
    places = spans(prompt)
    if not places:
        return join(more) if not prompt.strip() else f"{prompt.rstrip()} {join(more)}"
    start, end = places[-1]
    space = prompt[start:end] == "BREAK" or more[0] == "BREAK"
    return prompt[:end] + (" " if space else ", ") + join(more) + prompt[end:]


def _remove(prompt: str, phrase: str) -> str:
    if _find(prompt, phrase) is None:
        raise _missing(prompt, phrase)
    wanted, before = normal(phrase), ""
    while prompt != before:
        before, outer = prompt, spans(prompt)
        prompt = _cut_each(prompt, outer, wanted)
        if prompt == before:  # then inside the brackets, from the right, so that those on the left stay where they are
            for span in reversed(outer):
                level = _inside(prompt, span)
                prompt = _cut_each(prompt, level, wanted) if len(level) > 1 else prompt
    return prompt


def _cut_each(prompt: str, level: Sequence[Span], wanted: str, keep: int = 0) -> str:
    """The prompt without the phrases of a list that are `wanted`, but for the first `keep` of them; from the right."""
    left = list(level)
    numbers = [number for number, (start, end) in enumerate(left) if normal(prompt[start:end]) == wanted]
    for number in reversed(numbers[keep:]):
        length = len(prompt)
        prompt = _cut(prompt, left, number)
        del left[number]
        if number < len(left):  # of all that moved, only this one is looked at again
            start, end = left[number]
            left[number] = Span(start + len(prompt) - length, end + len(prompt) - length)
    return prompt


def _cut(prompt: str, level: list[Span], number: int) -> str:
    """The prompt without one phrase and without the weaker of the separators beside it."""
    start, end = level[number]
    if len(level) == 1:
        return prompt[:start] + prompt[end:]
    if number == len(level) - 1:
        return prompt[: level[number - 1].end] + prompt[end:]
    if number == 0:
        return prompt[:start] + prompt[level[1].start :]
    before, after = prompt[level[number - 1].end : start], prompt[end : level[number + 1].start]
    left, right = prompt[: level[number - 1].end], prompt[level[number + 1].start :]
    alone = _stands_alone(prompt, level[number - 1]), _stands_alone(prompt, level[number + 1])
    kept = before if _strength(before) > _strength(after) else after
    if any(alone) and _strength(kept) < 2:
        kept = before if alone[0] else after
    elif _strength(kept) == 0:
        kept = ", "  # nothing but a tag stood between the two
    return left + kept + right


def _strength(separator: str) -> int:
    if "\n" in separator or "\r" in separator:
        return 2
    return 1 if any(comma in separator for comma in COMMAS) else 0


def _stands_alone(prompt: str, span: Span) -> bool:
    text = prompt[span.start : span.end]
    return text == "BREAK" or TAG.fullmatch(text) is not None


def _replace(prompt: str, was: str, phrase: str) -> str:
    new = _clean(phrase)
    if not new:
        raise BadInput(f"Nothing was given to put in place of {was!r}. To take it out, use removed.")
    found = _find(prompt, was) if normal(was) else None
    if found is None:
        return _replace_words(prompt, was, new)
    level, places = found
    if normal(new) != normal(was) and _find(prompt, new) is not None:
        return _remove(prompt, was)  # the new phrase is there already: once is enough
    prompt = _cut_each(prompt, level, normal(was), keep=1)
    first = places[0]
    return prompt[: first.start] + new + prompt[first.end :]


def _replace_words(prompt: str, was: str, new: str) -> str:
    """Replaces a run of words inside the one phrase that holds it."""
    run = words(was)
    if not run:
        raise _missing(prompt, was)
    gap = r"[\s_\-]+"
    pattern = re.compile(rf"(?<!\w){gap.join(re.escape(word) for word in run)}(?!\w)", re.IGNORECASE)
    texts = [(span, prompt[span.start : span.end]) for span in spans(prompt)]
    holding = [span for span, text in texts if pattern.search(text) and not TAG.fullmatch(text)]
    if not holding:
        raise _missing(prompt, was)
    if len(holding) > 1:
        named = ", ".join(repr(prompt[a:b]) for a, b in holding[:5])
        raise BadInput(f"{was!r} stands in {len(holding)} phrases: {named}. Name the whole phrase to replace.")
    start, end = holding[0]
    return prompt[:start] + pattern.sub(lambda _: new, prompt[start:end]) + prompt[end:]


def _missing(prompt: str, phrase: str) -> BadInput:
    own = split(prompt)
    shown = "; ".join(own[:30]) + ("; …" if len(own) > 30 else "")
    return BadInput(f"The prompt has no phrase {phrase!r}. Its phrases: {shown or '(none)'}.")
