"""What a message points to in a list of examples, and how long a list stays at hand."""

import pytest
from replies_kit import CHECKED, DRAWN, EXAMPLES, FOUND, MADE_NEON, NEON, REFUSED, now, turn
from test_understanding import CAT, calls, named


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("draw the second one", "a castle with a dragon"),
        ("draw the first one", "a castle in snow"),
        ("use the second one", "a castle with a dragon"),
        ("the last one please", "a ruin at dusk"),
        ("2", "a castle with a dragon"),
        ("can you draw number three for me", "a ruin at dusk"),
        ("draw the one with the dragon", "a castle with a dragon"),
        ("draw the second example", "a castle with a dragon"),
    ],
)
def test_right_after_a_search_the_second_one_is_an_example(words, start):
    made, said = calls(now(words, FOUND))
    assert [(c.name, c.args.get("start")) for c in made] == [("refine_prompt", start), ("generate_picture", None)]
    assert "of those near “castles”, its prompt word for word" in said


def test_an_example_is_the_one_that_the_person_was_shown_and_not_what_was_looked_up_for_a_change():
    made, said = calls(now("draw the second example", FOUND, MADE_NEON))
    assert made[0].args["start"] == "a castle with a dragon" and "example 2 of those near “castles”" in said
    made, said = calls(now("draw the first example", MADE_NEON))
    assert made[0].args["start"] == "a neon street" and "near “neon”" in said, "they never asked for a list"


def test_a_list_stays_at_hand_while_its_examples_are_drawn_and_no_longer():
    assert now("", FOUND, DRAWN).listed.at_hand and now("", FOUND, CHECKED).listed.at_hand
    assert not now("", FOUND, DRAWN, MADE_NEON).listed.at_hand
    assert named(now("use the second one", FOUND, MADE_NEON))[0] == (
        "refine_prompt", {"changes": [], "base": "the second one"},
    )  # fmt: skip
    assert named(now("back to the second one", FOUND))[0][1]["base"] == "the second one", "back is to a picture"


def test_a_search_in_the_same_breath_as_a_change_is_shown_where_the_reply_shows_it():
    both = turn("find castles and make it neon", *[
        ("search_prompts", {"looks_like": "castles"}, {"matches": EXAMPLES}),
        ("search_prompts", {"looks_like": "neon"}, {"matches": NEON}),
        ("refine_prompt", {"changes": []}, {"draft": CAT}),
    ], reply="The examples nearest to “castles”:\n\n1. a castle in snow\n2. …")  # fmt: skip
    listed = now("", both).listed
    assert (listed.label, listed.asked, listed.at_hand) == ("“castles”", True, False)


def test_an_example_can_be_changed_as_it_is_drawn_and_several_be_drawn_at_once():
    made = named(now("draw the second one but at night", FOUND))
    assert [name for name, _ in made] == ["refine_prompt", "refine_prompt", "generate_picture"]
    assert made[0][1]["start"] == "a castle with a dragon" and made[1][1]["changes"][0]["phrase"] == "at night"
    starts = [args["start"] for name, args in named(now("draw 1 and 3", FOUND)) if name == "refine_prompt"]
    assert starts == ["a castle in snow", "a ruin at dusk"]


@pytest.mark.parametrize("words", ["make it neon", "first, make it darker", "draw 3 castles", "draw the second tower"])
def test_a_list_at_hand_changes_no_other_wish(words):
    assert not any(
        args.get("start") in [m["example"]["prompt"] for m in EXAMPLES] for _, args in named(now(words, FOUND))
    )


def test_which_one_is_asked_where_several_fit_or_none_is_there():
    assert calls(now("draw the castle one", FOUND)) == ([], "Examples 1 and 2 say “castle”. Which one: 1 or 2?")
    assert calls(now("draw it", FOUND))[1].startswith("Which of them?")
    assert calls(now("draw the ninth one", FOUND)) == ([], "There is no example ninth here. I showed 3.")
    assert calls(now("draw the third one"))[1].startswith("Which one do you mean? There is no third picture here")
    assert named(now("draw the second one"))[0][1]["base"] == "the second one", "with no list it is a picture"


