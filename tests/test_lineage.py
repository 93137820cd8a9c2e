"""Threads on disk: numbered, resolved from words, safe from strangers' names, torn lines and other processes."""

import dataclasses
import errno
import json
import os
import subprocess
import sys
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from library_kit import scene

from tools.backends import threadnames
from tools.backends.errors import BadInput, NotFound, StorageFull
from tools.backends.lineage import Lineage, Thread
from tools.backends.records import Change, Check, Evidence, PhraseSeen, Recipe
from tools.backends.starting import Start

ROOT = Path(__file__).resolve().parent.parent
RECIPE = Recipe(
    prompt="a fox", seed=7, steps=4, guidance=2.5, width=64, height=64, scheduler="DDIMScheduler", model="toy"
)


@pytest.fixture
def thread(tmp_path: Path) -> Thread:
    return Lineage(tmp_path).thread("cat")


def with_pictures(thread: Thread, count: int) -> Thread:
    for _ in range(count):
        draft = thread.add_draft("a fox")
        thread.add_picture(RECIPE, f"/{thread.next_picture_name()}.png", draft=draft)
    return thread


def test_a_thread_goes_on_in_another_process(thread: Thread, tmp_path: Path):
    change = Change(kind="added", phrase="film still", evidence=(Evidence(id="e1", prompt="x, film still"),), lift=3.5)
    first = thread.add_draft("a fox", request="draw a fox")
    picture = thread.add_picture(RECIPE, tmp_path / "1.png", draft=first)
    second = thread.add_draft(
        "a fox, film still", "blur", parent=1, request="more cinematic", changes=[change], from_picture="picture 1"
    )
    thread.add_favourite(picture, "abc")

    again = Lineage(tmp_path).thread("cat")
    assert again.drafts == (first, second) == thread.drafts
    assert again.pictures == (picture,)
    assert again.current_draft == second
    assert again.current_picture == picture
    assert again.favourite_of("picture 1") == "abc"
    assert Lineage(tmp_path).threads() == ("cat",)


def test_an_unknown_thread_is_empty_and_leaves_nothing_on_disk(tmp_path: Path):
    thread = Lineage(tmp_path).thread("nobody")
    assert (thread.drafts, thread.pictures, thread.attachments, thread.current_draft, thread.current_picture) == (
        (),
        (),
        (),
        None,
        None,
    )
    assert thread.next_picture_name() == "picture 1"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NotFound, match="Ask for one first"):
        thread.resolve("it")


def test_going_back_brings_its_draft_too_and_the_next_picture_gets_a_new_name(thread: Thread, tmp_path: Path):
    with_pictures(thread, 3)
    assert thread.go_to("the first one").name == "picture 1"
    assert thread.current_draft is not None
    assert thread.current_draft.number == 1
    assert Lineage(tmp_path).thread("cat").current_picture == thread.pictures[0]
    assert thread.resolve("it").name == "picture 1"
    assert thread.resolve("last").name == "picture 3"
    assert thread.add_picture(RECIPE, "/x.png", parent="picture 1").name == "picture 4"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("picture 3", "picture 3"), ("Picture 3.", "picture 3"), ("3", "picture 3"), ("#3", "picture 3"), ("the third one", "picture 3"),
        ("3rd", "picture 3"), ("number three", "picture 3"), ("first", "picture 1"), ("the first one", "picture 1"),
        ("picture one", "picture 1"), ("the original", "picture 1"), ("last", "picture 5"), ("the last one", "picture 5"),
        ("latest picture", "picture 5"), ("the one before", "picture 3"), ("previous", "picture 3"), ("the previous picture", "picture 3"),
        ("current", "picture 4"), ("it", "picture 4"), ("this", "picture 4"), ("this one", "picture 4"), ("the picture", "picture 4"),
        ("", "picture 4"), ("next", "picture 5"), ("/picture 2.png", "picture 2"),
    ],
)  # fmt: skip
def test_words_find_the_picture_they_mean(thread: Thread, words: str, name: str):
    with_pictures(thread, 5).go_to("picture 4")
    assert thread.resolve(words).name == name


@pytest.mark.parametrize(
    "words", ["picture 9", "0", "-1", "the ninth one", "a castle", "previous", "../../etc/passwd", "9" * 5000]
)
def test_a_picture_that_is_not_there_is_named_with_those_that_are(thread: Thread, words: str):
    with_pictures(thread, 2).go_to("1")
    with pytest.raises(NotFound, match="There are picture 1 to picture 2"):
        thread.resolve(words)


