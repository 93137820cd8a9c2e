"""What a message means in a conversation, and what the guide then calls and says. Plain data; no model, no library."""

from typing import Any

import pytest

from agent import reporting, telling
from agent.moves import play
from agent.playing import Answer, Call, Seen

CAT = {"number": 1, "prompt": "a cat on the sofa, film grain", "negative_prompt": "", "changes": [], "request": ""}
DOG = {"number": 2, "prompt": "a dog on the beach, neon", "negative_prompt": "", "changes": [], "request": ""}
PICTURES = ({"name": "picture 1", "draft": 1}, {"name": "picture 2", "draft": 2})


def seen(words: str, **more: Any) -> Seen:
    """A conversation of a cat (picture 1, current) and a dog (picture 2)."""
    return Seen(
        **{"words": words, "drafts": {1: CAT, 2: DOG}, "draft": 1, "pictures": PICTURES, "picture": "picture 1", **more}
    )


def draft(**more: Any) -> dict[str, Any]:
    return {"draft": {**CAT, "number": 3, **more}, "locked": [], "unlocked": [], "refused": [], "notes": []}


MADE = {
    "pictures": [{"name": "picture 3", "recipe": {"seed": 7}, "parent": "picture 1"}],
    "unknown_words": [],
    "dropped": "",
}


def calls(of: Seen, **answers: dict[str, Any]) -> tuple[list[Call], str]:
    """Every call of a turn, and what is said in the end; tools that are not given answer with the least."""
    known = {
        "search_prompts": {"matches": [], "phrases": []},
        "refine_prompt": draft(),
        "generate_picture": MADE,
        **answers,
    }
    moves, made = play(of), []
    try:
        call = next(moves)
        while True:
            made.append(call)
            answer = known.get(call.name, {})
            call = moves.send(Answer(answer, failed="error" in answer))
    except StopIteration as end:
        return made, str(end.value)


def named(of: Seen, **answers: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(call.name, call.args) for call in calls(of, **answers)[0] if call.name != "search_prompts"]


def test_a_lock_goes_with_the_change_it_was_said_with_and_alone_it_renders_nothing():
    assert named(seen("keep the sofa and the cat exactly as they are, but at night"))[0] == (
        "refine_prompt", {"lock": ["the sofa", "the cat"], "changes": [{"kind": "added", "phrase": "at night", "cites": []}]},
    )  # fmt: skip
    assert named(seen("lock the sofa")) == [("refine_prompt", {"changes": [], "lock": ["the sofa"]})]
    assert named(seen("keep everything but the sofa")) == [("refine_prompt", {"changes": [], "lock": ["film grain"]})]


def test_going_back_and_borrowing_is_one_step_with_the_person_s_words():
    assert named(seen("back to the third one, but with the lighting of the one before the neon")) == [
        ("refine_prompt", {"changes": [], "base": "the third one", "borrow": [{"what": "lighting", "picture": "the one before the neon"}]}),
        ("generate_picture", {"seed": "same"}),
    ]  # fmt: skip


def test_what_goes_along_with_a_change_leaves_locked_phrases():
    prompt = {
        **CAT,
        "prompt": "a cat, cinematic, film still",
        "changes": [{"kind": "added", "phrase": p, "was": None} for p in ("cinematic", "film still")],
    }
    asked = dict(named(seen("as a watercolor", drafts={1: prompt}, locks=("film still",))))["refine_prompt"]
    assert "film still" not in [change.get("was", change["phrase"]) for change in asked["changes"]]


def test_a_refusal_names_the_lock_and_what_to_say():
    error = {"error": "Nothing would change. Removing 'a cat' was refused: 'a cat' is locked. The prompt is: …"}
    made, said = calls(seen("a dog instead of the cat", locks=("a cat",)), refine_prompt=error)
    assert made[-1].name == "refine_prompt"
    assert said == '“a cat” is locked, so I left it as it is. Say "unlock the cat" first if it may change.'


def test_the_prompt_is_shown_first_and_waits_for_the_word():
    made, said = calls(seen("at night", prompt_first=True))
    assert [call.name for call in made] == ["search_prompts", "refine_prompt"]
    assert "Nothing is rendered yet" in said and CAT["prompt"] in said
    assert named(seen("at night, but don't render yet"))[-1][0] == "refine_prompt"
    assert named(seen("go ahead", draft=2, pictures=PICTURES[:1], prompt_first=True)) == [
        ("generate_picture", {"seed": "same"})
    ]


