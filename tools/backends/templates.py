"""Prompts with slots, in the wildcard syntax of Dynamic Prompts: read safely, counted, and filled in by a seed.

    {cat|dog}                one of them              {0.5::cat|dog}             cat half as often
    {2$$a|b|c}               two, joined by ", "      {1-2$$ and $$a|b|c}        one or two, joined by " and "
    __style__                a line of style.txt      __colors*__                of every file whose name fits

A backslash makes `{ } | $ # _ :` and itself ordinary where they would mean something; lines that begin with `#` are comments.
Wildcard lines may hold slots themselves. Not from there: variables (`${…}`). Syntax after the guide of sd-dynamic-prompts
(docs/SYNTAX.md). Pure but for `wildcards_in`. Depth, size and number of everything are bounded: a template may be a stranger's.
"""

import fnmatch
import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from starter import world
from tools.backends.errors import BadInput

LONGEST = 20_000  # characters of a template, and of a prompt that comes out of it
MOST_DEPTH = 10  # slots in slots, and wildcards in wildcards
MOST_PARTS = 5_000
MOST_PICKED = 50  # values of one slot at once
MOST_STEPS = 20_000  # of one expansion
MOST_COUNTED = 10**12
MOST_FILES = 1_000
MOST_FILE_BYTES = 2**20
SEPARATOR = ", "
TOO_DEEP = f"The template's wildcards lead to themselves, or more than {2 * MOST_DEPTH} deep. Use fewer in one another."

Wildcards = Mapping[str, Sequence[str]]
BUILT_IN: Wildcards = {
    "style": tuple(style for style in world.STYLES if style != "none"),
    "time": world.TIMES,
    "place": world.PLACES,
    "subject": tuple(world.SUBJECTS),
    "color": tuple(dict.fromkeys(color for kind in world.SUBJECTS.values() for color in kind.colors)),
}

_SPECIAL = "{}|$#_:\\"
_BOUNDS = re.compile(r"(?:(?P<low>\d{1,4})?(?P<dash>-)?(?P<high>\d{1,4})?)\$\$(?:(?P<between>[^$|{}]*)\$\$)?")
_WEIGHT = re.compile(r"\s*(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})::")
_NAME = re.compile(r"__(?=[^_])((?:(?!__)[\w\-./* ]){1,80}?)__")
_COMMENT = re.compile(r"^[ \t]*#[^\n]*(?:\n|\Z)", re.MULTILINE)


@dataclass(frozen=True)
class Wild:
    """A value of a wildcard file."""

    name: str


@dataclass(frozen=True)
class Slot:
    """Some of several options; `low` to `high` of them, joined by `between`."""

    options: tuple["Sequence_", ...]
    weights: tuple[float, ...]
    low: int = 1
    high: int = 1
    between: str = SEPARATOR


@dataclass(frozen=True)
class Sequence_:
    """Plain text, slots and wildcards, one after another."""

    parts: tuple["str | Slot | Wild", ...]


@dataclass(frozen=True)
class Template:
    """A template that was read; `text` is as it was written."""

    text: str
    root: Sequence_

    @property
    def slots(self) -> tuple[Slot | Wild, ...]:
        """The slots and wildcards of its top level, in order."""
        return tuple(part for part in self.root.parts if not isinstance(part, str))


def parse(text: str) -> Template:
    """Read a template.

    Raises:
        BadInput: a brace without its partner, slots nested too deep, a variable; says where.
    """
    if len(text) > LONGEST:
        raise BadInput(f"The template has {len(text):,} characters; at most {LONGEST:,} are read.")
    reader = _Reader(_COMMENT.sub("", text))
    root = reader.sequence(0, inside=False)
    return Template(text=text, root=root)


def escape(text: str) -> str:
    """Text that stands for itself in a template, byte for byte."""
    text = re.sub(r"\\(?=[{}|$#_:\\]|\Z)", r"\\\\", text)
    text = re.sub(r"[{}|$]", lambda match: "\\" + match[0], text)
    text = re.sub(r"(?<!\\)_(?=_)|(?<=_)_", r"\\_", text)
    text = re.sub(r":(?=:)|(?<=:):", r"\\:", text)
    return re.sub(r"^([ \t]*)#", r"\1\\#", text, flags=re.MULTILINE)


def expand(template: Template, seed: int, wildcards: Wildcards = BUILT_IN) -> str:
    """One prompt of the template: the same seed gives the same prompt, on every machine.

    Raises:
        BadInput: an unknown wildcard, wildcards that lead to themselves, or a prompt that grows too long.
    """
    return _Filler(wildcards, random.Random(seed)).fill(template.root)


def first(template: Template, wildcards: Wildcards = BUILT_IN) -> str:
    """The prompt with the first option of every slot. Raises BadInput as `expand` does."""
    return _Filler(wildcards, None).fill(template.root)


