"""Rows that come again are the same examples, whatever they say more or less than before; what was taken out stays out."""

import csv
import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from library_contract import counts
from library_kit import DIMENSIONS, PlainEncoder, rows, scene

from tools.backends import ingest as ingesting
from tools.backends import preparing
from tools.backends.connection import Connection
from tools.backends.database import Library
from tools.backends.errors import NotFound
from tools.backends.exporting import export
from tools.backends.ingest import ingest
from tools.backends.sameness import Gain, Register, Removed, Saying, gain_of, give, keys_of, mark_of

ENCODER = PlainEncoder()
FACTS = {"encoder_name": "plain", "encoder_fingerprint": "plain-1", "dimensions": DIMENSIONS}


@pytest.fixture
def library(tmp_path):
    with Library(f"chdb://{tmp_path / 'library'}", **FACTS) as opened:
        yield opened


def table(path, header, *lines):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header.split(","), *lines])
    return path


def pictures_in(folder, **seeds):
    folder.mkdir()
    for name, seed in seeds.items():
        scene(seed).save(folder / f"{name}.png")
    return folder


def shown(library) -> dict[str, bool]:
    """Each example, and whether it has a picture."""
    return {example.id: library.thumbnail(example.id) is not None for page in library.pages() for example in page}


# --- what is the same ---

TEXT = st.sampled_from(["", "a", "b"])
SAYINGS = st.builds(
    Saying,
    prompt=st.sampled_from(["p", "q", " p "]),
    id=st.sampled_from(["", "1", "2"]),
    url=TEXT,
    recipe=TEXT,
    picture=st.sampled_from([None, b"x", b"y"]),
    favourite=st.booleans(),
    rating=st.sampled_from([0.0, 3.0, 8.0]),
).map(lambda row: dataclasses.replace(row, shows=row.picture is not None))


def take_in(register: Register, row: Saying) -> str:
    held = register.find(row)
    if held is None:
        return register.admit(row)[1].id
    held.mark = held.mark or mark_of(row.picture)
    if gain := gain_of(row, held):
        give(held, gain)
    return held.id


@given(st.lists(SAYINGS, max_size=12))
def test_rows_that_come_again_are_all_known_and_bring_nothing_more(found):
    register = Register()
    first = [take_in(register, row) for row in found]
    count = len(register.by_key)
    assert count == len(register.by_id) == len({*first})
    for row in found:
        held = register.find(row)
        assert held is not None
        assert gain_of(row, held) is None or row.rating not in (0.0, held.rating)  # what it has is not replaced
        less = dataclasses.replace(row, picture=None, shows=False)
        assert register.find(less) is not None
        assert not row.url or register.find(dataclasses.replace(less, recipe="")) is not None
    assert len(register.by_key) == count


def test_two_pictures_or_two_recipes_of_the_same_words_are_two_examples():
    register = Register()
    said = [
        Saying(prompt="p"),
        Saying(prompt="p", picture=b"x", shows=True),
        Saying(prompt="p", picture=b"y", shows=True),
        Saying(prompt="p", recipe="a"),
        Saying(prompt="p", recipe="b"),
        Saying(prompt="p", url="u", recipe="a"),
        Saying(prompt="p", url="u", picture=b"z", shows=True),
        Saying(prompt="p", url="u", recipe="b"),
    ]
    ids = [take_in(register, row) for row in said]
    assert [ids.index(id) for id in ids] == [0, 0, 2, 0, 4, 5, 5, 7]


@given(SAYINGS, SAYINGS)
def test_what_was_taken_out_is_known_in_all_its_clothes_and_nothing_else_is(gone, other):
    register = Register()
    removed = Removed(dict(Removed.keys_of(register.admit(gone)[1], gone.picture)))
    assert removed.has(gone) and removed.has(dataclasses.replace(gone, recipe="")) and not Removed({}).has(gone)
    alike = {*keys_of(gone.prompt, gone.url, gone.recipe, gone.picture)} & {*other.keys}
    assert not removed.has(other) or alike
    if gone.url != other.url or gone.prompt.strip() != other.prompt.strip():
        assert not removed.has(other)


# --- pictures, before and after ---


