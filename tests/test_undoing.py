"""How far an undo goes, which change it takes back where one is named, and what comes again."""

from typing import Any

import pytest
from replies_kit import UNDONE, now, turn
from test_understanding import CAT, DOG, PICTURES, calls, named, seen

from agent import reporting


@pytest.mark.parametrize(
    ("words", "args"),
    [
        ("undo", {}),
        ("undo the last two changes", {"steps": 2}),
        ("take back the last 3", {"steps": 3}),
        ("undo undo", {"steps": 2}),
        ("undo 500 steps", {}),
    ],
)
def test_so_many_steps_are_taken_back_in_one_call(words, args):
    assert named(seen(words), undo_change=UNDONE)[:1] == ([("undo_change", args)] if "500" not in words else [])


def test_undoing_everything_goes_to_where_the_idea_began():
    drafts = {1: CAT, 2: {**DOG, "parent": 1}, 3: {**DOG, "number": 3, "parent": 2, "prompt": "a dog, fog"}}
    back = {"draft": CAT, "went_to": "picture 1", "locked": [], "unlocked": [], "refused": [], "notes": []}
    made, said = calls(seen("undo everything", drafts=drafts, draft=3), refine_prompt=back)
    assert [(call.name, call.args) for call in made] == [("refine_prompt", {"changes": [], "base": "picture 1"})]
    assert said == "We are back at picture 1."


def test_what_was_taken_back_is_told_as_what_it_was():
    def said(**more: Any) -> str:
        return reporting.undone({**UNDONE, **more}, PICTURES)

    assert said().startswith("I took back the last change.")
    assert said(steps=2, asked=2).startswith("I took back the last two changes.")
    assert "There is nothing before that." in said(asked=3)
    assert said(left="picture 3").startswith("I took back the step to picture 3; we are where we were before it.")


def test_a_change_that_is_named_is_taken_back_and_what_came_after_it_stays():
    changes = [{"kind": "added", "phrase": "neon", "was": None}, {"kind": "replaced", "phrase": "owl", "was": "cat"}]
    neon = {**CAT, "number": 2, "parent": 1, "prompt": "an owl, neon", "changes": changes}
    fog = {
        **neon,
        "number": 3,
        "parent": 2,
        "prompt": "an owl, neon, fog",
        "changes": [{"kind": "added", "phrase": "fog", "was": None}],
    }
    then = {"drafts": {1: CAT, 2: neon, 3: fog}, "draft": 3}
    asked = dict(named(now("undo the neon change", **then)))["refine_prompt"]["changes"]
    assert [(c["kind"], c.get("was"), c["phrase"]) for c in asked] == [
        ("removed", None, "neon"),
        ("replaced", "an owl", "a cat"),
    ]
    assert named(now("undo the fog", **then), undo_change=UNDONE)[0] == ("undo_change", {})
    assert calls(now("undo the moon", **then)) == (
        [], 'No change on the way here is about “moon”. Say "undo" for the last one, or "show the tree".'
    )  # fmt: skip
    gone_back = {**then, "draft": 2}
    assert named(now("undo the neon", **gone_back))[0][0] == "refine_prompt", "undo alone would take back the going"


def change(phrase: str, kind: str = "added", was: str | None = None, source: str = "person") -> dict[str, Any]:
    return {"kind": kind, "phrase": phrase, "was": was, "source": source}


def test_a_change_that_is_named_takes_nothing_back_that_was_asked_for_besides():
    all_at_once = [change("foggy"), change("grey sky", source="examples"), change("a dragon"), change("a red flag")]
    fog = {
        **CAT, "number": 2, "parent": 1, "prompt": "a cat, foggy, grey sky, a dragon, a red flag", "changes": all_at_once,
        "request": "make it foggy, add a dragon and a red flag",
    }  # fmt: skip
    asked = dict(named(now("undo the fog", drafts={1: CAT, 2: fog}, draft=2)))["refine_prompt"]["changes"]
    assert [(c["kind"], c["phrase"]) for c in asked] == [("removed", "foggy"), ("removed", "grey sky")]
    asked = dict(named(now("undo the dragon", drafts={1: CAT, 2: fog}, draft=2)))["refine_prompt"]["changes"]
    assert [(c["kind"], c["phrase"]) for c in asked] == [("removed", "a dragon")]
    alone = {**fog, "changes": all_at_once[:2], "prompt": "a cat, foggy, grey sky", "request": "make it foggy"}
    assert named(now("undo the fog", drafts={1: CAT, 2: alone}, draft=2), undo_change=UNDONE)[0] == ("undo_change", {})