def test_yes_takes_what_was_offered():
    check = {"check": {"picture": "picture 2", "phrases": []}, "missing": ["neon"]}
    assert named(seen("yes please", offered=("check_picture", check)), mend_picture={"best": "picture 2", "began_with": "picture 2", "used": 0, "budget": 3}) == [
        ("mend_picture", {"picture": "picture 2"})
    ]  # fmt: skip
    weighed = {"weighing": {"picture": "picture 1", "weights": [], "shortest": "a cat on the sofa"}}
    assert named(seen("use the shorter prompt", offered=("weigh_phrases", weighed)))[0] == (
        "refine_prompt", {"changes": [], "edited": "a cat on the sofa"},
    )  # fmt: skip
    assert named(seen("yes")) == []


def test_what_is_missing_is_mended_where_it_was_asked_for_and_added_where_it_never_was():
    assert named(seen("the cat is missing"), mend_picture={"error": "x"}) == [
        ("mend_picture", {"picture": "current", "what": "cat"})
    ]
    assert named(seen("I can't see the hat"))[0][1]["changes"] == [{"kind": "added", "phrase": "a hat", "cites": []}]
    assert named(seen("the cat is missing, fix that, at most 2 tries"), mend_picture={"error": "x"}) == [
        ("mend_picture", {"picture": "current", "budget": 2, "what": "cat"})
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("love it, save it", [("save_favourite", {"picture": "current"})]),
        ("thumbs down for picture 2", [("rate_picture", {"verdict": "down", "picture": "picture 2"})]),
        ("picture 2 is gorgeous, save it", [("rate_picture", {"verdict": "up", "picture": "picture 2"}), ("save_favourite", {"picture": "picture 2"})]),
        ("save all of them", [("save_favourite", {"picture": "picture 1"}), ("save_favourite", {"picture": "picture 2"})]),
        ("I hate bokeh", [("taste_card", {"action": "add", "text": "no bokeh"})]),
        ("what would it look like at night?", [("preview_prompt", {"words": "at night"})]),
        ("how would it look with fog, don't render yet", [("preview_prompt", {"words": "with fog"})]),
    ],
)  # fmt: skip
def test_a_wish_is_one_call_with_its_picture(words, expected):
    answers = {
        "save_favourite": {"saved": {"picture": "picture 2", "rank": 1, "picture_rank": 1}},
        "rate_picture": {"rated": {"picture": "picture 2", "verdict": "up"}, "news": []},
    }
    assert named(seen(words), **answers) == expected


def test_what_the_person_dislikes_goes_out_where_it_is_in_the_prompt():
    assert named(seen("I hate film grain"))[0][1]["changes"] == [{"kind": "removed", "phrase": "film grain"}]


def test_more_like_one_picture_and_less_like_another():
    name, args = named(seen("more like picture 2 and less like picture 1"))[0]
    assert (name, args["changes"], args["borrow"]) == (
        "refine_prompt", [{"kind": "removed", "phrase": "film grain"}], [{"what": "neon", "picture": "picture 2"}],
    )  # fmt: skip


def test_a_colour_takes_the_place_of_the_one_the_wish_before_it_gave():
    asked = dict(named(seen("add a red hat and make the hat blue")))["refine_prompt"]["changes"]
    assert [(c["kind"], c.get("was"), c["phrase"]) for c in asked] == [
        ("added", None, "a red hat"),
        ("replaced", "red hat", "blue hat"),
    ]


def test_whose_words_a_phrase_is_made_of_is_told():
    def change(**more: Any) -> dict[str, Any]:
        return {"kind": "added", "phrase": "haze", "was": None, "evidence": [], "lift": None, "via": "", **more}

    def said(**more: Any) -> str:
        return telling.changed(draft(changes=[change(**more)]))

    assert "my own idea: no example supports it" in said(source="assistant")
    assert "your words" in said(source="person")
    assert "from picture 2" in said(source="person", via="picture 2")
    assert "from 1 example, 3.0 times as common" in said(
        source="examples", evidence=[{"id": "e", "prompt": "haze"}], lift=3.0
    )


def test_a_check_tells_what_is_there_what_is_not_and_what_nobody_can_tell():
    phrases = [
        {"phrase": "a cat", "score": 0.9, "there": True},
        {"phrase": "a hat", "score": 0.1, "there": False},
        {"phrase": "8k", "score": 0.5, "there": None},
    ]
    said = reporting.check(
        {"check": {"picture": "picture 1", "phrases": phrases, "score": 0.5}, "missing": ["a hat"]}, "hat"
    )
    assert said.startswith("No, I do not see “hat” in picture 1.")
    assert "cannot tell" in said and 'Say "fix it"' in said