@given(st.text(min_size=1, max_size=300))
def test_no_name_leaves_the_folder(name: str):
    if not name.strip():
        with pytest.raises(BadInput):
            threadnames.key_of(name)
        return
    key = threadnames.key_of(name)
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-~")
    assert 0 < len(key) <= 64


def test_different_names_get_different_files(tmp_path: Path):
    names = [
        "cat",
        "Cat",
        "../cat",
        "cat/",
        "cat~",
        "..",
        ".",
        "a" * 300,
        "a" * 301,
        "猫",
        "貓",
        threadnames.key_of("Cat"),
    ]
    lineage = Lineage(tmp_path)
    for name in names:
        lineage.thread(name).add_draft(f"of {name}")
    assert len({threadnames.key_of(name) for name in names}) == len(names)
    assert set(lineage.threads()) == set(names)
    assert {path.name for path in tmp_path.iterdir()} == {"threads"}


def test_a_torn_last_line_is_passed_over_and_the_next_record_stands_whole(thread: Thread, tmp_path: Path):
    with_pictures(thread, 1)
    whole = thread.log.read_bytes()
    for torn in (b'{"kind": "draft", "value": {"num', b"\x00" * 40, b"\xff\xfe"):
        thread.log.write_bytes(whole + torn)
        again = Lineage(tmp_path).thread("cat")
        assert [d.number for d in again.drafts] == [1]
        assert again.add_draft("after the crash").number == 2
        assert [d.prompt for d in Lineage(tmp_path).thread("cat").drafts] == ["a fox", "after the crash"]


def test_unknown_and_nonsense_records_are_passed_over(thread: Thread, tmp_path: Path):
    with_pictures(thread, 1)
    with thread.log.open("a") as log:
        for record in (
            {"kind": "hologram", "value": {}}, {"kind": "picture", "value": {"recipe": {"seed": "x"}}}, {"kind": "draft"}, [], 3,
            {"kind": "go_to", "value": {"picture": "picture 99"}}, {"kind": "draft", "value": {"number": 2, "colour": "red"}},
        ):  # fmt: skip
            log.write(json.dumps(record) + "\n")
    again = Lineage(tmp_path).thread("cat")
    assert (len(again.drafts), len(again.pictures)) == (1, 1)
    assert again.current_picture == thread.pictures[0]


def test_processes_that_write_at_once_never_share_a_number(tmp_path: Path):
    code = (
        "import sys; from tools.backends.lineage import Lineage\n"
        "t = Lineage(sys.argv[1]).thread('cat')\n"
        "for n in range(25): t.add_draft(f'{sys.argv[2]} {n}')"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(n)], cwd=ROOT) for n in range(3)]
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    drafts = Lineage(tmp_path).thread("cat").drafts
    assert [d.number for d in drafts] == list(range(1, 76))
    assert len({d.prompt for d in drafts}) == 75


def test_a_full_disk_leaves_the_log_as_it_was(thread: Thread, monkeypatch: pytest.MonkeyPatch):
    with_pictures(thread, 1)
    before = thread.log.read_bytes()
    write = os.write

    def half_written(handle: int, data: bytes) -> int:
        if len(data) > 20:
            return write(handle, bytes(data[:20]))  # what a disk does that fills up in mid-record
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", half_written)
        with pytest.raises(StorageFull, match=str(thread.log.parent)):
            thread.add_draft("x" * 30)
    assert thread.log.read_bytes() == before
    assert thread.add_draft("now it fits").number == 2