@pytest.mark.parametrize("request_", ["same for picture 1", "make picture 1 pink", "back to picture 1, but pink"])
def test_a_change_that_began_at_another_picture_is_taken_out_there(request_):
    pink = {
        **CAT,
        "number": 2,
        "parent": 1,
        "prompt": "a cat, pink",
        "changes": [change("pink")],
        "request": "make it pink",
    }
    again = {**pink, "number": 3, "prompt": "a cat, pink", "request": request_}
    there = {"drafts": {1: CAT, 2: pink, 3: again}, "draft": 3}
    asked = dict(named(now("undo the pink", **there)))["refine_prompt"]["changes"]
    assert [(c["kind"], c["phrase"]) for c in asked] == [("removed", "pink")]
    assert named(now("undo", **there), undo_change=UNDONE)[0] == ("undo_change", {})


@pytest.mark.parametrize(("said", "phrase"), [("fog", "foggy"), ("ice", "icy"), ("sun", "sunny"), ("red", "red hat")])
def test_a_change_is_known_by_a_short_word_for_it(said, phrase):
    new = {**CAT, "number": 2, "parent": 1, "prompt": f"a cat, {phrase}", "changes": [change(phrase)]}
    assert named(now(f"undo the {said}", drafts={1: CAT, 2: new}, draft=2), undo_change=UNDONE)[0][0] == "undo_change"


UNDID = turn("undo", ("undo_change", {}, {**UNDONE, "undone": 2, "back_at": 1}))


@pytest.mark.parametrize("words", ["redo", "no, put it back", "undo the undo", "bring it back"])
def test_an_undo_is_taken_back_where_its_picture_is(words):
    assert named(now(words, UNDID))[0] == ("refine_prompt", {"changes": [], "base": "picture 2"})


def test_take_it_out_is_of_what_was_asked_about_or_just_added():
    why = turn("why film grain?", ("explain_change", {"phrase": "film grain"}, {"changes": [], "phrase": "film grain"}))
    assert named(now("remove it", why))[0][1]["changes"] == [{"kind": "removed", "phrase": "film grain"}]
    added = {**CAT, "parent": 1, "changes": [{"kind": "added", "phrase": "film grain"}]}
    just = turn("add film grain", ("refine_prompt", {}, {"draft": added}), ("generate_picture", {}, {"pictures": []}))
    assert named(now("take it out again", just), undo_change=UNDONE)[0][0] == "undo_change"


@pytest.mark.parametrize(
    ("words", "args"),
    [("no i liked it better before", {}), ("back to where we were", {}), ("undo both", {"steps": 2})],
)
def test_what_was_better_before_is_taken_back(words, args):
    assert named(now(words), undo_change=UNDONE)[0] == ("undo_change", args)


def test_a_change_of_what_is_kept_out_is_one_as_well():
    spring = {
        **CAT,
        "number": 2,
        "parent": 1,
        "prompt": "a cat, spring",
        "changes": [{"kind": "added", "phrase": "spring"}],
    }
    birds = {**spring, "number": 3, "parent": 2, "negative_prompt": "birds", "changes": []}
    then = {"drafts": {1: CAT, 2: spring, 3: birds}, "draft": 3}
    assert named(now("undo the spring", **then))[0][1]["changes"] == [{"kind": "removed", "phrase": "spring"}]
    assert named(now("undo the birds", **then), undo_change=UNDONE)[0] == ("undo_change", {})
    fog = {**birds, "number": 4, "parent": 3, "changes": [{"kind": "added", "phrase": "fog"}]}
    assert named(now("undo the birds", drafts={**then["drafts"], 4: fog}, draft=4))[0][1]["allow"] == ["birds"]