def test_guidance_has_a_setting_of_its_own():
    assert "ATELIER_GUIDANCE=7" in telling.settings("guidance 7")
    assert "ATELIER_STEPS" not in telling.settings("guidance 7")


BOATS = {
    "number": 1,
    "prompt": "a castle on a hill, snowy, two boats on the lake",
    "negative_prompt": "",
    "changes": [],
    "request": "",
}


def edits(words: str, **more: Any) -> tuple[list[tuple[str, str]], list[str]]:
    """What a message does to the prompt of a castle and two boats: its changes and what is kept out of the picture."""
    of = seen(words, **{"drafts": {1: BOATS}, "pictures": PICTURES[:1], **more})
    args = dict(named(of)).get("refine_prompt", {"changes": []})
    return [(change["kind"], change["phrase"]) for change in args["changes"]], args.get("avoid", [])


@pytest.mark.parametrize(
    ("words", "changes", "avoid"),
    [
        ("remove snow", [("removed", "snowy")], []),
        ("I dont want any boats", [("removed", "two boats")], ["boats"]),
        ("now without the boat", [("removed", "two boats")], ["boat"]),
        ("remove the cstle", [("removed", "a castle")], []),
        ("keep the castle but remove everything else", [("removed", "snowy"), ("removed", "two boats on the lake")], []),
        ("no castle, but a tower", [("replaced", "a tower")], ["castle"]),
        ("make the sky green", [("added", "green sky")], []),
        ("make the boats red and the sky green", [("replaced", "red boats"), ("added", "green sky")], []),
        ("the castle without snow", [("removed", "snowy")], ["snow"]),
        ("make the castle older", [("replaced", "an old castle")], []),
        ("make the castle giant", [("replaced", "giant castle")], []),
        ("just one boat", [("replaced", "one boat")], []),
        ("a third boat on the horizon", [("added", "a third boat on the horizon")], []),
        ("the castle is too dark", [("replaced", "bright castle")], []),
        ("remove the cas tle", [("removed", "a castle")], []),
    ],
)  # fmt: skip
def test_a_change_finds_the_words_that_the_prompt_has_for_it(words, changes, avoid):
    assert edits(words) == (changes, avoid)


@pytest.mark.parametrize(
    "words",
    ["delete all my favourites", "remove everything", "keep the dragon but remove everything else", "unweight the castle", "mach es blauer", "0 more",
     "add it back", "remove the rest", "delete all the pictures", "go back to that one"],
)  # fmt: skip
def test_what_cannot_be_done_changes_and_renders_nothing(words):
    of = seen(words, drafts={1: BOATS}, pictures=PICTURES[:1])
    made, said = calls(
        of,
        list_favourites={"matches": [{"example": {"id": "a", "prompt": "x"}}, {"example": {"id": "b", "prompt": "y"}}]},
    )
    assert {call.name for call in made} <= {"list_favourites"} and said


def test_what_was_taken_out_comes_back():
    gone = {**BOATS, "number": 2, "prompt": "a castle on a hill, snowy", "parent": 1,
            "changes": [{"kind": "removed", "phrase": "two boats on the lake", "was": None}]}  # fmt: skip
    of = {"drafts": {1: BOATS, 2: gone}, "draft": 2}
    assert named(seen("put the boats back", **of), undo_change=draft())[0][0] == "undo_change"
    assert named(seen("add them back please", **of), undo_change=draft())[0][0] == "undo_change"


def test_of_two_pictures_in_one_message_one_is_changed_and_the_other_told():
    made, said = calls(seen("make that one bluer and the first one redder"))
    assert [call.name for call in made] == ["search_prompts", "refine_prompt", "generate_picture"]
    assert "one picture at a time" in said and "the first one redder" in said


@pytest.mark.parametrize(
    ("words", "before", "expected"),
    [
        ("do the same for picture 2", "at night", ("refine_prompt", {"base": "picture 2", "changes": []})),
        ("use the seed of the second one", "", ("generate_picture", {"seed": "77"})),
        ("save the last two", "", ("save_favourite", {"picture": "picture 1"})),
        ("white cat", "", ("refine_prompt", {"changes": [{"kind": "replaced", "was": "cat", "phrase": "white cat", "cites": []}]})),
    ],
)  # fmt: skip
def test_what_another_picture_or_the_message_before_tells_is_filled_in(words, before, expected):
    pictures = (PICTURES[0], {**PICTURES[1], "seed": 77})
    made = named(
        seen(words, before=before, pictures=pictures),
        save_favourite={"saved": {"picture": "picture 1", "rank": 1, "picture_rank": 1}},
    )
    assert made[0] == expected


