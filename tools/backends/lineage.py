"""What happened in a conversation, kept on disk: drafts, pictures, favourites, attachments, and where the person is now.

One append-only log for each thread, as JSON lines: `<folder>/threads/<key>.jsonl`. Its pictures lie in
`<folder>/pictures/<key>/`, copies of what the person dropped in `<folder>/attachments/<key>/`. Every record is
written under a file lock and synced before the call returns, so several processes may use one thread, and a power cut
loses at most the record that was being written. Not a chat history: the words said are the checkpointer's.
"""

import dataclasses
import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from stat import S_ISREG
from typing import Any, Literal

from tools.backends import locks as phrase_locks
from tools.backends import references, starting, storage, threadnames
from tools.backends.errors import BadInput, BadPicture, NotFound
from tools.backends.logbook import Logbook, Step, line_of, marked, record, record_of
from tools.backends.pictures import fingerprint, open_picture
from tools.backends.records import Beginning, Change, Check, Draft, Picture, Recipe
from tools.backends.references import Album, Known
from tools.backends.starting import ATTACHED, Start

MOST_ATTACHED_BYTES = 64 * 2**20
NOISE = "none"  # what a beginning names instead of a picture, where it is to be noise
MOST_THREADS = 200  # other conversations that are looked through for "yesterday's castle"


