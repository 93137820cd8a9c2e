"""What came of a conversation, held against its script: findings, each good or not, each with its figure. Plays nothing.

Two different things are asked. Of the assistant: did it do what was said, and only that, and tell the truth? That is decided
by bytes, numbers and library rows. Of the pictures: do they show it? That the judge reads.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.build import Studio
from evaluation.honesty import Facts, false_claims
from evaluation.judging import READ, Judge
from evaluation.playing import Course, Played
from evaluation.scripts import Step
from starter import captions
from tools.backends import phrases
from tools.backends.pictures import open_picture
from tools.backends.records import Check, Draft, FileKept, Foresight, Picture, Tree, Weighing

SEEN = ("asked", "subject", "stays")  # the figures that the judge's eyes decide; the others are the assistant's alone
CHANGING = frozenset(
    "refine_prompt generate_picture save_favourite remove_favourite undo_change mend_picture rate_picture keep_conversation "
    "prompt_first".split()
)
_SMALL = frozenset("a an the and with in on at of by to is it its".split())


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at. `turn` counts from 1; `about` is the attribute, where one was read from a picture."""

    conversation: str
    turn: int
    kind: str
    figure: str
    good: bool
    told: str = ""
    about: str = ""


class Examiner:
    """Looks at one course after the other, while its favourites are still in the library."""

    def __init__(self, studio: Studio, judge: Judge, *, own_words: bool) -> None:
        """`own_words`: the answers are the model's own, and are held against `says`; a scripted model's are not."""
        self._studio = studio
        self._judge = judge
        self._own_words = own_words
        self._read: dict[str, Mapping[str, str]] = {}

    def examine(self, course: Course) -> list[Finding]:
        """All findings of a conversation, turn by turn."""
        state = _State(course)
        findings: list[Finding] = []
        for number, played in enumerate(course.turns, 1):
            looked = [
                *self._told(played), *self._tools(played), *self._drafted(played, state), *self._pictured(played, state),
                *self._locked(played, state), *self._stands(played, state), *self._library(played, state),
            ]  # fmt: skip
            name = course.conversation.name
            findings += [
                Finding(
                    conversation=name, turn=number, kind=played.said.kind, figure=f, good=good, told=told, about=about
                )
                for f, good, told, about in looked
            ]
            state.turn_ended(played)
        return findings

    def _told(self, played: Played) -> Iterator["_Look"]:
        """The turn came to an end, with an answer that is true."""
        yield _look("answered", not played.failure and bool(played.reply.strip()), played.failure or "no answer")
        thread_pictures = played.after.pictures
        done = set(played.done)
        facts = Facts(
            made=bool(played.pictures),
            saved=bool(played.saved),
            went_back=played.after.picture != played.before.picture,
            kept_file="keep_conversation" in done,
            recognised=played.verdict == "this picture",
            pictures=len(thread_pictures),
            ranks={int(n) for n in re.findall(r"\brank (\d+)", played.answers)},
            seeds={p.recipe.seed for p in thread_pictures}
            | {int(n) for n in re.findall(r"seed:? (\d+)", played.answers)},
            lifts={
                *(change.lift for draft in played.drafts for change in draft.changes if change.lift),
                *(float(n) for n in re.findall(r"(\d+(?:\.\d+)?)(?:x| times) as common", played.answers)),
            },
        )
        wrong = false_claims(played.reply, facts)
        yield _look("claims", not wrong, f"claims: {' / '.join(wrong)[:300]}")
        if played.said.says and self._own_words:
            holds = re.search(played.said.says, played.reply, re.IGNORECASE)
            yield _look("done", bool(holds), f"does not say {played.said.says!r}: {played.reply[:200]!r}")

    def _tools(self, played: Played) -> Iterator["_Look"]:
        """The right tools did their work, and nothing was changed that nobody asked to change."""
        said, done = played.said, set(played.done)
        missing = [tool for tool in said.tools if tool not in done]
        yield _look("done", not missing, f"did not {', '.join(missing)}; {_called(played)}")
        free = {"refine_prompt", "generate_picture"} if said.makes is None else set()
        unasked = sorted((done & CHANGING) - set(said.tools) - free)
        yield _look("done", not unasked, f"nobody asked to {', '.join(unasked)}; {_called(played)}")
        if said.makes is not None:
            count = len(played.pictures)
            yield _look(
                "done", count == said.makes, f"made {count} pictures instead of {said.makes}; {_called(played)}"
            )

    def _drafted(self, played: Played, state: "_State") -> Iterator["_Look"]:
        """Untouched phrases stay byte for byte and in order; every citation is true."""
        for draft in played.drafts:
            for change in draft.changes:
                rows = {row.id: row for row in self._studio.library.get([e.id for e in change.evidence])}
                for e in change.evidence:
                    true = e.id in rows and phrases.holds(rows[e.id].prompt, change.phrase)
                    yield _look("citations", true, f"{e.id[:8]} does not hold {change.phrase!r}")
                if change.source == "examples" and not change.evidence:
                    yield _look("citations", False, f"{change.phrase!r} is said to be from examples, and none is cited")
        base, new = state.base(played), played.after.draft
        edited = any(isinstance(s.args, Mapping) and s.args.get("edited") for s in played.said.steps)
        back = played.said.prompt_as is not None  # the whole prompt is compared instead
        if not played.drafts or base is None or new is None or played.said.new_idea or edited or back:
            return
        touches = _Touches(played, state.drafts(new))
        kept = [phrase for phrase in phrases.split(base.prompt) if not touches.may(phrase, base)]
        own = phrases.split(new.prompt)
        for phrase in kept:
            yield _look("phrases", phrase in own, f"{phrase!r} is gone: {base.prompt!r} → {new.prompt!r}")
        there = [phrase for phrase in own if phrase in kept]
        if len(there) == len(kept) and there != kept:
            yield _look("phrases", False, f"the order changed: {base.prompt!r} → {new.prompt!r}")
        for phrase in phrases.split(base.prompt):
            if lost := touches.lost(phrase, base, new.prompt):
                yield _look("phrases", False, f"{' '.join(sorted(lost))!r} of {phrase!r} is gone: {new.prompt!r}")
        was, now = captions.read(base.prompt), captions.read(new.prompt)
        for name, value in was.items():
            if not touches.attribute(name) and now.get(name) != value:
                told = f"the {name} {value!r} became {now.get(name)!r}: {base.prompt!r} → {new.prompt!r}"
                yield _look("phrases", False, told)
        for words in played.said.negative:
            yield _look(
                "done", phrases.holds(new.negative_prompt, words), f"{words!r} is not in {new.negative_prompt!r}"
            )

    def _pictured(self, played: Played, state: "_State") -> Iterator["_Look"]:
        """The right picture was refined with the right seed, and the judge sees what was asked and what was to stay."""
        said, parent = played.said, state.parent(played)
        if played.pictures and not said.new_idea and parent is not None and not said.mends:
            first = played.pictures[0]
            for picture in played.pictures:
                yield _look(
                    "refined",
                    picture.parent == parent.name,
                    f"{picture.name} is of {picture.parent}, not {parent.name}",
                )
            seeds = [picture.recipe.seed for picture in played.pictures]
            if said.seed == "same":
                kept = first.recipe.seed == parent.recipe.seed
                yield _look("seeds", kept, f"{first.name} has seed {seeds[0]}, {parent.name} {parent.recipe.seed}")
            elif said.seed == "new":
                new = len({*seeds, parent.recipe.seed}) == len(seeds) + 1
                yield _look("done", new, f"seeds {seeds} beside {parent.recipe.seed} are not all new")
        if played.pictures and said.seed.isdigit():
            yield _look("done", played.pictures[0].recipe.seed == int(said.seed), f"the seed is not {said.seed}")
        inherited = {} if said.new_idea else state.wanted(parent)
        for picture in played.pictures if not said.mends else ():
            seen = self._see(picture)
            for name, value in {**inherited, **said.shows}.items():
                if name in READ:
                    figure = "asked" if name in said.shows else "subject" if name == "subject" else "stays"
                    told = f"{picture.name} shows the {name} {seen[name]!r}, not {value!r}: {picture.recipe.prompt!r}"
                    yield _look(figure, seen[name] == value, told, name)
        if len(played.pictures) < (said.makes or 0):  # what was never drawn shows nothing of what was asked
            for name, value in said.shows.items():
                yield _look("asked", False, f"no picture was made that could show the {name} {value!r}", name)
        if said.mends and played.before.picture and played.after.picture:
            yield from self._mended(played, state.wanted(played.before.picture))

    def _mended(self, played: Played, wanted: Mapping[str, str]) -> Iterator["_Look"]:
        """The picture that the mending ended on shows no less than the one it began with: by its own check, and by the judge."""
        assert played.before.picture and played.after.picture
        checks = [record for record in played.shown if isinstance(record, Check)]
        if len(checks) > 1:
            told = f"its own check says {checks[0].score:.3f} before and {checks[-1].score:.3f} after the mending"
            yield _look("mends", checks[-1].score >= checks[0].score, told, "check")
        before, after = self._see(played.before.picture), self._see(played.after.picture)
        had = [name for name, value in wanted.items() if name in READ and before[name] == value]
        has = [name for name, value in wanted.items() if name in READ and after[name] == value]
        yield _look("mends", len(has) >= len(had), f"showed {had}, shows {has} after the mending", "judge")

    def _locked(self, played: Played, state: "_State") -> Iterator["_Look"]:
        """What is locked stays, from the turn that locks it to the one that frees it."""
        said, new = played.said, played.after.draft
        for words in said.locks:
            held = any(phrases.holds(lock, words) for lock in played.after.locks)
            yield _look("locks", held, f"{words!r} is not locked: {played.after.locks}")
        for words in said.unlocks:
            free = (
                not played.after.locks
                if words == "all"
                else not any(phrases.holds(x, words) for x in played.after.locks)
            )
            yield _look("locks", free, f"{words!r} is still locked: {played.after.locks}")
        if said.new_idea or new is None:
            return
        for words in state.locks(said.unlocks):
            yield _look("locks", phrases.holds(new.prompt, words), f"{words!r} is locked, and gone: {new.prompt!r}")
        base = state.base(played)
        for lock in played.before.locks if base is not None else ():
            if lock in played.after.locks and base is not None and lock in phrases.split(base.prompt):
                yield _look("locks", lock in phrases.split(new.prompt), f"{lock!r} is locked, and gone: {new.prompt!r}")

    def _stands(self, played: Played, state: "_State") -> Iterator["_Look"]:
        """Where the conversation stands afterwards, and what was shown."""
        said, now = played.said, played.after
        if said.at is not None and (picture := state.numbered(said.at)):
            yield _look(
                "refined", now.picture == picture, f"stands at {now.picture and now.picture.name}, not {picture.name}"
            )
        if said.prompt_as is not None and (picture := state.numbered(said.prompt_as)):
            same = now.draft is not None and now.draft.prompt == picture.recipe.prompt
            yield _look("phrases", same, f"{now.draft and now.draft.prompt!r} is not {picture.recipe.prompt!r}")
        if said.finds:
            yield _look("done", _mostly(played, said.finds), f"most examples do not show {dict(said.finds)}")
        if said.verdict:
            yield _look(
                "done", played.verdict == said.verdict, f"the verdict is {played.verdict!r}, not {said.verdict!r}"
            )
        if said.shown:
            kinds = [type(record).__name__ for record in played.shown]
            yield _look("done", said.shown in kinds, f"showed {kinds}, not {said.shown}; {_called(played)}")
        for record in played.shown:
            match record:
                case Tree(nodes=nodes):
                    whole = {name for node in nodes for name in node.pictures} == {p.name for p in now.pictures}
                    yield _look("done", whole, "the tree does not hold every picture")
                case FileKept(path=path):
                    yield _look("done", Path(path).is_file(), f"{path} is no file")
                case Foresight(agreement=agreement, matches=matches):
                    yield _look(
                        "done", 0 <= agreement <= 1 and bool(matches), f"agreement {agreement} of {len(matches)}"
                    )
                case Weighing(shortest=shortest):
                    yield _look("done", bool(phrases.split(shortest)), "the shortest prompt is empty")

    def _library(self, played: Played, state: "_State") -> Iterator["_Look"]:
        """What was saved is found first, by its words and by its picture: asked again, not only read from the tool's answer."""
        said = played.said
        if said.saves is not None:
            right = played.before.picture if said.saves == 0 and not played.pictures else None
            right = right or (state.numbered(said.saves) if said.saves else played.after.picture)
            names = [saved.picture for saved in played.saved]
            yield _look(
                "done", right is not None and names == [right.name], f"saved {names}, not {right and right.name}"
            )
        for saved in played.saved:
            told = f"told rank {saved.rank} by words and {saved.picture_rank} by picture"
            found = (saved.rank, saved.picture_rank) == (1, 1)
            if found and self._studio.library.get([saved.id]):
                picture = next(p for p in played.after.pictures if p.name == saved.picture)
                by_words = self._studio.finder.search(words=picture.recipe.prompt, k=1)
                by_sight = self._studio.finder.describe(open_picture(Path(picture.path)), k=1).matches
                found = all(matches and matches[0].example.id == saved.id for matches in (by_words, by_sight))
                told = "the tool told rank 1, and a search does not find it there"
            yield _look("saves", found, f"{saved.picture}: {told}")
        if said.removed:
            left = [id for id in state.saved_ids if self._studio.library.get([id])]
            yield _look("done", len(left) < len(state.saved_ids), "the favourite is still in the library")

    def _see(self, picture: Picture) -> Mapping[str, str]:
        if picture.path not in self._read:
            self._read[picture.path] = self._judge.read(open_picture(Path(picture.path)))
        return self._read[picture.path]