@pytest.mark.parametrize("order", ["first without", "first with"])
def test_rows_without_links_get_their_pictures_later_and_are_known_without_them(library, tmp_path, order):
    file = table(tmp_path / "x.csv", "id,prompt", ["a", "a castle"], ["b", "a boat"], ["c", "the sea"])
    folder = pictures_in(tmp_path / "pics", a=1, b=2)
    ways = [{}, {"images": folder}, {}, {"images": folder, "again": True}]
    told = [ingest([file], library, ENCODER, **way) for way in (ways if order == "first without" else ways[1:])]
    assert [summary.added for summary in told] == [3, *[0] * (len(told) - 1)]
    assert sum(summary.pictures for summary in told) == 2
    assert shown(library) == {"a": True, "b": True, "c": False}


@pytest.mark.parametrize("before", [True, False])
def test_the_same_words_with_two_pictures_in_one_file_are_two_examples(library, tmp_path, before):
    file = table(tmp_path / "x.csv", "id,prompt", ["a", "a castle"], ["b", "a castle"], ["c", "a castle"])
    folder = pictures_in(tmp_path / "pics", a=1, b=2)
    if before:
        assert ingest([file], library, ENCODER).added == 1
    first = ingest([file], library, ENCODER, images=folder)
    assert (library.count(), library.picture_count(), first.added) == (2, 2, 1 if before else 2)
    for again in ({"images": folder}, {"again": True}, {"images": folder}):
        assert ingest([file], library, ENCODER, **again).added == 0
    assert shown(library) == {"a": True, "b": True}


def test_settings_that_are_read_later_fill_in_what_was_known_without_them(library, tmp_path):
    file = table(tmp_path / "x.csv", "prompt,url,noise", ["a castle", "http://x/1", "7"], ["a boat", "", "8"])
    assert ingest([file], library, ENCODER).added == 2
    later = ingest([file], library, ENCODER, columns={"seed": "noise"})
    assert (later.added, later.updated, later.skipped) == (0, 2, 2)
    assert sorted(library._rows("SELECT recipe, seed_known FROM examples")) == [
        ('{"seed": 7}', True),
        ('{"seed": 8}', True),
    ]
    assert (ingest([file], library, ENCODER, again=True).added, library.count()) == (0, 2)
    other = table(tmp_path / "y.csv", "prompt,url,seed", ["a castle", "http://x/1", "9"])
    assert ingest([other], library, ENCODER).added == 1  # another seed is another picture


# --- an export over what is known ---

HEADER = "id,prompt,url,favourite,rating,nsfw,recipe"


def known_rows(library):
    found = library._rows("SELECT id, favourite, rating, nsfw, recipe FROM examples ORDER BY id")
    return {id: (favourite, rating, round(nsfw, 3), recipe) for id, favourite, rating, nsfw, recipe in found}


def test_what_a_file_says_more_of_known_rows_is_taken_over_and_nothing_is_replaced(library, tmp_path):
    before = [
        ["a", "a castle", "http://x/a", "", "", "", ""],
        ["b", "a boat", "", "", 3, 0.25, '{"seed": 1}'],
        ["c", "the sea", "http://x/c", 1, 9, "", ""],
        ["d", "a moon", "", "", "", "", ""],
    ]
    after = [
        ["a", "a castle", "http://x/a", 1, 8, 0.5, '{"seed": 5}'],
        ["b", "a boat", "", 1, 7, 0.75, ""],
        ["c", "the sea", "http://x/c", 0, 2, "", ""],
        ["d", "a moon", "", "", "", "", ""],
        ["e", "a tower", "", 1, 4, "", ""],
    ]
    ingest([table(tmp_path / "before.csv", HEADER, *before)], library, ENCODER)
    counted = counts(library)
    file = table(tmp_path / "after.csv", HEADER, *after)
    summary = ingest([file], library, ENCODER)
    assert (summary.added, summary.updated, summary.skipped) == (1, 2, 4)
    assert known_rows(library) == {
        "a": (True, 8.0, 0.5, '{"seed": 5}'),
        "b": (True, 3.0, 0.25, '{"seed": 1}'),
        "c": (True, 9.0, 0.0, ""),
        "d": (False, 0.0, 0.0, ""),
        "e": (True, 4.0, 0.0, ""),
    }
    assert {example.id for example in library.favourites()} == {"a", "b", "c", "e"}
    library.remove("e")
    assert counts(library) == counted  # moving to the favourites counts nothing twice
    again = ingest([table(tmp_path / "later.csv", HEADER, *after[:4])], library, ENCODER)
    assert (again.added, again.updated) == (0, 0)