class Lineage:
    """All threads under one folder (ATELIER_HOME). Nothing is written before a thread has something to keep."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self._threads: dict[str, Thread] = {}
        self._lock = threading.Lock()

    def threads(self) -> tuple[str, ...]:
        """The names of all threads that hold something, the one used last first."""
        return tuple(threadnames.name_in(log) for log in self._logs())

    def thread(self, name: str) -> "Thread":
        """The thread of that name, new or known. Its file name never leaves the folder, whatever the name is."""
        key = threadnames.key_of(name)
        with self._lock:
            if key not in self._threads:
                self._threads[key] = Thread(self, name, key)
            return self._threads[key]

    def album(self, but: "Thread") -> Album:
        """The pictures of the MOST_THREADS other threads that were used last, under names that say whose they are."""
        known: list[Known] = []
        for log in self._logs()[:MOST_THREADS]:
            if log.stem != but.key:
                known += [threadnames.outside(one, log.stem) for one in self._thread_of(log).album().known]
        known.sort(key=lambda one: one.made.timestamp() if one.made else 0.0)
        return Album(known=tuple(known), now=datetime.now().astimezone())

    def named(self, said: str) -> Picture | None:
        """The picture that bears the name "picture 2 of NAME", as `album` gives it, or None."""
        match = threadnames.OUTSIDE.fullmatch(said)
        if match is None:
            return None
        logs = [
            log
            for log in self._logs()
            if match["of"] in (log.stem, threadnames.short(log.stem), threadnames.name_in(log).lower())
        ]
        known = (
            [threadnames.outside(one, logs[0].stem) for one in self._thread_of(logs[0]).album().known]
            if len(logs) == 1
            else []
        )
        return next((one.picture for one in known if one.picture.name.startswith(f"{match['picture']} of ")), None)

    def holding(self, id: str) -> list["Thread"]:
        """The threads in which a picture is saved under that library id."""
        written = id.encode("utf-8", "backslashreplace")
        found = []
        for log in self._logs():
            with suppress(OSError):
                if written in log.read_bytes() and id in (thread := self._thread_of(log)).favourites.values():
                    found.append(thread)
        return found

    def _logs(self) -> list[Path]:
        """The logs of all threads, the one written last first; without those that are gone by now, or lead nowhere."""
        written: dict[Path, float] = {}
        for log in (self.folder / "threads").glob("*.jsonl"):
            with suppress(OSError):
                if S_ISREG((state := log.stat()).st_mode):
                    written[log] = state.st_mtime
        return sorted(written, key=lambda log: written[log], reverse=True)

    def _thread_of(self, log: Path) -> "Thread":
        with self._lock:
            if log.stem not in self._threads:
                self._threads[log.stem] = Thread(self, threadnames.name_in(log), log.stem)
            return self._threads[log.stem]


class Thread:
    """One conversation. Reads follow the log, also when another process writes it; writes are numbered under its lock."""

    def __init__(self, lineage: Lineage, name: str, key: str) -> None:
        self.name = name
        self.key = key
        self._lineage = lineage
        folder = lineage.folder
        self.log = folder / "threads" / f"{key}.jsonl"
        self.picture_folder = folder / "pictures" / key
        self.attachment_folder = folder / "attachments" / key
        self._lock = threading.RLock()
        self._prints: dict[tuple[Path, int, int], str] = {}  # of files, with their times and sizes: fingerprints
        self._forget()

    # --- what there is ---

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """Every version of the prompt, oldest first."""
        with self._fresh():
            return tuple(self._book.drafts)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Every picture made in this thread, oldest first."""
        with self._fresh():
            return tuple(self._book.pictures)

    @property
    def current_draft(self) -> Draft | None:
        """The draft that the next change starts from: the newest, or the one of the picture that the person went back to."""
        with self._fresh():
            return self._book.current_draft

    @property
    def current_picture(self) -> Picture | None:
        """The picture that "it" means: the newest, or the one that the person went back to."""
        with self._fresh():
            return self._book.current_picture

    @property
    def attachments(self) -> tuple[Path, ...]:
        """Copies of the pictures that the person dropped in, oldest first."""
        with self._fresh():
            return tuple(self._book.attachments)

    @property
    def favourites(self) -> dict[str, str]:
        """Picture name → library id, of the pictures that are saved."""
        with self._fresh():
            return dict(self._book.favourites)

    @property
    def locks(self) -> tuple[str, ...]:
        """The phrases that no change may touch, in the order they were locked, until they are unlocked."""
        with self._fresh():
            return tuple(self._book.locks)

    @property
    def steps(self) -> tuple[Step, ...]:
        """How the person came to where they are, oldest first; what was taken back is not among them."""
        with self._fresh():
            return tuple(self._book.steps)

    @property
    def originals(self) -> dict[int, int]:
        """A draft's number → the number of the draft that it only repeats, or its own."""
        with self._fresh():
            return dict(self._book.originals)

    @property
    def prompt_first(self) -> bool:
        """Whether the person wants to see and edit each prompt before it is rendered."""
        with self._fresh():
            return self._book.prompt_first

    @property
    def ratings(self) -> dict[str, str]:
        """Picture name → "up" or "down", of the pictures that were rated."""
        with self._fresh():
            return dict(self._book.ratings)

    @property
    def checks(self) -> dict[str, Check]:
        """Picture name → the newest check of it against its prompt."""
        with self._fresh():
            return dict(self._book.checks)

    def favourite_of(self, picture: Picture | str) -> str | None:
        """The library id under which a picture is saved, or None."""
        return self.favourites.get(_name_of(picture))

    def draft(self, number: int) -> Draft:
        """The draft of that number.

        Raises:
            NotFound: there is none; says which there are.
        """
        drafts = self.drafts
        for draft in drafts:
            if draft.number == number:
                return draft
        raise NotFound(f"There is no draft {number}. {references.what_exists('draft', len(drafts))}")

    def next_picture_name(self) -> str:
        """The name that the next picture will bear, unless another process adds one first."""
        with self._fresh():
            return f"picture {len(self._book.pictures) + 1}"

    # --- what happens ---

    def add_draft(
        self,
        prompt: str,
        negative_prompt: str = "",
        parent: int | None = None,
        request: str = "",
        changes: Sequence[Change] = (),
        from_picture: str | None = None,
        locked: Sequence[str] = (),
        current: bool = True,
        known_locks: Sequence[str] | None = None,
        undoes: int | None = None,
    ) -> Draft:
        """Keep a new version of the prompt; it becomes the current one, unless told otherwise. `parent` None is a new idea.

        `undoes`: how many steps of the person it takes back.

        Raises:
            BadInput: `known_locks` were all when the prompt was written, and it breaks one that was locked since.
        """

        def made() -> dict[str, Any]:
            if known_locks is not None:
                self.hold_to_locks(prompt, parent, known_locks)
            return marked(current, undoes) | record("draft", Draft(
                number=len(self._book.drafts) + 1, prompt=prompt, negative_prompt=negative_prompt, parent=parent,
                request=request, changes=tuple(changes), from_picture=from_picture, locked=tuple(locked),
            ))  # fmt: skip

        with self._lock:
            self._append(made)
            return self._book.drafts[-1]

    def hold_to_locks(self, prompt: str, parent: int | None, known_locks: Sequence[str]) -> None:
        """Refuse a prompt that loses what somebody else locked while it was written, of its parent or of the current draft.

        Raises:
            BadInput: names the lock.
        """
        new = [lock for lock in self.locks if lock not in known_locks]
        for before in {self.current_draft, *(draft for draft in self.drafts if draft.number == parent)} if new else ():
            if before is not None and (broken := phrase_locks.broken(before.prompt, prompt, new)):
                raise BadInput(f"{broken[0]!r} was locked meanwhile, so nothing was written. Look again and ask anew.")

    def add_picture(
        self,
        recipe: Recipe,
        path: Path | str,
        parent: str | Picture | None = None,
        draft: int | Draft | None = None,
        current: bool = True,
    ) -> Picture:
        """Keep a finished picture, already saved at `path`; it and its draft become the current ones, unless told otherwise."""

        def made() -> dict[str, Any]:
            return marked(current) | record("picture", Picture(
                name=f"picture {len(self._book.pictures) + 1}", path=str(path), recipe=recipe,
                parent=None if parent is None else _name_of(parent),
                draft=draft.number if isinstance(draft, Draft) else draft,
            ))  # fmt: skip

        with self._lock:
            self._append(made)
            return self._book.pictures[-1]

    def go_to(self, picture: str | Picture, request: str = "", undoes: int | None = None) -> Picture:
        """Make an earlier picture, and the draft it was made from, the current ones.

        `request`: the message that asked for it. `undoes`: how many steps it takes back, where it is no step of its own.

        Raises:
            NotFound: no such picture.
        """
        found = self.resolve(_name_of(picture))
        if found not in self.pictures:
            raise NotFound(f"{found.name} is of another conversation. Say what to change of it, and it goes on here.")
        self._append(lambda: marked(undoes=undoes) | record("go_to", {"picture": found.name, "request": request}))
        return found

    def add_favourite(self, picture: Picture | str, id: str) -> None:
        """Keep that a picture is saved to the library under an id."""
        found = self.resolve(_name_of(picture))
        self._append(lambda: record("favourite", {"picture": found.name, "id": id}))

    def remove_favourite(self, id: str) -> None:
        """Keep that the library no longer holds that id, here and in every other conversation that saved it."""
        self._append(lambda: record("unfavourite", {"id": id}))
        for other in self._lineage.holding(id):
            other._append(lambda: record("unfavourite", {"id": id}))

    def lock(self, phrases: Sequence[str]) -> None:
        """Keep phrases from being changed, over all later turns."""
        self._append(lambda: record("lock", {"phrases": list(phrases)}))

    def unlock(self, phrases: Sequence[str]) -> None:
        """Let phrases, as `locks` names them, be changed again."""
        self._append(lambda: record("unlock", {"phrases": list(phrases)}))

    def show_prompt_first(self, on: bool) -> None:
        """Keep whether prompts are shown before they are rendered."""
        self._append(lambda: record("prompt_first", {"on": on}))

    def rate(self, picture: Picture | str, verdict: Literal["up", "down"]) -> Picture:
        """Keep what the person thinks of a picture; the newest verdict counts.

        Raises:
            NotFound: no such picture.
        """
        found = self.resolve(_name_of(picture))
        self._append(lambda: record("rating", {"picture": found.name, "verdict": verdict}))
        return found

    def add_check(self, check: Check) -> None:
        """Keep what a picture shows of its prompt; the newest check of a picture counts.

        Raises:
            NotFound: no picture of that name.
        """
        found = self.resolve(check.picture)
        self._append(lambda: record("check", dataclasses.replace(check, picture=found.name)))

    def attach(self, path: Path | str) -> Path:
        """Keep a copy of a picture that the person dropped in, and give the copy's path.

        The person's own file may be gone at the next turn; the copy is named by its content, so the same file is kept once.

        Raises:
            NotFound, BadInput: the file cannot be read, or is larger than MOST_ATTACHED_BYTES.
        """
        source = Path(path)
        try:
            if source.stat().st_size > MOST_ATTACHED_BYTES:
                raise BadInput(
                    f"{source.name} is larger than {MOST_ATTACHED_BYTES // 2**20} MB. Use a smaller copy of it."
                )
            data = source.read_bytes()
        except OSError as error:
            raise NotFound(f"{source} cannot be read ({error.strerror}). Check the path.") from error
        suffix = source.suffix.lower() if re.fullmatch(r"\.[A-Za-z0-9]{1,5}", source.suffix) else ""
        kept = self.attachment_folder / f"{hashlib.sha256(data).hexdigest()[:20]}{suffix}"
        if not kept.exists():
            kept = storage.write_new(kept, data)
        self._append(lambda: record("attachment", {"path": str(kept), "was": source.name}))
        return kept

    def resolve(self, words: str) -> Picture:
        """The picture that some words mean, as `references.candidates` understands them; also a picture's own path.

        "yesterday's castle", "the last one I saved" or "picture 2 of NAME" may be of another conversation where this one
        has none: then its name is "picture 2 of NAME" and it has no draft here. Its recipe can be gone on from; nothing
        is ever written to that conversation.

        Raises:
            NotFound: nothing like it, or several; says which pictures there are.
        """
        own = self.album()
        said = " ".join(words.lower().split())
        for known in own.known:
            if said == known.picture.name or words == known.picture.path:
                return known.picture
        if (named := self._lineage.named(said)) is not None:
            return named
        found = () if references.only_elsewhere(words) else references.candidates(words, own)
        if not found and references.reaches_out(words, own.now):
            found = references.candidates(words, self._lineage.album(but=self))
        if len(found) == 1:
            return found[0]
        if not found and not own.known:
            raise NotFound("There is no picture in this conversation yet. Ask for one first.")
        raise references.not_one(words, found, own)

    def start_of(self, recipe: Recipe) -> Start | None:
        """The picture of this conversation, its own or attached, that a recipe begins with; None for noise, or if it is gone."""
        return starting.find(recipe, self._holding(recipe.start)) if recipe.start else None

    def begin_with(self, draft: Draft, start: Start | None) -> None:
        """Keep what a draft is to begin with when it is rendered: a picture of this conversation, its own or attached; or noise."""
        picture, strength, called = (start.names[0], start.strength or 0.0, start.called) if start else (NOISE, 0.0, "")
        self.keep_beginning(Beginning(draft=draft.number, picture=picture, strength=strength, called=called))

    def keep_beginning(self, beginning: Beginning) -> None:
        """Keep what a draft is to begin with, whether or not its picture is here."""
        self._append(lambda: record("start", beginning))

    def beginning_of(self, draft: Draft) -> Beginning | None:
        """What was said that a draft is to begin with, or the drafts that it goes on from, and was not rendered since."""
        waiting: dict[int, Beginning] = {}
        rendered: set[int] = set()
        for one in self.records():
            with suppress(KeyError, TypeError, ValueError, AttributeError):
                if one["kind"] == "start":
                    told = beginning_from_json(one["value"])
                    waiting[told.draft] = told
                elif one["kind"] == "picture" and isinstance(number := one["value"].get("draft"), int):
                    waiting.pop(number, None)
                    rendered.add(number)
        by_number = {own.number: own for own in self.drafts}
        at: Draft | None = draft
        while at is not None and at.number not in waiting and at.number not in rendered:
            at = by_number.get(at.parent) if at.parent is not None and at.parent < at.number else None
        return waiting.get(at.number) if at is not None else None

    def start_at(self, beginning: Beginning) -> Start | None:
        """The picture that a beginning names; None for noise, or if it is gone."""
        for called, path in self._holding(beginning.picture):
            return Start(picture=open_picture(path), strength=beginning.strength or None, called=called)
        return None

    def _holding(self, pixels: str) -> Iterator[tuple[str, Path]]:
        """The files here that hold a picture, and what it is called: attached ones first, as they are what most begin with."""
        for path in dict.fromkeys(reversed(self.attachments)):
            if self._fingerprint(path) == pixels:
                yield self._called(pixels), path
        for picture in self.pictures:
            if self._fingerprint(Path(picture.path)) == pixels:
                yield picture.name, Path(picture.path)

    def _called(self, pixels: str) -> str:
        """What a picture that was attached is called: "picture 2 of NAME" where it is a copy of that one."""
        told = [one["value"] for one in self.records() if one["kind"] == "start" and isinstance(one["value"], dict)]
        return next(
            (str(t["called"]) for t in reversed(told) if t.get("picture") == pixels and t.get("called")), ATTACHED
        )

    def _fingerprint(self, path: Path) -> str:
        """What `fingerprint` says of a file, remembered as long as it is not written anew; "" if it is gone or no picture."""
        try:
            state = path.stat()
            known = path, state.st_mtime_ns, state.st_size
            if known not in self._prints:
                self._prints[known] = fingerprint(open_picture(path))
        except (OSError, BadPicture):
            return ""
        return self._prints[known]

    def album(self) -> Album:
        """The pictures of this thread, and what people may mean them by."""
        with self._fresh():
            book = self._book
            return references.album(
                book.pictures, book.drafts, current=book.current_picture, favourites=book.favourites, ratings=book.ratings,
                times=book.times, saved_at=book.saved_at, rated_at=book.rated_at, now=datetime.now().astimezone(),
            )  # fmt: skip

    def records(self) -> tuple[dict[str, Any], ...]:
        """Every whole line of the log, as it was written: a kind, a time, a value. Lines that are no records are left out."""
        try:
            data = self.log.read_bytes()
        except FileNotFoundError:
            return ()
        return tuple(r for line in data[: data.rfind(b"\n") + 1].splitlines() if (r := record_of(line)) is not None)

    def draft_of(self, picture: Picture) -> Draft:
        """The draft that a picture was made of. One of another conversation, or without a draft, gets one here."""
        if picture.draft is not None:
            return self.draft(picture.draft)
        recipe = picture.recipe
        for draft in self.drafts:
            if draft.from_picture == picture.name and draft.prompt == recipe.prompt and not draft.changes:
                return draft
        return self.add_draft(recipe.prompt, recipe.negative_prompt, from_picture=picture.name)

    # --- the log ---

    def _forget(self) -> None:
        self._read_to = 0
        self._file: tuple[int, int] | None = None
        self._book = Logbook()

    @contextmanager
    def _fresh(self) -> Iterator[None]:
        """Hold the memory's lock with everything read that any process has finished writing."""
        with self._lock:
            try:
                with self.log.open("rb") as log:
                    self._catch_up(log.fileno())
            except FileNotFoundError:
                self._forget()
            yield

    def _catch_up(self, log: int) -> None:
        """Read the whole lines that were added since the last time. A last line without its end is left for later."""
        state = os.fstat(log)
        if self._file != (state.st_dev, state.st_ino) or state.st_size < self._read_to:
            self._forget()  # another file, or a shorter one: what we remember may not be in it
            self._file = (state.st_dev, state.st_ino)
        if state.st_size == self._read_to:
            return
        data = os.pread(log, state.st_size - self._read_to, self._read_to)
        whole = data.rfind(b"\n") + 1
        for line in data[:whole].splitlines():
            self._book.take(line)
        self._read_to += whole

    def _append(self, make: Callable[[], dict[str, Any]]) -> None:
        """Write one record. It is made under the file's lock, after reading what others wrote, so numbers never clash.

        Raises:
            StorageFull: the log is as it was before.
        """
        with self._lock, storage.appending(self.log) as log:
            if os.fstat(log).st_size == 0:
                storage.append(log, line_of(record("thread", {"name": self.name})))
            self._catch_up(log)
            storage.append(log, line_of(make()))
            self._catch_up(log)


def _name_of(picture: Picture | str) -> str:
    return picture.name if isinstance(picture, Picture) else picture


def beginning_from_json(value: dict[str, Any]) -> Beginning:
    """A beginning from what `as_json` made of it. Raises KeyError, TypeError or ValueError for anything else."""
    return Beginning(
        draft=int(value["draft"]),
        picture=str(value["picture"]),
        strength=float(value.get("strength", 0.0)),
        called=str(value.get("called", "")),
    )