def variants(template: Template, number: int, seed: int, wildcards: Wildcards = BUILT_IN) -> list[str]:
    """As many prompts, different ones as long as there are any."""
    most = min(number, count(template, wildcards))
    found: dict[str, None] = {}
    for tries in range(most * 20 + 50):  # by chance some come again and again; then the search ends
        if len(found) == most:
            break
        found[expand(template, seed + tries, wildcards)] = None
    prompts = list(found)
    return [prompts[n % len(prompts)] for n in range(number)]


def count(template: Template, wildcards: Wildcards = BUILT_IN) -> int:
    """How many prompts the template can give, at most MOST_COUNTED; ones that read the same count each.

    Raises:
        BadInput: an unknown wildcard, or wildcards that lead to themselves.
    """
    return _Counter(wildcards).of(template.root)


def wildcards_in(folder: Path) -> dict[str, tuple[str, ...]]:
    """The built-in wildcards and those of a folder: `a/b.txt` is `__a/b__`, one value a line, `#` for comments.

    Links are not followed, and files beyond MOST_FILE_BYTES are left out. A file takes the place of a built-in one.
    """
    found = {name: tuple(values) for name, values in BUILT_IN.items()}
    if not folder.is_dir():
        return found
    for number, path in enumerate(sorted(folder.rglob("*.txt"))):
        if number == MOST_FILES:
            break
        try:
            if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_FILE_BYTES:
                continue
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        values = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        if values:
            found[path.relative_to(folder).with_suffix("").as_posix()] = tuple(values)
    return found


class _Reader:
    """Reads a template from left to right, once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.parts = 0

    def sequence(self, depth: int, inside: bool) -> Sequence_:
        """Parts up to the end, or inside a slot up to its next `|` or `}`."""
        text, parts, plain = self.text, [], []  # type: tuple[str, list[str | Slot | Wild], list[str]]

        def end_plain() -> None:
            if plain:
                parts.append("".join(plain))
                plain.clear()

        while self.at < len(text):
            char = text[self.at]
            if char == "\\" and self.at + 1 < len(text) and text[self.at + 1] in _SPECIAL:
                plain.append(text[self.at + 1])
                self.at += 2
            elif inside and char in "|}":
                break
            elif char == "}":
                raise BadInput(
                    f"The template has a }} without its {{ at character {self.at + 1}. Write \\}} for a plain one."
                )
            elif char == "{":
                end_plain()
                parts.append(self._slot(depth + 1))
            elif char == "$" and text.startswith("${", self.at):
                raise BadInput("Templates here have no variables (${…}). Write \\$ for a plain $.")
            elif char == "_" and (match := _NAME.match(text, self.at)):
                end_plain()
                self._count()
                parts.append(Wild(match[1].strip()))
                self.at = match.end()
            else:
                plain.append(char)
                self.at += 1
        end_plain()
        return Sequence_(tuple(parts))

    def _slot(self, depth: int) -> Slot:
        if depth > MOST_DEPTH:
            raise BadInput(f"The template's slots are nested more than {MOST_DEPTH} deep.")
        begun = self.at
        self.at += 1
        low, high, between = 1, 1, SEPARATOR
        bounds = _BOUNDS.match(self.text, self.at)
        if bounds and (bounds["low"] or bounds["high"]):
            low, high = _bounds(bounds)
            between = SEPARATOR if bounds["between"] is None else bounds["between"]
            self.at = bounds.end()
        options: list[Sequence_] = []
        weights: list[float] = []
        while True:
            weight = _WEIGHT.match(self.text, self.at)
            weights.append(float(weight[1]) if weight else 1.0)
            self.at = weight.end() if weight else self.at
            self._count()
            options.append(self.sequence(depth, inside=True))
            if self.at >= len(self.text):
                raise BadInput(
                    f"The template has a {{ without its }} at character {begun + 1}. Write \\{{ for a plain one."
                )
            self.at += 1
            if self.text[self.at - 1] == "}":
                break
        if not any(weights):
            raise BadInput(f"No option of the slot at character {begun + 1} has a weight above 0.")
        return Slot(tuple(options), tuple(weights), low, high, between)

    def _count(self) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise BadInput(f"The template has more than {MOST_PARTS:,} parts.")


def _bounds(match: re.Match[str]) -> tuple[int, int]:
    low = int(match["low"]) if match["low"] else 1
    high = int(match["high"]) if match["high"] else MOST_PICKED if match["dash"] else low
    low, high = min(low, MOST_PICKED), min(high, MOST_PICKED)
    if low > high:
        raise BadInput(f"A slot cannot take {low} to {high} of its options. Put the smaller number first.")
    return low, high


class _Values:
    """Wildcards by name, each value read once."""

    def __init__(self, wildcards: Wildcards) -> None:
        self._wildcards = wildcards
        self._read: dict[str, tuple[Sequence_, ...]] = {}

    def of(self, name: str) -> tuple[Sequence_, ...]:
        """The values of a wildcard, read as templates."""
        if name not in self._read:
            names = [n for n in self._wildcards if n == name] or self._alike(name)
            if not names:
                known = ", ".join(f"__{n}__" for n in sorted(self._wildcards)[:12])
                raise BadInput(
                    f"There is no wildcard __{name[:60]}__. Known: {known}. A file {name[:60]}.txt in the folder wildcards of "
                    "ATELIER_HOME, one value a line, makes it."
                )
            self._read[name] = tuple(parse(value).root for n in names for value in self._wildcards[n])
        return self._read[name]

    def _alike(self, name: str) -> list[str]:
        fitting = [n for n in self._wildcards if fnmatch.fnmatchcase(n, name)] if "*" in name else []
        return sorted(fitting) or [n for n in self._wildcards if n in (name.removesuffix("s"), f"{name}s")]

    def options(self, slot: Slot) -> tuple[tuple[Sequence_, ...], tuple[float, ...]]:
        """The options of a slot. A slot of nothing but one wildcard offers that one's values, so that none comes twice."""
        if len(slot.options) == 1 and len(slot.options[0].parts) == 1 and isinstance(slot.options[0].parts[0], Wild):
            values = self.of(slot.options[0].parts[0].name)
            return values, (1.0,) * len(values)
        return slot.options, slot.weights