_Look = tuple[str, bool, str, str]  # figure, good, what to tell if not, attribute


def _look(figure: str, good: bool = True, told: str = "", about: str = "") -> _Look:
    return figure, good, "" if good else told, about


def _called(played: Played) -> str:
    calls = [f"{name}({', '.join(f'{k}={v!r}' for k, v in args.items())})" for name, args in played.called]
    return f"called {' '.join(calls)[:400] or 'nothing'}; {played.reply[:160]!r}"


def _mostly(played: Played, wanted: Mapping[str, str]) -> bool:
    read = [captions.read(match.example.prompt) for match in played.matches[:6]]
    right = [one for one in read if all(one.get(name) == value for name, value in wanted.items())]
    return bool(read) and len(right) * 2 >= len(read)


class _State:
    """What the script and the course say of the conversation so far."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._wanted: dict[str, dict[str, str]] = {}
        self._locks: list[str] = []
        self.saved_ids: list[str] = []

    def numbered(self, number: int) -> Picture | None:
        """The picture that the script counts so; None where it was never made."""
        return self._course.numbered.get(number)

    def parent(self, played: Played) -> Picture | None:
        """The picture that the turn shall refine."""
        return self.numbered(played.said.parent) if played.said.parent is not None else played.before.picture

    def base(self, played: Played) -> Draft | None:
        """The draft whose phrases shall stay."""
        if not played.said.parent:
            return played.before.draft
        picture = self.numbered(played.said.parent)
        return next((d for d in self._all() if picture and d.number == picture.draft), None)

    def drafts(self, upto: Draft) -> list[Draft]:
        return [draft for draft in self._all() if draft.number <= upto.number]

    def wanted(self, picture: Picture | None) -> dict[str, str]:
        """The attributes that were asked of a picture, by its own words and by all before them."""
        return self._wanted.get(picture.name, {}) if picture else {}

    def locks(self, freed: Iterable[str]) -> list[str]:
        """The words that are locked and not freed in this turn."""
        freed = tuple(freed)
        return [] if "all" in freed else [words for words in self._locks if words not in freed]

    def turn_ended(self, played: Played) -> None:
        said, parent = played.said, self.parent(played)
        inherited = {} if said.new_idea else self.wanted(parent)
        for picture in played.pictures:
            self._wanted[picture.name] = {**inherited, **said.shows}
        self._locks = [] if said.new_idea else self.locks(said.unlocks)
        self._locks += [words for words in said.locks if words not in self._locks]
        self.saved_ids += [saved.id for saved in played.saved]

    def _all(self) -> list[Draft]:
        return [draft for played in self._course.turns for draft in played.drafts]


class _Touches:
    """What a turn may change of a prompt: the phrases about what was asked, those that it names, and what came in with them."""

    def __init__(self, played: Played, drafts: list[Draft]) -> None:
        self._shows = set(played.said.shows)
        self._words = [*played.said.touches, *(word for step in played.said.steps for word in _named(step))]
        if played.said.mends:  # what was not seen may be worded and placed anew
            self._words += next((record.missing for record in played.shown if isinstance(record, Check)), ())
        self._drafts = drafts

    def attribute(self, name: str) -> bool:
        """Whether an attribute of the world may change."""
        named = {key for words in self._words for key in captions.read(words)}
        return name in self._shows | named or (name in ("color", "pose") and "subject" in self._shows | named)

    def may(self, phrase: str, base: Draft) -> bool:
        """Whether a phrase may change or go."""
        return self._direct(phrase) or any(
            # A companion that names nothing of the world goes with the style that it came in beside.
            not captions.read(phrase) and self._direct(other.phrase) and other.phrase != phrase
            for draft in self._drafts
            if any(change.phrase == phrase and change.kind != "removed" for change in draft.changes)
            for other in draft.changes
            if "style" in self._shows and "style" in captions.read(other.phrase)
        )

    def _direct(self, phrase: str) -> bool:
        read = captions.read(phrase)
        return any(self.attribute(name) for name in read) or any(phrases.holds(phrase, word) for word in self._words)

    def lost(self, phrase: str, base: Draft, prompt: str) -> set[str]:
        """The words of a partly touched phrase that nobody asked to change, and that are not there any more."""
        read = captions.read(phrase)
        if (
            not self._direct(phrase)
            or not any(not self.attribute(name) for name in read)
            or phrase in phrases.split(prompt)
        ):
            return set()
        tables = {
            "subject": captions.SUBJECT_WORDS, "color": captions.COLOR_WORDS, "pose": captions.POSE_WORDS,
            "place": captions.PLACE_WORDS, "time": captions.TIME_WORDS, "style": captions.STYLE_PHRASES,
        }  # fmt: skip
        free = {word for words in self._words for word in phrases.words(words)} | _SMALL
        free |= {
            word for name, value in read.items() if self.attribute(name)
            for text in (value, *tables[name].get(value, ())) for word in phrases.words(text)
        }  # fmt: skip
        return set(phrases.words(phrase)) - free - set(phrases.words(prompt))


def _named(step: Step) -> list[str]:
    """The words of a prompt that a step names to be changed."""
    if step.tool != "refine_prompt" or not isinstance(step.args, Mapping):
        return []
    borrowed = [str(one["what"]) for one in step.args.get("borrow") or ()]
    return [*step.args.get("replace", {}), *step.args.get("remove", ()), *borrowed]
