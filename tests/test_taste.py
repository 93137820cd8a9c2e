# ruff: noqa: F811 - fixtures are imported
"""The taste card is kept, edited and wiped safely by many processes, and moves what is found a little."""

import errno
import fcntl
import json
import os
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taste_kit import book, filled, pick, taste  # noqa: F401 - a fixture

from tools.backends.errors import BadInput, NotFound, StorageFull
from tools.backends.records import Example, Match, Taste, TasteLine, as_json
from tools.backends.taste import CLEAR, NUDGE, TasteBook, concerning, nudged, preferred, pull, stances, taste_of, told

ROOT = Path(__file__).resolve().parent.parent


def test_the_card_says_in_plain_words_what_is_kept_and_dropped_and_from_how_much(book):
    assert told(filled(book).card()) == "You keep low-key light, you drop bokeh; from 8 picks."
    assert told(TasteBook(book.path.parent).card()) == told(book.card()), "another process reads the same card"
    book.add("film grain")
    assert told(book.card()) == "You keep film grain (your own words) and low-key light, you drop bokeh; from 8 picks."
    assert "empty" in told(Taste(lines=(), picks=0)) and "Nothing is clear yet from 1 pick:" in told(
        Taste(lines=(), picks=1)
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("low-key light", {"low-key light": "keep"}),
        ("I love neon, no bokeh", {"neon": "keep", "bokeh": "drop"}),
        ("I really don't like bokeh", {"bokeh": "drop"}),
        ("You keep low-key light, you drop bokeh", {"low-key light": "keep", "bokeh": "drop"}),
        ("never any people; more contrast", {"people": "drop", "contrast": "keep"}),
        ("a drop of water", {"a drop of water": "keep"}),
        ("no", {"no": "keep"}),
        (" ,, !", {}),
    ],
)
def test_lines_are_read_in_the_persons_own_words(text, wanted):
    assert dict(stances(text)) == wanted


def test_the_persons_own_words_outweigh_what_was_learned(book):
    filled(book).add("no low-key light")
    line = next(line for line in book.card().lines if line.phrase == "low-key light")
    assert (line.weight, line.kept, line.said) == (-1.0, 4, True)


def test_a_removed_line_stays_away_until_it_is_written_again(book):
    assert filled(book).remove("bokeh").phrase == "bokeh"
    book.pick(pick("d9", "down", "bokeh", others=4))
    assert [line.phrase for line in book.card().lines] == ["low-key light"]
    book.add("no bokeh")
    assert {line.phrase for line in book.card().lines} == {"low-key light", "bokeh"}
    with pytest.raises(NotFound, match="'bokeh', 'low-key light'"):
        book.remove("neon")
    assert book.remove("no bokeh").said


@pytest.mark.parametrize("text", ["", "  ", "...", "x" * 61])
def test_what_is_no_line_is_refused(book, text):
    with pytest.raises(BadInput):
        book.add(text)
    assert not book.path.exists()


def test_wiping_leaves_nothing_on_disk_and_nothing_in_memory(book):
    other = TasteBook(book.path.parent)
    filled(other).add("film grain")
    assert book.card().lines
    assert len(book.wipe().lines) == 3
    assert book.path.read_bytes() == b"" and [p.name for p in book.path.parent.iterdir()] == ["taste.jsonl"]
    assert book.card() == other.card() == Taste(lines=(), picks=0)
    other.add("film grain")
    assert [line.phrase for line in book.card().lines] == ["film grain"]
    assert book.path.stat().st_mode & 0o777 == 0o600


def test_a_wipe_of_nothing_leaves_nothing(book):
    assert book.wipe() == Taste(lines=(), picks=0) and list(book.path.parent.iterdir()) == []


def test_processes_that_pick_at_once_lose_nothing(tmp_path):
    code = (
        "import sys; from tools.backends.taste import TasteBook; from tools.backends.picks import Pick\n"
        "book = TasteBook(sys.argv[1])\n"
        "for n in range(20): book.pick(Pick(picture=f'{sys.argv[2]} {n}', verdict='up', phrases=frozenset({'neon'})))"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(n)], cwd=ROOT) for n in range(2)]
    assert [run.wait(60) for run in runs] == [0, 0]
    assert TasteBook(tmp_path).card().picks == 40