class _Filler:
    """Fills slots in, by chance, or with their first options where there is none."""

    def __init__(self, wildcards: Wildcards, chance: random.Random | None) -> None:
        self.values = _Values(wildcards)
        self.chance = chance
        self.steps = 0

    def fill(self, sequence: Sequence_, depth: int = 0) -> str:
        if depth > 2 * MOST_DEPTH:
            raise BadInput(TOO_DEEP)
        text = "".join(self._one(part, depth) for part in sequence.parts)
        if len(text) > LONGEST:
            raise BadInput(f"The template grows beyond {LONGEST:,} characters.")
        return text

    def _one(self, part: str | Slot | Wild, depth: int) -> str:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise BadInput("The template grows without end. Use fewer slots in its wildcards.")
        if isinstance(part, str):
            return part
        if isinstance(part, Wild):
            values = self.values.of(part.name)
            return self.fill(values[self._pick((1.0,) * len(values))], depth + 1)
        options, weights = self.values.options(part)
        left = [n for n, weight in enumerate(weights) if weight > 0]
        low, high = min(part.low, len(left)), min(part.high, len(left))
        many = low + (math.floor(self.chance.random() * (high - low + 1)) if self.chance else 0)
        picked = []
        for _ in range(many):
            picked.append(left.pop(self._pick([weights[n] for n in left])))
        return part.between.join(self.fill(options[n], depth + 1) for n in picked)

    def _pick(self, weights: Sequence[float]) -> int:
        """A place by weight. Only `random()` is used: Python promises that it stays the same for a seed."""
        if self.chance is None:
            return 0
        point = self.chance.random() * sum(weights)
        for n, weight in enumerate(weights):
            point -= weight
            if point < 0:
                return n
        return len(weights) - 1


class _Counter:
    """Counts what a template can give."""

    def __init__(self, wildcards: Wildcards) -> None:
        self.values = _Values(wildcards)
        self._known: dict[str, int] = {}
        self._open: set[str] = set()

    def of(self, sequence: Sequence_, depth: int = 0) -> int:
        if depth > 2 * MOST_DEPTH:
            raise BadInput(TOO_DEEP)
        total = 1
        for part in sequence.parts:
            if isinstance(part, Wild):
                total *= self._wild(part.name, depth)
            elif isinstance(part, Slot):
                total *= self._slot(part, depth)
            total = min(total, MOST_COUNTED)
        return total

    def _wild(self, name: str, depth: int) -> int:
        if name in self._open:
            raise BadInput(f"The wildcard __{name[:60]}__ leads to itself.")
        if name not in self._known:
            self._open.add(name)
            total = sum(self.of(value, depth + 1) for value in self.values.of(name))
            self._known[name] = min(total, MOST_COUNTED)
            self._open.discard(name)
        return self._known[name]

    def _slot(self, slot: Slot, depth: int) -> int:
        """Ordered choices of low to high different options: k! times the k-th elementary symmetric sum of their counts."""
        options, weights = self.values.options(slot)
        counts = [self.of(option, depth + 1) for option, weight in zip(options, weights, strict=True) if weight > 0]
        low, high = min(slot.low, len(counts)), min(slot.high, len(counts))
        sums = [1] + [0] * high
        for one in counts:
            for k in range(high, 0, -1):
                sums[k] = min(sums[k] + sums[k - 1] * one, MOST_COUNTED)
        return min(sum(sums[k] * math.factorial(k) for k in range(low, high + 1)), MOST_COUNTED)


def walk(template: Template) -> Iterator[tuple[str, ...]]:
    """Each slot of the top level as people read it: its options with their own slots at their first."""
    filler = _Filler({}, None)
    for part in template.slots:
        if isinstance(part, Wild):
            yield (f"__{part.name}__",)
        else:
            yield tuple(_shown(option, filler) for option in part.options)


def _shown(option: Sequence_, filler: _Filler) -> str:
    try:
        return filler.fill(option)
    except BadInput:  # a wildcard in it, which nobody needs to open for this
        return "".join(part if isinstance(part, str) else "…" for part in option.parts)