def test_a_row_that_says_more_the_second_time_in_one_file_is_one_example_with_all_of_it(library, tmp_path):
    lines = [["a", "a castle", "http://x/a", "", "", "", ""], ["a", "a castle", "http://x/a", 1, 8, 0.5, '{"seed": 5}']]
    assert ingest([table(tmp_path / "x.csv", HEADER, *lines)], library, ENCODER).added == 1
    assert known_rows(library) == {"a": (True, 8.0, 0.5, '{"seed": 5}')}


def test_a_favourite_with_its_picture_moves_whole(library):
    library.add(rows(["a castle", "a boat"], ENCODER, {0: scene(1), 1: scene(2)}, id=["a", "b"]))
    assert library.give([Gain(id="a", favourite=True)]) == 1
    assert sorted(library._rows("SELECT id, favourite FROM pictures")) == [("a", True), ("b", False)]
    assert library.nearest_pictures(ENCODER.pictures([scene(1)])[0], 5)[0][0].favourite
    assert library.remove("a").prompt == "a castle" and library.picture_count() == 1


def test_recipes_of_any_length_and_with_any_signs_are_filled_in(library):
    prompts = [f"prompt {n}" for n in range(600)]
    library.add(rows(prompts, ENCODER, id=[f"{n}" for n in range(600)]))
    said = {f"{n}": f'{{"seed": {n}, "negative_prompt": "it\'s \\\\ {"x" * (n * 7)}é"}}' for n in range(600)}
    assert library.give([Gain(id=id, recipe=recipe) for id, recipe in said.items()]) == 600
    assert dict(library._rows("SELECT id, recipe FROM examples")) == said


def test_a_kill_while_a_row_becomes_a_favourite_leaves_it_once(tmp_path, monkeypatch):
    dsn, steps, killed, command = f"chdb://{tmp_path / 'library'}", 0, True, Connection.command
    with Library(dsn, **FACTS) as keeper:
        while killed:
            name = f"row {steps}"
            keeper.add(rows([f"a castle, {name}"], ENCODER, {0: scene(1)}, id=[name], url=[f"http://x/{steps}"]))
            left = [steps]

            def counted(self, *arguments, left=left):
                left[0] -= 1
                if left[0] < 0:
                    raise KeyboardInterrupt
                return command(self, *arguments)

            with monkeypatch.context() as patch:
                patch.setattr(Connection, "command", counted)
                try:
                    keeper.give([Gain(id=name, favourite=True, rating=5.0)])
                    killed = False
                except KeyboardInterrupt:
                    steps += 1
            with Library(dsn, **FACTS) as library:
                library.give([Gain(id=name, favourite=True, rating=5.0)])
                assert library._rows(f"SELECT favourite, rating FROM examples WHERE id = '{name}'") == [(True, 5.0)]
                assert library._rows(f"SELECT favourite FROM pictures WHERE id = '{name}'") == [(True,)]
                assert library.phrase_counts(["a castle"]) == {"a castle": library.count()}
    assert steps >= 6


# --- what was taken out ---


def test_what_was_taken_out_comes_back_only_when_asked_and_that_is_said(library, tmp_path):
    lines = [
        ["a", "a castle", "", 1, 8, "", ""],
        ["b", "a boat", "http://x/b", 1, "", "", ""],
        ["c", "the sea", "", "", "", "", ""],
    ]
    file = table(tmp_path / "x.csv", HEADER, *lines)
    assert ingest([file], library, ENCODER).added == 3
    library.remove("a")
    library.remove("b")
    longer = table(tmp_path / "y.csv", HEADER, *lines, ["d", "a moon", "", "", "", "", ""])
    for which, added in ((file, 0), (file, 0), (longer, 1), (longer, 0)):
        summary = ingest([which], library, ENCODER)
        assert (summary.added, summary.gone, summary.skipped, summary.failed) == (
            added,
            2,
            1 + (which is longer) - added,
            0,
        )
        assert summary.read == summary.added + summary.skipped + summary.gone
    assert (summary.unchanged, library.count()) == (1, 2)
    back = ingest([file], library, ENCODER, again=True)
    assert (back.added, back.gone, library.count()) == (2, 0, 4)
    assert (ingest([file], library, ENCODER, again=True).added, known_rows(library)["a"][:2]) == (0, (True, 8.0))