def test_the_second_is_one_of_two_that_were_drawn_from_a_list_unless_it_is_to_be_drawn():
    drawn = turn("draw both", *[
        (name, args, done) for n, prompt in enumerate(("a castle in snow", "a castle with a dragon"), 1) for name, args, done in (
            ("refine_prompt", {"start": prompt}, {"draft": CAT}), ("generate_picture", {}, {"pictures": [{"name": f"picture {n + 4}"}]}),
        )
    ])  # fmt: skip
    assert named(now("i prefer the second", FOUND, drawn))[0] == ("refine_prompt", {"changes": [], "base": "picture 6"})
    assert named(now("draw the second one", FOUND, drawn))[0][1]["start"] == "a castle with a dragon"


@pytest.mark.parametrize("words", ["none of them", "not those", "neither", "no"])
def test_a_list_is_declined_and_nothing_drawn(words):
    assert calls(now(words, FOUND)) == (
        [], "All right, none of them. Ask for other examples, or describe your own picture."
    )  # fmt: skip


def test_what_is_praised_in_a_list_is_drawn():
    assert named(now("ooh the second one looks great, draw it", FOUND))[0][1]["start"] == "a castle with a dragon"


@pytest.mark.parametrize(
    ("words", "starts"), [("and the second one?", 1), ("the first two", 2), ("both", 2), ("1 and 3", 2)]
)
def test_a_list_is_pointed_into_without_a_verb(words, starts):
    assert [name for name, _ in named(now(words, FOUND))].count("refine_prompt") == starts


def test_an_example_of_the_library_cannot_be_removed():
    assert calls(now("delete the first one", FOUND, pictures=(), drafts={}, draft=None, picture=None)) == (
        [], "That is an example of the library, and stays there. Only your own favourites can be removed.",
    )  # fmt: skip


def test_the_next_one_is_the_example_after_the_one_that_was_drawn():
    assert named(now("and now the next one", FOUND, DRAWN))[0][1]["start"] == "a castle with a dragon"
    last = turn("draw the last", ("refine_prompt", {"start": "a ruin at dusk"}, {"draft": CAT}))
    assert calls(now("the next one", FOUND, last))[1].startswith("Example 3 was the last of them.")


def test_a_list_is_shown_again_without_a_search():
    made, said = calls(now("can you show me the list again?", FOUND, DRAWN))
    assert made == [] and said.startswith(
        "The examples nearest to “castles”:\n\n1. a castle in snow\n2. a castle with a dragon"
    )


def test_more_examples_than_can_be_drawn_at_a_time_are_said_to_be_too_many():
    six = [{"rank": n, "example": {"id": f"e{n}", "prompt": f"castle {n}"}} for n in range(1, 7)]
    found = turn("find castles", ("search_prompts", {"looks_like": "castles"}, {"matches": six}))
    assert calls(now("draw all of them", found))[1].endswith("I draw up to 4 at a time.")


def test_what_is_no_picture_here_is_an_example_of_the_list_that_was_asked_for_or_a_question():
    assert named(now("use the third one", FOUND, MADE_NEON))[0][1]["start"] == "a ruin at dusk", (
        "there are two pictures"
    )
    for words in ("the fourth one instead", "use the third one"):
        assert calls(now(words))[1].startswith("Which one do you mean? There is no ")
    assert named(now("I'll take the second", FOUND))[0][1]["start"] == "a castle with a dragon"
    assert named(now("and the one at dusk?", FOUND))[0][1]["start"] == "a ruin at dusk"


def test_a_search_whose_draft_was_refused_is_no_list():
    refused = [*turn("make it neon", ("search_prompts", {"looks_like": "neon"}, {"matches": NEON}))[:-1], *REFUSED[1:]]
    assert not now("", refused).listed.asked


def test_a_list_that_is_shown_again_is_at_hand_again():
    again = turn("show me the list again", reply="The examples nearest to “castles”:\n\n1. …")
    listed = now("", FOUND, DRAWN, MADE_NEON, again).listed
    assert listed.at_hand and listed.drawn == () and listed.label == "“castles”"


@pytest.mark.parametrize("words", ["the one with the moon", "draw the one with the moon", "the one that shows a moon"])
def test_where_no_example_says_what_is_named_that_is_said(words):
    made, said = calls(now(words, FOUND))
    assert (made, said[:28]) == ([], "None of them says “moon”. Sa")


def test_what_their_own_picture_shows_or_no_list_is_looked_at_for_is_no_example():
    assert "None of them" not in calls(now("the one with the cat", FOUND))[1]
    assert "None of them" not in calls(now("the one on the left", FOUND))[1]
    assert "None of them" not in calls(now("the one with the moon", FOUND, MADE_NEON))[1]
