# ruff: noqa: F811 - fixtures are imported
"""A search with conditions, from the words to the chips: each can be taken away, and the same picture stays."""

from pathlib import Path

import pytest
from hands import Hand, hand  # noqa: F401 - a fixture
from library_kit import scene
from rooms import chat, say, studio  # noqa: F401 - fixtures
from utterance_kit import UTTERANCES, score

from agent import page, printing
from agent.conditions import read
from tools.backends import phrases
from tools.backends.errors import BadInput
from tools.backends.filters import parse_filters
from tools.backends.queries import Query, query_of, unknown_told
from tools.backends.records import Example, Match


def picture_file(folder: Path, seed: int = 0) -> Path:
    scene(seed).save(folder / f"{seed}.png")
    return folder / f"{seed}.png"


@pytest.mark.timeout(300)
def test_what_people_say_of_conditions_becomes_the_right_search(studio):
    right, total, misses = score(UTTERANCES / "conditions.yaml", studio)
    assert right == total, "\n".join(map(str, misses))


def test_conditions_of_a_model_hold_for_all_that_is_found_and_are_told(hand: Hand):
    answer, artifact = hand.search_prompts(looks_like="a cat, on the sofa", without=["watercolor"], where="prompt:cat")
    found = [match["example"]["prompt"] for match in artifact["matches"]]
    assert found and all(phrases.holds(prompt, "cat") and not phrases.holds(prompt, "watercolor") for prompt in found)
    assert "without watercolor; where prompt:cat" in answer
    assert query_of(artifact["query"]) == Query(
        words=("a cat", "on the sofa"), without=("watercolor",), where=tuple(parse_filters(["prompt:cat"]))
    )


def test_a_single_thing_may_be_given_without_its_brackets_and_several_in_one_text(hand: Hand):
    _, artifact = hand.search_prompts(looks_like="a cat", without="watercolor, neon", where="prompt:cat and width>=0")
    assert artifact["query"]["without"] == ["watercolor", "neon"]
    assert artifact["query"]["where"] == ["prompt:cat", "width>=0"]


@pytest.mark.parametrize(
    "where", ["at night", ["shape=round"], ["seed=42"], ["prompt LIKE '%'"], ["1=1; DROP TABLE examples"]]
)
def test_a_condition_that_is_none_is_answered_by_how_one_is_written(hand: Hand, where, tmp_path: Path):
    hand.thread.attach(picture_file(tmp_path))
    for call in (
        lambda: hand.search_prompts(looks_like="a cat", where=where),
        lambda: hand.find_similar_pictures(where=where),
    ):
        with pytest.raises(BadInput, match="shape=wide.*`without`"):
            call()


def test_conditions_that_nothing_meets_are_said_to_be_too_narrow(hand: Hand):
    answer, artifact = hand.search_prompts(looks_like="a cat", where=["width>=4000000000"])
    assert artifact["matches"] == [] and answer.startswith("Nothing in the library meets all of these conditions")


def test_a_search_for_safe_ones_says_how_many_have_no_score_and_are_left_out(hand: Hand):
    total = hand.studio.library.count()
    lacking = f"{total:,} examples have no nsfw score and are left out."
    answer, artifact = hand.search_prompts(looks_like="a cat", where=["nsfw<0.5"])
    assert artifact["matches"] == [] and answer.endswith(lacking) and artifact["unknown"] == lacking
    answer, artifact = hand.search_prompts(looks_like="a cat", where=["favourite=no"])
    assert "left out" not in answer and "unknown" not in artifact


def test_what_is_not_known_of_some_examples_is_told_once_for_each_thing_that_is_asked():
    known = {"": 10, "nsfw>=0": 4, "rating>=0": 10, "width>0": 9}

    def count(where):
        return known[str(where[0]) if where else ""]

    def told(*said):
        return unknown_told(parse_filters(said), count)

    assert told("nsfw<0.5", "nsfw>0.1", "rating>5") == "6 examples have no nsfw score and are left out."
    assert told("shape=wide", "width>=512") == "1 example has no known size and is left out."
    assert told("shape!=wide", "prompt:cat", "favourite=yes") == ""


async def test_the_guide_says_that_unscored_examples_are_left_out_of_what_is_safe(chat, studio):
    turn = await say(chat, "safe", "find cats, safe for work")
    assert f"{studio.library.count():,} examples have no nsfw score and are left out." in turn.reply


async def test_a_chip_that_is_taken_away_searches_again_for_the_same_picture(chat, studio, tmp_path: Path):
    picture = picture_file(tmp_path)
    first = await say(chat, "chips", "like this picture, but at night, without neon, prompt:a", [picture])
    (name, args), *_ = first.calls
    assert name == "find_similar_pictures" and args["where"] == ["prompt:a"] and args["without"] == ["neon"]
    found = next(event for event in first.events if type(event).__name__ == "ExamplesFound")
    chips = {chip["text"]: chip["says"] for chip in page.examples(found.matches, {}, query=found.query)["chips"]}
    assert list(chips) == ["at night", "− neon", "prompt:a"]
    other = picture_file(tmp_path, 3)
    await say(chat, "chips", "find examples like this, only safe", [other])
    again = await say(chat, "chips", chips["at night"])
    assert again.calls == [
        ("find_similar_pictures", {"picture": "attachment 1", "without": ["neon"], "where": ["prompt:a"]})
    ]
    less = next(event for event in again.events if type(event).__name__ == "ExamplesFound")
    assert less.query == found.query.but(found.query.chips()[0])
    follow = await say(chat, "chips", "remove the neon filter")
    assert follow.calls == [("find_similar_pictures", {"picture": "attachment 1", "where": ["prompt:a"]})]
    alone = await say(chat, "chips", "no conditions")
    assert alone.calls == [("find_similar_pictures", {"picture": "attachment 1"})]


def test_a_search_that_asks_for_nothing_besides_words_shows_no_chips():
    assert page.chips(Query(words=("castles", "night"))) == page.chips(None) == []


async def test_a_search_is_narrowed_by_what_is_said_next_and_nothing_is_drawn(chat):
    await say(chat, "narrow", "find cats without neon")
    more = await say(chat, "narrow", "only wide ones")
    assert more.calls == [
        ("search_prompts", {"looks_like": "cats", "without": ["neon"], "where": ["shape=wide"]}),
    ]
    assert not more.pictures and not more.drafts


def test_conditions_and_how_many_are_alike_are_shown_to_people():
    example = Example(id="a", prompt="a castle")
    matches = [Match(rank=1, example=example, score=1.0, copies=12), Match(rank=2, example=example, score=0.5)]
    search = read("castles, no people, wide, varied")
    shown = page.examples(matches, {}, query=search)
    assert [one["alike"] for one in shown["examples"]] == ["×12 alike", ""]
    assert [chip["text"] for chip in shown["chips"]] == ["− people", "wide", "varied"]
    assert printing.query_lines(search) == ["Conditions: − people · wide · varied"]
    assert printing.matches_lines(matches)[0].endswith("a  ×12 alike")
    assert printing.query_lines(read("castles")) == []
    assert page.asked({"looks_like": "castles", "without": ["people"], "where": ["shape=wide"]}) == (
        "castles · without people · shape=wide"
    )