def test_a_pick_that_waited_for_a_wipe_goes_into_the_new_file(book):
    filled(book)
    held = os.open(book.path, os.O_RDWR)
    fcntl.flock(held, fcntl.LOCK_EX)  # another process, in the middle of wiping
    waiting = threading.Thread(target=book.pick, args=(pick("new", "up", "neon"),))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    empty = book.path.with_name("new")
    empty.touch()
    empty.replace(book.path)
    os.close(held)
    waiting.join(10)
    assert book.card().picks == 1 and len(book.path.read_bytes().splitlines()) == 1


def test_torn_lines_and_nonsense_are_passed_over_and_the_next_record_stands_whole(book):
    whole = filled(book).path.read_bytes()
    before = book.card()
    for torn in (b'{"kind": "pick", "value": {"pic', b"\x00" * 40, b"\xff\xfe"):
        book.path.write_bytes(whole + torn)
        assert book.card() == before
        book.add("neon")
        assert [line.phrase for line in TasteBook(book.path.parent).card().lines][0] == "neon"
    value = json.loads(whole.splitlines()[0])["value"]
    bad = [{}, {**value, "verdict": "maybe"}, {**value, "others": "x"}, {**value, "others": 1e400}, {**value, "held": 3}, {**value, "phrases": 7}]  # fmt: skip
    nonsense = [*({"kind": "pick", "value": v} for v in bad), {"kind": "edit", "value": {"phrase": "x", "stance": "burn"}}, [], 3, {"kind": "hologram", "value": {}}]  # fmt: skip
    text = "".join(json.dumps(line) + "\n" for line in nonsense)
    assert taste_of(whole + text.encode()) == before


def test_a_full_disk_leaves_the_log_as_it_was(book, monkeypatch):
    before = filled(book).path.read_bytes()
    write = os.write

    def half_written(handle: int, data: bytes) -> int:
        if len(data) > 20:
            return write(handle, bytes(data[:20]))  # what a disk does that fills up in mid-record
        raise OSError(errno.ENOSPC, "No space left on device")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", half_written)
        with pytest.raises(StorageFull, match=str(book.path.parent)):
            book.add("film grain")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(StorageFull):
            book.wipe()
    assert book.path.read_bytes() == before and [p.name for p in book.path.parent.iterdir()] == ["taste.jsonl"]


def test_of_a_card_only_the_lines_that_concern_what_was_found_are_kept_elsewhere():
    lines = tuple(TasteLine(phrase=phrase, weight=0.5) for phrase in ("film grain", "bokeh", "neon"))
    kept = concerning(Taste(lines=lines, picks=9), ["heavy film grain", "neon", "bokehs"], most=5)
    assert [line.phrase for line in kept.lines] == ["film grain", "neon"] and kept.picks == 0
    assert pull("neon light", kept) == pull("neon light", Taste(lines=lines, picks=9))
    assert len(concerning(Taste(lines=lines, picks=9), ["film grain, neon"], most=1).lines) == 1


def test_when_off_nothing_is_learned_and_nothing_is_moved_but_the_card_can_be_wiped(book):
    filled(book)
    off = TasteBook(book.path.parent, on=False)
    off.pick(pick("more", "up", "neon"))
    assert off.card() == book.card() and off.card().picks == 8 and off.in_use().lines == ()
    off.wipe()
    assert book.card().picks == 0


def test_a_card_that_cannot_be_read_stops_no_search(tmp_path, caplog):
    (tmp_path / "taste.jsonl").mkdir()
    book = TasteBook(tmp_path)
    assert book.in_use() == Taste(lines=(), picks=0) and "cannot be read" in caplog.text
    with pytest.raises(NotFound, match="taste.jsonl"):
        book.card()


# --- what it moves ---


def matches(*given: tuple[str, float]) -> list[Match]:
    return [Match(rank=n, example=Example(id=str(n), prompt=p), score=score) for n, (p, score) in enumerate(given, 1)]


def prompts(found: list[Match]) -> list[str]:
    return [match.example.prompt for match in found]


LIKES = taste(low_key_light=0.9, bokeh=-0.8)


