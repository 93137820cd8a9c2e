"""What only the conversation can settle: how far an undo goes, an answer to an offer, the second of what was found, a lock."""

from typing import Any

import pytest
from test_understanding import CAT, DOG, PICTURES, calls, named, seen

from agent import reporting

UNDONE = {"draft": CAT, "undone": 3, "back_at": 1, "steps": 1, "asked": 1, "left": None, "picture": "picture 1"}


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