def test_a_record_that_the_disk_refuses_to_keep_is_not_there_later_either(
    thread: Thread, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    with_pictures(thread, 1)
    before = thread.log.read_bytes()

    def refused(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")  # what network disks say only now

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refused)
        with pytest.raises(StorageFull):
            thread.add_draft("a cat")
    assert thread.log.read_bytes() == before
    assert len(thread.drafts) == len(Lineage(tmp_path).thread("cat").drafts) == 1


def test_links_that_lead_nowhere_and_deleted_logs_hide_no_other_conversation(tmp_path: Path):
    castles(Lineage(tmp_path), "trip", days_ago=1)
    lineage = Lineage(tmp_path)
    (tmp_path / "threads" / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    (tmp_path / "threads" / "folder.jsonl").mkdir()
    assert lineage.threads() == ("trip",)
    assert lineage.thread("home").resolve("yesterday's castle").name == "picture 2 of trip"


def test_the_last_one_liked_is_the_newest_of_all_conversations(tmp_path: Path):
    lineage = Lineage(tmp_path)
    for name in ("old", "new"):  # the old one holds more ratings, the new one the newer
        thread = castles(lineage, name, days_ago=1)
        for number in range(3 if name == "old" else 1):
            if number:
                thread.add_picture(RECIPE, f"/{name}{number}.png")
            thread.rate(thread.pictures[-1], "up")
    log = lineage.thread("old").log
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    for line in lines:
        line["at"] = "2026-01-01T00:00:00+00:00"
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert Lineage(tmp_path).thread("home").resolve("the last one I liked").name == "picture 2 of new"


def test_what_a_picture_shows_is_not_taken_for_the_name_of_a_conversation(thread: Thread):
    lineage = Lineage(thread.log.parent.parent)
    castles(lineage, "neon", days_ago=1)
    with_pictures(thread, 1)
    with pytest.raises(NotFound, match="There is picture 1"):
        thread.resolve("picture 1 in neon")
    assert thread.resolve("picture 1 of neon").name == "picture 1 of neon"
    assert thread.resolve("picture 1 in the thread neon").name == "picture 1 of neon"


def test_words_of_any_kind_survive(thread: Thread, tmp_path: Path):
    prompt = 'line\nline\u2028sep, "quotes", \x00 nul, 猫 🐈, lone \ud83d'
    thread.add_draft(prompt, request=prompt)
    assert Lineage(tmp_path).thread("cat").drafts[0].prompt == prompt


def test_an_attachment_is_kept_when_the_persons_own_file_is_gone(thread: Thread, tmp_path: Path):
    mine = tmp_path / "my picture.PNG"
    mine.write_bytes(b"pixels")
    kept = thread.attach(mine)
    assert thread.attach(mine) == kept
    mine.unlink()
    again = Lineage(tmp_path).thread("cat").attachments
    assert again == (kept, kept)
    assert kept.read_bytes() == b"pixels"
    assert kept.parent == thread.attachment_folder
    with pytest.raises(NotFound, match="my picture"):
        thread.attach(mine)


def test_a_removed_favourite_is_no_favourite(thread: Thread, tmp_path: Path):
    with_pictures(thread, 2)
    thread.add_favourite("picture 1", "abc")
    thread.add_favourite("picture 2", "def")
    thread.remove_favourite("abc")
    assert Lineage(tmp_path).thread("cat").favourites == {"picture 2": "def"}


def test_the_newest_check_of_a_picture_is_kept_with_what_it_missed(thread: Thread, tmp_path: Path):
    with_pictures(thread, 1)
    for score in (0.4, 0.9):
        seen = (
            PhraseSeen(phrase="a fox", score=score, there=score > 0.5),
            PhraseSeen(phrase="8k", score=0, there=None),
        )
        thread.add_check(Check(picture="the first one", phrases=seen, score=score))
        assert thread.checks == {"picture 1": Check(picture="picture 1", phrases=seen, score=score)}
    again = Lineage(tmp_path).thread("cat").checks["picture 1"]
    assert (again.score, again.missing) == (0.9, ())
    with pytest.raises(NotFound):
        thread.add_check(Check(picture="picture 7", phrases=(), score=1))


def test_a_picture_whose_line_says_no_time_is_a_picture_all_the_same(thread: Thread, tmp_path: Path):
    with_pictures(thread, 1)
    lines = [json.loads(line) for line in thread.log.read_text().splitlines()]
    for at in (None, 3, "yesterday", "2026-11-20T10:00:00"):  # the last one names no zone: the log's own, UTC
        lines.append(lines[-1] | {"at": at, "value": lines[2]["value"] | {"name": f"picture {len(lines) - 1}"}})
    del lines[2]["at"]
    thread.log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    again = Lineage(tmp_path).thread("cat")
    assert [p.name for p in again.pictures] == [f"picture {n}" for n in range(1, 6)]
    made = [known.made for known in again.album().known]
    assert made == [None, None, None, None, datetime(2026, 11, 20, 10, tzinfo=UTC)]
    assert again.current_picture == again.pictures[-1]


def castles(lineage: Lineage, name: str, days_ago: int, prompt: str = "a castle, rain") -> Thread:
    """A conversation with two pictures of that prompt, made that many days ago."""
    thread = lineage.thread(name)
    for parent in (None, "picture 1"):
        draft = thread.add_draft(prompt)
        recipe = dataclasses.replace(RECIPE, prompt=prompt, seed=len(thread.pictures))
        thread.add_picture(recipe, f"/{name}-{thread.next_picture_name()}.png", parent=parent, draft=draft)
    at = (datetime.now(UTC) - timedelta(days=days_ago)).isoformat()
    lines = [json.loads(line) | {"at": at} for line in thread.log.read_text().splitlines()]
    thread.log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return lineage.thread(name)


def test_yesterdays_castle_is_found_in_the_other_conversation_and_gone_on_from_here(thread: Thread, tmp_path: Path):
    other = castles(Lineage(tmp_path), "old castles", days_ago=1)
    before = other.log.read_bytes()
    with_pictures(thread, 1)

    found = thread.resolve("yesterday's castle")
    name = f"picture 2 of {other.key}"
    assert (found.name, found.draft, found.recipe.prompt) == (name, None, "a castle, rain")
    assert (
        thread.resolve("picture 2 of old castles")
        == thread.resolve(name)
        == thread.resolve(found.name.upper())
        == found
    )
    assert thread.resolve("the castle from the other conversation") == found

    draft = thread.draft_of(found)
    assert (draft.prompt, draft.parent, draft.from_picture) == ("a castle, rain", None, name)
    assert thread.draft_of(found) == draft  # one, however often it is asked for
    assert thread.add_picture(found.recipe, "/x.png", parent=found, draft=draft).parent == name
    thread.rate(found, "up")
    thread.add_favourite(found, "abc")
    assert (thread.ratings, thread.favourite_of(found)) == ({name: "up"}, "abc")
    with pytest.raises(NotFound, match="another conversation"):
        thread.go_to(found)
    assert other.log.read_bytes() == before


def test_another_conversation_is_looked_at_only_where_the_words_reach_out(thread: Thread, tmp_path: Path):
    castles(Lineage(tmp_path), "castles", days_ago=1)
    with pytest.raises(NotFound, match="in this conversation yet"):
        thread.resolve("the castle")
    with_pictures(thread, 1)
    for words in ("the castle", "last", "picture 2", "picture 3 of castles", "picture 1 of nobody", "today's castle"):
        with pytest.raises(NotFound) if words != "last" else nullcontext():
            thread.resolve(words)


def test_the_last_one_saved_may_be_of_any_conversation(thread: Thread, tmp_path: Path):
    lineage = Lineage(tmp_path)
    castles(lineage, "one", days_ago=3).add_favourite("picture 1", "abc")
    castles(lineage, "two", days_ago=2).add_favourite("picture 2", "def")
    assert thread.resolve("the last one I saved").name == "picture 2 of two"
    with pytest.raises(NotFound, match=r"picture 1 of one .*picture 2 of two"):
        thread.resolve("the one I saved")


def test_a_page_conversation_is_named_by_the_first_piece_of_its_id(thread: Thread, tmp_path: Path):
    castles(Lineage(tmp_path), "3f2b8c1a-0000-4000-8000-0123456789ab", days_ago=1)
    found = thread.resolve("yesterday's castle")
    assert found.name == "picture 2 of 3f2b8c1a"
    assert thread.resolve(found.name) == found


def test_a_beginning_waits_for_its_draft_and_for_what_comes_of_it_until_it_is_rendered(thread: Thread, tmp_path: Path):
    sketch = Start(picture=scene(5), strength=0.4, called="the sketch")
    first, other = thread.add_draft("a cat"), thread.add_draft("a dog")
    thread.begin_with(first, sketch)
    later = thread.add_draft("a cat at night", parent=first.number)
    told = thread.beginning_of(later)
    assert (
        told == thread.beginning_of(first) and told is not None and (told.strength, told.called) == (0.4, "the sketch")
    )
    assert thread.beginning_of(other) is None and thread.start_at(told) is None, "its file was never here"
    thread.begin_with(later, None)
    again = thread.beginning_of(later)
    assert again is not None and again.picture == "none" and thread.start_at(again) is None
    thread.add_picture(RECIPE, "/1.png", draft=first)
    assert thread.beginning_of(first) is None and thread.beginning_of(later) == again
    thread.add_picture(RECIPE, "/2.png", draft=later)
    assert thread.beginning_of(thread.add_draft("a cat in snow", parent=later.number)) is None


def test_a_beginning_that_is_nonsense_is_passed_over(thread: Thread):
    draft = thread.add_draft("a cat")
    with thread.log.open("a") as log:
        for value in ("{}", "3", '{"draft": "x", "picture": 1}', '{"draft": 1, "picture": "a", "strength": []}'):
            log.write(f'{{"kind": "start", "value": {value}}}\n')
        log.write('{"kind": "picture", "value": []}\n')
    assert thread.beginning_of(draft) is None and [d.prompt for d in thread.drafts] == ["a cat"]
