"""The guide's decisions on plain data: which phrases it takes, what it changes, what it says; and claims that are caught."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

import prompts
from agent import claims, telling, vocabulary
from agent.build import all_tools
from agent.choosing import companions, supporters
from agent.editing import Edit, after, compiled
from agent.guide import GuideModel, next_message
from agent.moves import play
from agent.playing import Answer, Seen
from agent.wording import Wish
from tools.backends import phrases
from tools.backends.records import Change


def near(phrase: str, count: int = 8, lift: float = 5.0, ids: tuple[str, ...] = ("e1", "e2")) -> dict[str, Any]:
    return {"phrase": phrase, "near": count, "lift": lift, "example_ids": list(ids)}


def found(*near_phrases: dict[str, Any]) -> dict[str, Any]:
    return {
        "matches": [{"rank": 1, "example": {"id": "m1", "prompt": "a cat, foggy morning"}}],
        "phrases": list(near_phrases),
    }


def chosen(idea: str, *near_phrases: dict[str, Any], **more: Any) -> list[str]:
    return [change["phrase"] for change in companions(found(*near_phrases), idea, **more)]


def test_a_phrase_that_goes_with_the_idea_is_added_with_its_examples():
    assert companions(found(near("cozy interior")), "a cat on the sofa") == [
        {"kind": "added", "phrase": "cozy interior", "cites": ["e1", "e2"]}
    ]


@pytest.mark.parametrize(
    "phrase",
    ["masterpiece", "8k", "on the beach", "at night", "dog", "watercolor", "by greg rutkowski", "portrait of a woman", "a cat", "(x:1.2)",
     "one two three four five", "cat on the sofa"],
)  # fmt: skip
def test_boilerplate_people_artists_and_contradictions_are_never_added(phrase):
    assert chosen("a cat on the sofa", near(phrase)) == []


def test_what_is_hardly_more_common_here_than_anywhere_is_not_added():
    assert chosen("a cat", near("soft focus", lift=1.2), near("rare words", count=1, lift=90.0)) == []


def test_for_a_style_its_own_phrases_come_first_and_other_styles_never():
    picked = chosen(
        "a cat", near("purring", count=30), near("film still"), near("impasto", count=40), style="cinematic", most=2
    )
    assert picked == ["film still", "purring"]


def test_examples_are_cited_only_where_they_hold_the_phrase():
    assert supporters(found(near("film still", ids=("a", "b"))), "Film Still") == ["a", "b"]
    assert supporters(found(), "foggy morning") == ["m1"]
    assert supporters(found(), "volcano") == []


def edited(
    prompt: str, *wishes: Wish, negative: str = "", drafts: tuple[dict[str, Any], ...] = (), **more: Any
) -> tuple[str, Edit]:
    """The prompt after the wishes, as code applies them."""
    edit = Edit()
    for wish in wishes:
        compiled(wish, prompt, negative, more.get("found", {}), drafts, edit)
    changes = []
    for change in edit.changes:
        kind, phrase = change["kind"], change["phrase"]
        if kind == "removed" and not any(phrases.normal(p) == phrases.normal(phrase) for p in phrases.flat(prompt)):
            continue  # words inside a phrase are refine_prompt's to cut
        changes.append(Change(kind=kind, phrase=phrase, was=change.get("was")))
    return phrases.apply(prompt, changes), edit


@pytest.mark.parametrize(
    ("prompt", "wish", "after"),
    [
        ("a cat on the sofa", Wish(kind="more", text="cinematic"), "a cat on the sofa, cinematic"),
        ("a cat on the sofa", Wish(kind="place", text="on the beach"), "a cat on the beach"),
        ("a cat on the sofa", Wish(kind="place", text="beach"), "a cat on the beach"),
        ("a cat on the sofa, living room", Wish(kind="place", text="in the forest"), "a cat in the forest"),
        ("a cat on the sofa by day", Wish(kind="time", text="night"), "a cat on the sofa at night"),
        ("a cat on the sofa", Wish(kind="time", text="at sunset"), "a cat on the sofa, at sunset"),
        ("a street, at night", Wish(kind="time", text="sunny"), "a street, sunny"),
        ("a cat on the sofa", Wish(kind="subject", text="dog"), "a dog on the sofa"),
        ("a cat on the sofa", Wish(kind="subject", text="owl"), "an owl on the sofa"),
        ("a kitten on the sofa", Wish(kind="replace", was="cat", text="dog"), "a dog on the sofa"),
        ("a cat asleep on the sofa, noir", Wish(kind="subject", text="dog on the beach"), "a dog on the beach, noir"),
        ("a cat on the sofa", Wish(kind="subject", text="dog with a hat"), "a dog with a hat on the sofa"),
        ("a robot in the city, rainy", Wish(kind="replace", was="rain", text="snow"), "a robot in the city, snow"),
        ("a zebra in a field", Wish(kind="subject", text="horse"), "a horse in a field"),
        ("a cat, watercolor", Wish(kind="style", text="oil painting"), "a cat, oil painting"),
        ("a cat, cinematic, film still", Wish(kind="style", text="noir"), "a cat, noir"),
        ("a cat, cinematic, film still", Wish(kind="less", text="cinematic"), "a cat"),
        ("a cat, red scarf", Wish(kind="remove", text="red scarf"), "a cat"),
        ("a cat, people", Wish(kind="avoid", text="people"), "a cat"),
        ("a cat", Wish(kind="add", text="a red scarf"), "a cat, a red scarf"),
    ],
)
def test_only_the_words_that_were_meant_change(prompt, wish, after):
    assert edited(prompt, wish)[0] == after


def test_words_inside_a_phrase_go_and_what_stands_for_them_comes_beside_it():
    changes = edited("a rainy city, neon", Wish(kind="replace", was="rain", text="snow"))[1].changes
    assert after("a rainy city, neon", changes) == "a city, neon, snow"
    edit = edited("a city, neon", Wish(kind="replace", was="rain", text="snow"))[1]
    assert edit.is_empty and "does not hold 'rain'" in edit.notes[0]


def test_an_adjective_takes_no_preposition_of_a_time():
    changes = edited("a street at night", Wish(kind="time", text="sunny"))[1].changes
    assert [(c["kind"], c["phrase"]) for c in changes] == [("removed", "at night"), ("added", "sunny")]


def test_what_is_not_there_is_kept_out():
    assert edited("a cat", Wish(kind="avoid", text="people and text"))[1].avoid == ["people", "text"]
    assert edited("a cat", Wish(kind="remove", text="frame"))[1].avoid == ["frame"]
    assert edited("a cat", Wish(kind="less", text="neon"))[1].avoid == ["neon"]


def test_what_was_kept_out_comes_back_when_it_is_wished_for():
    assert edited("a cat", Wish(kind="add", text="people"), negative="people, text")[1].allow == ["people"]


def brought(phrase: str, source: str = "person", via: str = "") -> dict[str, Any]:
    return {"kind": "added", "phrase": phrase, "was": None, "source": source, "via": via}


def test_less_of_something_takes_out_what_came_in_for_its_sake():
    draft = {"changes": [brought("cinematic"), brought("moody haze", source="examples")]}
    assert (
        edited("a cat, cinematic, moody haze, cozy", Wish(kind="less", text="cinematic"), drafts=(draft,))[0]
        == "a cat, cozy"
    )


def test_less_of_something_leaves_what_else_the_person_brought_in_the_same_message_or_by_hand():
    said = {
        "changes": [brought("stormy"), brought("dark clouds", "examples"), brought("a dragon"), brought("a red flag")]
    }
    left = edited(
        "a castle, stormy, dark clouds, a dragon, a red flag", Wish(kind="less", text="stormy"), drafts=(said,)
    )[0]
    assert left == "a castle, a dragon, a red flag"
    left = edited(
        "a castle, stormy, dark clouds, a dragon, a red flag", Wish(kind="less", text="dragon"), drafts=(said,)
    )[0]
    assert left == "a castle, stormy, dark clouds, a red flag"
    two = {
        "changes": [
            brought("cinematic"),
            brought("film still", "examples"),
            brought("misty"),
            brought("haze", "examples"),
        ]
    }
    left = edited("a castle, cinematic, film still, misty, haze", Wish(kind="less", text="misty"), drafts=(two,))[0]
    assert left == "a castle, cinematic, film still"
    by_hand = {"changes": [brought(p, via="hand") for p in ("a horse", "(rider:1.2)", "[clouds]", "sea foam")]}
    prompt = "a horse on the beach, (rider:1.2), [clouds], sea foam"
    left = edited(prompt, Wish(kind="less", text="rider"), drafts=(by_hand,))[0]
    assert left == "a horse on the beach, [clouds], sea foam"
    idea = {"changes": [brought("misty lake", "examples"), brought("pine trees", "examples")]}
    left = edited("a boat, misty lake, pine trees", Wish(kind="less", text="misty"), drafts=(idea,))[0]
    assert left == "a boat, pine trees"


def test_less_of_what_the_picture_holds_is_never_kept_out_of_it():
    boat = "a red boat on the lake"
    less_red = edited(boat, Wish(kind="less", text="red"))[1]
    assert (less_red.avoid, less_red.changes) == ([], [{"kind": "removed", "phrase": "red"}])
    for text in ("boat", "red boat"):
        edit = edited(boat, Wish(kind="less", text=text))[1]
        assert edit.is_empty and "is what the picture is of" in edit.notes[0]
    assert edited(boat, Wish(kind="less", text="fog"))[1].avoid == ["fog"]


def test_what_a_wish_before_took_along_is_not_kept_out_by_the_next():
    wishes = (Wish(kind="remove", text="watercolor"), Wish(kind="remove", text="watercolor painting"))
    prompt, edit = "a dog, watercolor, watercolor painting", Edit()
    compiled(wishes[0], prompt, "", {}, (), edit)
    prompt = after(prompt, edit.changes)
    compiled(wishes[1], prompt, "", {}, (), edit)
    assert (prompt, edit.avoid) == ("a dog", [])
    compiled(Wish(kind="remove", text="frame"), prompt, "", {}, (), edit)
    assert edit.avoid == ["frame"]


@given(
    st.lists(
        st.sampled_from(["a cat", "moody haze", "cozy", "soft light", "(neon:1.2)", "detailed fur"]),
        min_size=1,
        unique=True,
    )
)
def test_more_of_a_quality_never_touches_what_is_there(own):
    after, _ = edited(
        ", ".join(own), Wish(kind="more", text="cinematic"), found=found(near("film still"), near("moody haze"))
    )
    assert phrases.split(after)[: len(own)] == own


def test_the_guide_needs_nothing_but_the_messages():
    idea = HumanMessage("a cat on the sofa")
    first = next_message([idea])
    assert [call["name"] for call in first.tool_calls] == ["search_prompts"]
    answer = ToolMessage(
        "…", name="search_prompts", tool_call_id=first.tool_calls[0]["id"], artifact=found(near("cozy interior"))
    )
    second = next_message([idea, first, answer])
    assert second.tool_calls[0]["args"]["start"] == "a cat on the sofa"
    assert next_message([idea, first, answer]) == second, "the same again"
    failed = ToolMessage("The library is locked.\nFinal", name="search_prompts", tool_call_id="x", status="error")
    assert next_message([idea, first, failed]).text == "The library is locked."


def test_the_guide_streams_word_by_word_and_has_its_own_bind_tools():
    model = GuideModel().bind_tools([])
    assert len(list(model.stream("hello"))) > 3
    assert isinstance(model.invoke("hello"), AIMessage)


def test_the_guide_never_claims_to_be_a_language_model():
    said = next_message([HumanMessage("are you an ai?")]).text
    assert "not a language model" in said


@given(st.text(alphabet="a ![](x)\n!", max_size=60), st.integers(1, 7))
def test_picture_links_are_taken_out_of_a_stream_wherever_it_is_cut(text, step):
    links = claims.LinkFilter()
    shown = "".join(links.feed(text[at : at + step]) for at in range(0, len(text), step)) + links.flush()
    assert not re.search(r"!\[[^\]\n]*\]\([^)\n]*\)", shown)
    assert claims.without_links(text).startswith(shown[:1]) or not shown


def test_plain_text_passes_the_filter_untouched():
    links = claims.LinkFilter()
    assert "".join(links.feed(c) for c in "Wow! A cat! [link](x)") + links.flush() == "Wow! A cat! [link](x)"


def test_the_system_prompt_names_every_tool_and_none_that_is_not_there():
    names = {tool.name for tool in all_tools(None)}  # type: ignore[arg-type]
    said = set(re.findall(r"`(\w+_\w+)`", prompts.load("system")))
    assert said == names


def test_prompts_are_loaded_strictly():
    with pytest.raises(ValueError, match="limit"):
        prompts.load("answer_now")
    with pytest.raises(ValueError, match="no place for cat"):
        prompts.load("system", cat=1)
    with pytest.raises(FileNotFoundError):
        prompts.load("nowhere")


def test_every_prompt_is_used():
    source = "".join(path.read_text() for path in (Path(prompts.__file__).parent.parent / "agent").glob("*.py"))
    for path in Path(prompts.__file__).parent.glob("*.md"):
        assert f'"{path.stem}"' in source, path.name


def test_what_a_text_names():
    assert vocabulary.attributes("a cat sleeping on the sofa at night, cinematic") == {
        "subject": "cat", "pose": "sleeping", "place": "living room", "time": "night", "style": "cinematic"
    }  # fmt: skip
    assert vocabulary.found_words("a cat on the sofa at night, living room", "place") == ["on the sofa", "living room"]


def test_a_stranger_s_text_in_a_reply_cannot_drive_a_terminal_or_draw_markdown():
    assert telling.quoted("a \x1b[31mred\x07 cat *x*") == "“a \\[31mred cat \\*x\\*”"


def test_the_last_favourite_is_the_one_that_was_saved_last():
    listed = {"matches": [{"example": {"id": id, "prompt": id}} for id in ("newest", "older", "oldest")]}
    moves = play(Seen(words="remove my last favourite"))
    assert next(moves).name == "list_favourites"
    assert moves.send(Answer(listed)).args == {"id": "newest"}


def asked_of_refine_prompt(prompt: str, words: str) -> list[tuple[str, str, str]]:
    """The changes that the guide asks for, when every search finds nothing."""
    draft = {"number": 1, "prompt": prompt, "negative_prompt": "", "changes": [], "request": ""}
    moves = play(Seen(words=words, drafts={1: draft}, draft=1))
    call = next(moves)
    while call.name == "search_prompts":
        call = moves.send(Answer({"matches": [], "phrases": []}))
    assert call.name == "refine_prompt"
    return [(c["kind"], c.get("was", ""), c["phrase"]) for c in call.args["changes"]]


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        (
            "replace the cat with a dog and make the dog black",
            [("replaced", "cat", "dog"), ("replaced", "dog", "black dog")],
        ),
        ("add a hat, and make the hat blue", [("added", "", "a hat"), ("replaced", "hat", "blue hat")]),
        ("remove the moon and add the moon", [("removed", "", "the moon"), ("added", "", "moon")]),
    ],
)
def test_each_wish_finds_what_the_one_before_it_made(words, changes):
    assert asked_of_refine_prompt("a cat on the sofa, the moon", words) == changes


def test_where_a_size_is_set_is_told_with_what_was_asked_for():
    said = next_message([HumanMessage("make it 640x480, 50 steps")]).text
    assert "ATELIER_SIZE=640x480" in said and "ATELIER_STEPS=50" in said and "--size 640x480 --steps 50" in said


@pytest.mark.parametrize(
    ("prompt", "wish", "after"),
    [
        ("a cat, pouring rain, watercolor", Wish(kind="more", text="foggy"), "a cat, watercolor, foggy"),
        ("a cat, in the fog", Wish(kind="add", text="in a storm"), "a cat, in a storm"),
        ("a cat, in the rain", Wish(kind="time", text="sunny"), "a cat, sunny"),
        ("a cat, close-up", Wish(kind="more", text="from above"), "a cat, from above"),
        ("a cat, in the rain", Wish(kind="add", text="fog"), "a cat, in the rain, fog"),
        ("a cat, foggy", Wish(kind="add", text="a dog in the rain"), "a cat, foggy, a dog in the rain"),
        ("in the rain", Wish(kind="more", text="foggy"), "in the rain, foggy"),
    ],
)
def test_another_weather_or_framing_takes_the_place_of_the_one_that_is_there(prompt, wish, after):
    assert edited(prompt, wish)[0] == after


def test_weather_inside_a_phrase_goes_too_and_a_locked_one_stays():
    prompt, edit = "a cat in a meadow in the rain", Edit()
    compiled(Wish(kind="more", text="foggy"), prompt, "", {}, (), edit)
    assert after(prompt, edit.changes) == "a cat in a meadow, foggy"
    locked = Edit(locked=("in the rain",))
    compiled(Wish(kind="more", text="foggy"), prompt, "", {}, (), locked)
    assert after(prompt, locked.changes) == f"{prompt}, foggy"