def test_an_export_brings_a_removed_favourite_back_only_when_asked(library, tmp_path):
    library.add(
        rows(["a castle", "a boat"], ENCODER, {0: scene(1), 1: scene(2)}, id=["a", "b"], favourite=[True, True])
    )
    export(library, tmp_path / "all.parquet", vectors_of=ENCODER)
    export(library, tmp_path / "all.csv")
    library.remove("a")
    for name in ("all.parquet", "all.csv"):
        summary = ingest([tmp_path / name], library, ENCODER)
        assert (summary.added, summary.gone, summary.skipped) == (0, 1, 1)
    assert ingest([tmp_path / "all.parquet"], library, ENCODER, again=True).added == 1
    assert library.thumbnail("a") is not None


def test_what_was_taken_out_can_be_saved_again_and_is_then_known(library, tmp_path):
    one = rows(["a castle"], ENCODER, {0: scene(1)}, id=["a"], favourite=[True])
    file = table(tmp_path / "x.csv", HEADER, ["a", "a castle", "", 1, "", "", ""])
    library.add(one)
    library.remove("a")
    with pytest.raises(NotFound):
        library.remove("a")
    assert ingest([file], library, ENCODER).gone == 1
    assert library.add(one) == 1
    summary = ingest([file], library, ENCODER, again=True)
    assert (summary.added, summary.gone, summary.skipped) == (0, 0, 1)


def mark_told(library, file):
    told = [json.loads(value) for (value,) in library._rows("SELECT value FROM about WHERE startsWith(key, 'read:')")]
    return [{name: each[name] for name in ("read", "good", "gone")} for each in told if each["file"] == file.name]


def test_a_removal_makes_only_the_files_be_read_again_that_hold_what_was_taken_out(library, tmp_path):
    loved = table(tmp_path / "x.csv", HEADER, ["a", "a castle", "", 1, 8, "", ""], ["b", "a boat", "", "", "", "", ""])
    plain = table(tmp_path / "y.csv", "id,prompt", ["c", "the sea"], ["d", "a moon"])
    ingest([loved, plain], library, ENCODER)
    library.add(rows(["a picture of my own"], ENCODER, id=["own"], favourite=[True]))
    library.remove("own")
    assert ingest([loved, plain], library, ENCODER).unchanged == 2
    library.remove("a")
    first, second = (ingest([loved, plain], library, ENCODER) for _ in range(2))
    assert [(one.unchanged, one.gone, one.skipped, one.added) for one in (first, second)] == [
        (1, 1, 3, 0),
        (2, 1, 3, 0),
    ]


def test_the_mark_of_a_file_tells_true_figures_after_it_was_read_again(library, tmp_path):
    file = table(tmp_path / "x.csv", HEADER, ["a", "a castle", "", 1, 8, "", ""], ["b", "a boat", "", "", "", "", ""])
    ingest([file], library, ENCODER)
    for _ in range(2):  # taken out, brought back, taken out again
        library.remove("a")
        assert ingest([file], library, ENCODER).gone == 1
        assert mark_told(library, file) == [{"read": 2, "good": 1, "gone": 1}]
        assert ingest([file], library, ENCODER, again=True).added == 1
        assert mark_told(library, file) == [{"read": 2, "good": 2, "gone": 0}]
        summary = ingest([file], library, ENCODER)
        assert (summary.unchanged, summary.gone, summary.skipped) == (1, 0, 2)


def test_where_a_file_has_more_favourites_than_are_kept_any_removal_makes_it_be_read_again(
    library, tmp_path, monkeypatch
):
    monkeypatch.setattr(preparing, "MOST_LOVED", 1)
    monkeypatch.setattr(ingesting, "MOST_LOVED", 1)
    lines = [[f"{n}", f"a castle {n}", "", 1, "", "", ""] for n in range(3)]
    file = table(tmp_path / "x.csv", HEADER, *lines)
    ingest([file], library, ENCODER)
    assert ingest([file], library, ENCODER).unchanged == 1
    library.remove("2")
    summary = ingest([file], library, ENCODER)
    assert (summary.unchanged, summary.gone) == (0, 1)