def test_what_the_person_keeps_comes_a_little_earlier_and_what_they_drop_a_little_later():
    found = matches(
        ("a cat, bokeh", 0.101), ("a cat", 0.1), ("a cat, low-key light", 0.099), ("far, low-key light", 0.05)
    )
    assert prompts(nudged(found, LIKES)) == ["a cat, low-key light", "a cat", "a cat, bokeh", "far, low-key light"]
    assert [match.rank for match in nudged(found, LIKES)] == [1, 2, 3, 4]


def test_a_clear_best_match_stays_first_and_so_does_the_very_prompt():
    clear = matches(("a cat, bokeh", 0.106), ("a cat, low-key light", 0.1), ("x", 0.09))
    assert prompts(nudged(clear, LIKES))[0] == "a cat, bokeh"
    exact = matches(("a cat, bokeh", 1.11), ("a cat, bokeh, 8k", 1.1), ("a cat, low-key light", 0.16))
    assert prompts(nudged(exact, LIKES)) == prompts(exact)


def test_who_asks_for_bokeh_shall_have_it():
    found = matches(("a cat, bokeh", 0.1), ("a cat", 0.099))
    assert prompts(nudged(found, LIKES, asked="a cat with bokeh")) == ["a cat, bokeh", "a cat"]
    assert preferred(["bokeh", "neon"], LIKES, asked="bokeh!") == ["bokeh", "neon"]


SCORED = st.lists(st.tuples(st.sampled_from(["a", "b, bokeh", "c, low-key light", "bokeh, low-key light"]), st.floats(-0.2, 1.3)), max_size=12)  # fmt: skip


@given(SCORED)
def test_taste_only_reorders_and_never_past_its_bound(scored):
    found = matches(*sorted(scored, key=lambda pair: -pair[1]))
    moved = nudged(found, LIKES)
    assert sorted(m.example.id for m in moved) == sorted(m.example.id for m in found)
    assert prompts(nudged(found, LIKES)) == prompts(moved) and nudged(found, taste()) == found == nudged(found, None)
    if len(found) > 1 and found[0].score > CLEAR * max(found[1].score, 0):
        assert moved[0].example == found[0].example
    for earlier, later in pairwise(moved[1:]):  # the first may be held in its place
        assert later.score <= max(earlier.score, 0) * (1 + NUDGE) / (1 - NUDGE) + 1e-9


def test_suggestions_begin_with_what_is_kept_and_leave_out_what_is_dropped():
    names = ["8k", "soft bokeh", "low key light", "film still"]
    assert preferred(names, LIKES) == ["low key light", "8k", "film still"]
    assert preferred(names, as_json(LIKES)) == preferred(names, LIKES)
    assert preferred(names, None) == preferred(names, {"lines": "nonsense"}) == names
    assert pull("a room in low-key light", LIKES) == 0.9 and pull("low light", LIKES) == 0.0
    assert pull("neon, film grain", taste(neon=0.9, film_grain=0.8)) == 1.0


# --- the command ---


def test_the_command_shows_edits_and_wipes_the_card_without_opening_a_library(tmp_path, monkeypatch, capsys):
    from agent import cli

    monkeypatch.setenv("ATELIER_HOME", str(tmp_path))
    filled(TasteBook(tmp_path))

    def atelier(*args: str) -> str:
        assert cli.main(["taste", *args]) == 0
        return capsys.readouterr().out

    assert atelier().splitlines() == [
        "you drop bokeh  kept 0, dropped 4",
        "you keep low-key light  kept 4, dropped 0",
        "You keep low-key light, you drop bokeh; from 8 picks.",
    ]
    document = json.loads(atelier("add", "no", "film", "grain", "--json"))
    assert document["taste"]["lines"][0] == as_json(TasteLine(phrase="film grain", weight=-1.0, said=True))
    assert document["on"] and document["card"].startswith(
        "You keep low-key light, you drop film grain (your own words)"
    )
    assert "film grain" not in atelier("remove", "film grain") and "empty" in atelier("wipe")
    assert not (tmp_path / "library").exists()
    assert cli.main(["taste", "remove", "bokeh"]) == 1 and "empty" in capsys.readouterr().err
    for wrong in (["add"], ["show", "neon"], ["wipe", "all"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(["taste", *wrong])
        assert ended.value.code == 2