def test_the_same_for_another_picture_makes_the_changes_of_the_message_before():
    asked = [
        args
        for name, args in named(seen("same thing for picture 2", before="make it foggy"))
        if name == "refine_prompt"
    ]
    assert asked[0]["base"] == "picture 2" and [change["phrase"] for change in asked[-1]["changes"]] == ["foggy"]


def test_only_the_person_s_own_words_are_kept():
    written = {**BOATS, "number": 2, "prompt": f"{BOATS['prompt']}, film still, at night", "parent": 1,
               "changes": [{"kind": "added", "phrase": "film still", "was": None, "source": "examples"},
                           {"kind": "added", "phrase": "at night", "was": None, "source": "person"}]}  # fmt: skip
    of = {"drafts": {1: BOATS, 2: written}, "draft": 2}
    for words in ("only my own words please", "take your ideas out again", "remove everything you added"):
        assert edits(words, **of) == ([("removed", "film still")], [])
    assert "every word of it is yours" in calls(seen("only my words", drafts={1: BOATS}))[1]


@pytest.mark.parametrize("words", ["film grain?", "film grain, why?", "what's with the film grain part"])
def test_a_phrase_with_a_question_mark_asks_why_it_is_there(words):
    assert named(seen(words), explain_change={"own": True, "changes": []})[0] == (
        "explain_change",
        {"phrase": "film grain"},
    )


@pytest.mark.parametrize(
    ("words", "about"),
    [("add it back", "was taken out of this picture"), ("do the same for picture 2", "The same as what?"), ("keep only the dragon", "says nothing of “the dragon”")],
)  # fmt: skip
def test_the_reason_that_only_the_conversation_knows_is_told(words, about):
    made, said = calls(seen(words))
    assert made == [] and about in said


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("green castle", [("replaced", "a green castle")]), ("try a green castle", [("replaced", "a green castle")]),
        ("it should be a green castle", [("replaced", "a green castle")]), ("change castle to green", [("replaced", "a green castle")]),
        ("add a green castle", [("added", "a green castle")]),
    ],
)  # fmt: skip
def test_a_thing_that_is_there_takes_the_colour_and_another_comes_in_only_where_one_is_added(words, changes):
    made = edits(words)[0]
    assert [(kind, phrase if phrase.startswith(("a ", "in ")) else f"a {phrase}") for kind, phrase in made] == changes


def test_the_same_said_twice_repeats_the_change_that_it_began_with():
    golden = {**CAT, "number": 3, "prompt": "a cat on the sofa, golden", "request": "make it golden", "parent": 1}
    again = {
        **DOG,
        "number": 4,
        "prompt": "a dog on the beach, golden",
        "request": "the same for picture 2",
        "parent": 2,
    }
    drafts = {1: CAT, 2: DOG, 3: golden, 4: again}
    base, change, _ = named(seen("now the same for picture 1", drafts=drafts, draft=4, before="the same for picture 2"))
    assert base[1]["base"] == "picture 1"
    assert change[1]["changes"][0]["phrase"] == "golden"
    assert "changed no picture" in calls(seen("the same for picture 2", before="what changed?"))[1]


def test_what_is_there_cannot_be_brought_back_and_what_never_was_comes_in_with_its_place():
    assert "nothing to bring back" in calls(seen("have the sofa back"))[1]
    assert named(seen("put the moon back in the sky"))[0][1]["changes"][0]["phrase"] == "a moon in the sky"


def test_a_wish_for_another_picture_waits_even_where_the_first_one_changes_nothing():
    dark = {1: {**CAT, "prompt": "a cat on the sofa, dark"}}
    assert "for the next message" in calls(seen("make it darker and the first one brighter", drafts=dark))[1]


def test_where_a_word_comes_from_is_asked_with_its_preposition_too():
    asked = named(
        seen('where does "at dusk" come from?', drafts={1: {**CAT, "prompt": "a cat, dusk"}}),
        explain_change={"error": "Nothing."},
    )
    assert asked == [("explain_change", {"phrase": "dusk"})]


def test_the_same_as_nothing_with_more_on_top_changes_nothing_at_all():
    assert calls(seen("the same for picture 2, but bluer", before="what changed?"))[0] == []
