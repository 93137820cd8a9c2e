"""What is judged of an utterance: the calls that were made, in order, and what came of them.

What an utterance expects is written in tests/utterances/states.yaml; utterance_kit.py says them.
"""

import contextlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tools.backends import phrases
from tools.backends.errors import AtelierError
from tools.backends.lineage import Thread
from tools.backends.records import Draft

# What may be called besides, because it only looks: the tool → before which expected tools.
LOOKS = {
    "search_prompts": {"refine_prompt", "preview_prompt", "mend_picture"},
    "list_favourites": {"remove_favourite"},
}
CURRENT = {"", "current", "it", "this", "this one", "the current one", "the picture", "this picture"}
OPTIONS = {"action": "show", "kind": "conversation", "verdict": "up", "on": None, "budget": 3, "variations": 1}


@dataclass
class Called:
    """A call, and what stood when it was made: the draft, and the picture that "it" meant; `after`: the draft then."""

    name: str
    args: list[dict[str, Any]]  # of calls of one tool in a row, where they count as one
    draft: Draft | None
    picture: str | None
    after: Draft | None = None


class Told:
    """What happened in a turn: the calls in order, and the reply. Reports for the tools, and needs no report to judge by."""

    def __init__(self) -> None:
        self.made: list[Called] = []
        self.reply = ""

    @property
    def calls(self) -> list[tuple[str, dict[str, Any]]]:
        """Names and arguments alone."""
        return [(call.name, args) for call in self.made for args in call.args]

    def _passed(self, *what: Any, **more: Any) -> None:
        """The thread itself tells what a tool has done."""

    found = drafted = progressed = pictured = saved = listed = show = _passed


def wrong(expected: list[Any], told: Told, before: Thread, after: Thread, favourites: list[str]) -> str:
    """What is wrong with the calls of a turn; empty if nothing is.

    `before` is the thread as it stood before the turn, `favourites` the library's ids then, newest first.
    """
    asked = [(call, {}) if isinstance(call, str) else next(iter(call.items())) for call in expected]
    names = [name.rstrip("?") for name, _ in asked]
    if not asked:
        return "it should only answer" if told.calls else "" if told.reply.strip() else "it said nothing"
    looks = {tool for tool, for_ in LOOKS.items() if tool not in names and for_ & set(names)}
    at = 0
    for called in _grouped(told, looks):
        while at < len(asked) and names[at] != called.name and asked[at][0].endswith("?"):
            at += 1
        if at == len(asked) or names[at] != called.name:
            return f"{called.name} where {names[at] if at < len(asked) else 'nothing more'} was expected"
        if why := _Judge(called, before, after, favourites).fault(asked[at][1]):
            return f"{called.name}: {why}"
        at += 1
    missing = [name for name, _ in asked[at:] if not name.endswith("?")]
    return f"{missing[0]} was not called" if missing else ""


def _grouped(told: Told, looks: set[str]) -> list[Called]:
    """The calls in order, those that only look left out, refine_prompt in a row as one."""
    groups: list[Called] = []
    for call in told.made:
        if call.name in looks:
            continue
        if groups and groups[-1].name == call.name == "refine_prompt":
            last = groups[-1]
            groups[-1] = Called(last.name, last.args + call.args, last.draft, last.picture, call.after)
        else:
            groups.append(call)
    return groups


class _Judge:
    """One call (or refine_prompt in a row) against what was expected of it."""

    def __init__(self, called: Called, before: Thread, after: Thread, favourites: list[str]) -> None:
        self.called, self.before, self.after, self.favourites = called, before, after, favourites
        self.args = {
            key: value
            for args in reversed(called.args)  # the first word on each counts
            for key, value in args.items()
            if value not in ("", None, [])
        }

    def fault(self, wanted: dict[str, Any]) -> str:
        """What is not as expected; empty if all is."""
        checks = [self._refined(wanted)] if self.called.name == "refine_prompt" else [
            self._argument(key, value) for key, value in wanted.items()
        ]  # fmt: skip
        return next((why for why in checks if why), "")

    def _argument(self, key: str, value: Any) -> str:
        given = self.args.get(key, "")
        if self.called.name == "remove_favourite":
            return self._removed(key, value)
        if key in ("picture", "base"):
            return self._picture(str(given), value)
        if key == "seed":
            return "" if str(given or "same") == str(value) else f"seed {given or 'same'!r} is not {value!r}"
        if key in OPTIONS:
            given = self.args.get(key, OPTIONS[key])
            return "" if given == value else f"{key} {given!r} is not {value!r}"
        texts = value if isinstance(value, list) else [value]
        return _missing(texts, str(given), key)

    def _refined(self, wanted: dict[str, Any]) -> str:
        draft, base = self.called.after, self._base()
        idea = " ".join(self._all("start"))
        if not wanted:
            return ""
        if ("start" in wanted) != bool(idea):
            return "it should be a new idea" if "start" in wanted else f"it is no new idea ({idea!r})"
        if not idea and (why := self._picture(self.args.get("base", ""), wanted.get("base"))):
            return why
        if draft is None:
            return "there is no draft"
        if "start" in wanted and (why := _missing(wanted["start"], draft.prompt, "the new idea")):
            return why
        was = base.prompt if base else ""
        return next(filter(None, itertools.chain(self._words(wanted, was, draft), self._handed(wanted))), "")

    def _words(self, wanted: dict[str, Any], was: str, draft: Draft) -> Iterator[str]:
        now, kept_out = draft.prompt, draft.negative_prompt
        for word in wanted.get("add", []):
            if not any(_count(now, one) > _count(was, one) for one in _alternatives(word)):
                yield f"{word!r} was not added: {now!r}"
        for word in wanted.get("remove", []):
            if any(_count(now, one) for one in _alternatives(word)):
                yield f"{word!r} is still there: {now!r}"
        for word in wanted.get("keep", []):
            if word not in now:
                yield f"{word!r} was not kept: {now!r}"
        for word in wanted.get("less", []):
            fewer = any(_count(now, one) < _count(was, one) or _weakened(was, now, one) for one in _alternatives(word))
            if not fewer and not any(_count(kept_out, one) for one in _alternatives(word)):
                yield f"there is no less of {word!r}: {now!r}"
        for word in wanted.get("more", []):
            if not any(_count(now, one) for one in _alternatives(word)) or now == was or len(now) < len(was):
                yield f"there is no more of {word!r}: {now!r}"
        for word in wanted.get("avoid", []):
            if not any(_count(kept_out, one) for one in _alternatives(word)):
                yield f"{word!r} is not avoided: {kept_out!r}"
        for word in wanted.get("allow", []):
            if _count(kept_out, word):
                yield f"{word!r} is still avoided: {kept_out!r}"

    def _handed(self, wanted: dict[str, Any]) -> Iterator[str]:
        """Arguments that say more than the draft: locks, what is borrowed, a prompt edited by hand."""
        for key in ("lock", "unlock"):
            given = [str(word) for word in self._all(key)]
            if given and key not in wanted:
                yield f"nobody asked to {key} {given}"
            for word in wanted.get(key, []):
                everything = key == "unlock" and (word == "all") and {*self.before.locks} <= {*given}
                came = key == "lock" and given and any(_count(lock, word) for lock in self.after.locks)
                if not everything and not came and not any(_count(one, word) for one in given):
                    yield f"{word!r} is not in {key} {given}"
        for what, picture in wanted.get("borrow", []):
            loans = [loan for loan in self._all("borrow") if isinstance(loan, dict)]
            if not any(
                any(_count(str(loan.get("what", "")), one) for one in _alternatives(what))
                and not self._picture(str(loan.get("picture", "")), picture)
                for loan in loans
            ):
                yield f"{what} is not borrowed from {picture}: {loans}"
        for text in wanted.get("edited", []):
            if " ".join(str(self.args.get("edited", "")).split()) != text:
                yield f"edited {self.args.get('edited', '')!r} is not {text!r}"

    def _base(self) -> Draft | None:
        if said := str(self.args.get("base", "")):
            number = next((p.draft for p in self.before.pictures if p.name == self._resolved(said)), None)
            return self.before.draft(number) if number else self.called.draft
        return self.called.draft

    def _picture(self, said: str, wanted: str | None) -> str:
        if wanted == "attached":
            return "" if not said or "attach" in said else f"{said!r} is not the attachment"
        found = self._resolved(said)
        options = [option or self.called.picture for option in wanted.split("|")] if wanted else [self.called.picture]
        return "" if found in options else f"{said!r} means {found}, not {' or '.join(map(str, options))}"

    def _resolved(self, said: str) -> str | None:
        """The name of the picture that words meant when they were said."""
        said = " ".join(said.lower().split())
        if said in CURRENT:
            return self.called.picture
        with contextlib.suppress(AtelierError):
            return self.before.resolve(said).name
        with contextlib.suppress(AtelierError):  # one that this very turn made
            return self.after.resolve(said).name
        return None

    def _removed(self, key: str, value: Any) -> str:
        said = str(self.args.get("id", ""))
        right = self.favourites[value - 1] if key == "nth" else self.before.favourite_of(self.before.resolve(value))
        meant = self.before.favourite_of(self._resolved(said) or "") if not _is_id(said) else said
        if right and meant and len(meant) >= 4 and right.startswith(meant.strip("#").lower()):
            return ""
        return f"{said!r} is not the favourite that was meant ({right})"

    def _all(self, key: str) -> list[Any]:
        values = [args.get(key) or [] for args in self.called.args]
        return [one for value in values for one in (value if isinstance(value, list) else [value])]


def _is_id(said: str) -> bool:
    return " " not in said.strip() and len(said.strip("# ")) >= 4 and said != "current"


def _missing(texts: Iterable[str], given: str, where: str) -> str:
    gone = [text for text in texts if not any(_count(given, one) for one in _alternatives(text))]
    return f"{gone[0]!r} is not in {where} {given!r}" if gone else ""


def _alternatives(text: str) -> list[str]:
    return str(text).split("|")


def _count(text: str, run: str) -> int:
    """How often a run of whole words stands in a text."""
    return f" {'  '.join(phrases.words(text))} ".count(f" {'  '.join(phrases.words(run))} ")


def _weakened(was: str, now: str, word: str) -> bool:
    """Whether a phrase with the word has a weight below 1, or stands in [ ], and had not before."""
    weak = [
        phrase
        for phrase in phrases.split(now)
        if _count(phrase, word) and (phrase.startswith("[") or ":0." in phrase.replace(" ", ""))
    ]
    return bool(weak) and weak[0] not in was
