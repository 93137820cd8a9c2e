# ruff: noqa: F811 - fixtures are imported
"""Taking back: the draft before comes again byte for byte, as often as there is one, and nothing is lost."""

import pytest
from hands import Desk, Hand, change, hand, writer  # noqa: F401 - fixtures
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rooms import studio  # noqa: F401 - a fixture
from test_refine_prompt import picture

from agent import reporting
from tools import undo_change
from tools.backends.errors import AtelierError, BadInput
from tools.backends.lineage import Lineage

START = "a  Cat on the sofa, (neon lights:1.3),<lora:cozy:0.8> film still , 8k"


def test_a_change_is_taken_back_byte_for_byte_and_both_drafts_stay(writer):
    writer.refine_prompt(changes=[], start=START, avoid=["people"])
    writer.refine_prompt(changes=[change("replaced", "dog", was="Cat"), change("removed", "8k")], avoid=["text"])
    answer, artifact = writer.undo_change()
    draft = artifact["draft"]
    assert (draft["prompt"], draft["negative_prompt"]) == (START, "people")
    assert (artifact["undone"], artifact["back_at"], draft["number"], draft["parent"]) == (2, 1, 3, 1)
    assert [d.number for d in writer.thread.drafts] == [1, 2, 3] and writer.thread.current_draft.number == 3
    assert "Took back draft 2" in answer and artifact["changes"]


def test_taking_back_again_goes_one_more_back_until_the_idea_begins(writer):
    writer.refine_prompt(changes=[], start="a cat")
    writer.refine_prompt(changes=[change("added", "at night")])
    writer.refine_prompt(changes=[change("added", "rain")])
    assert [writer.undo_change()[1]["draft"]["prompt"] for _ in range(2)] == ["a cat, at night", "a cat"]
    with pytest.raises(BadInput, match="began this idea.*a cat"):
        writer.undo_change()
    writer.refine_prompt(changes=[change("added", "snow")])
    assert writer.undo_change()[1]["draft"]["prompt"] == "a cat", "a change after an undo is taken back by itself"


def test_with_no_prompt_there_is_nothing_to_take_back(writer):
    with pytest.raises(BadInput, match="no prompt"):
        writer.undo_change()


def test_the_picture_of_the_draft_that_comes_again_is_the_current_one_and_its_seed_is_kept(hand):
    hand.refine_prompt(changes=[], start="a cat")
    _, first = hand.generate_picture()
    hand.refine_prompt(changes=[change("added", "at night")])
    hand.generate_picture()
    answer, artifact = hand.undo_change()
    assert artifact["picture"] == "picture 1" == hand.thread.current_picture.name and "picture 1" in answer
    hand.refine_prompt(changes=[change("added", "rain")])
    _, third = hand.generate_picture()
    assert third["pictures"][0]["recipe"]["seed"] == first["pictures"][0]["recipe"]["seed"]
    assert third["pictures"][0]["parent"] == "picture 1"


def test_a_lock_that_the_earlier_prompt_does_not_hold_is_told_and_stays_for_later(writer):
    writer.refine_prompt(changes=[], start="a cat")
    writer.refine_prompt(changes=[change("added", "a red scarf")], lock=["the red scarf"])
    answer, artifact = writer.undo_change()
    assert artifact["draft"]["prompt"] == "a cat" and artifact["not_held"] == ["a red scarf"]
    assert "not in this prompt" in answer and writer.thread.locks == ("a red scarf",)


def test_what_another_window_locks_meanwhile_is_not_taken_back(writer, monkeypatch):
    writer.refine_prompt(changes=[], start="a cat")
    writer.refine_prompt(changes=[change("added", "a red scarf")])

    def rivalled(thread, steps):
        Lineage(writer.studio.home).thread("desk").lock(["a red scarf"])
        return way_back(thread, steps)

    way_back = undo_change._way_back
    monkeypatch.setattr(undo_change, "_way_back", rivalled)
    with pytest.raises(BadInput, match="'a red scarf' was locked meanwhile, so nothing was written"):
        writer.undo_change()
    assert writer.thread.current_draft.number == 2 == len(writer.thread.drafts)


def test_a_new_idea_is_taken_back_to_what_was_there_before_it_with_its_locks(writer):
    writer.refine_prompt(changes=[], start="a cat, fog")
    writer.refine_prompt(changes=[change("added", "at night")], lock=["the cat"])
    writer.said = "new idea: a castle by the sea"
    writer.refine_prompt(changes=[], start="a castle by the sea")
    assert writer.thread.locks == ()
    answer, artifact = writer.undo_change()
    assert (artifact["draft"]["prompt"], artifact["draft"]["parent"]) == ("a cat, fog, at night", 2)
    assert artifact["locked"] == artifact["draft"]["locked"] == ["a cat"] and "Locked again" in answer
    assert writer.undo_change()[1]["draft"]["prompt"] == "a cat, fog", "and then one more back"


def test_taking_back_a_change_takes_back_its_unlocking_too(writer):
    writer.refine_prompt(changes=[], start="a cat, fog")
    writer.refine_prompt(changes=[], lock=["the cat"])
    writer.refine_prompt(changes=[change("replaced", "a dog", was="a cat")], unlock=["all"])
    assert writer.undo_change()[1]["locked"] == ["a cat"]


def test_what_was_unlocked_in_so_many_words_after_the_change_stays_unlocked(writer):
    writer.refine_prompt(changes=[], start="a cat, fog", lock=["the cat", "the fog"])
    writer.refine_prompt(changes=[change("added", "at night")])
    writer.refine_prompt(changes=[], unlock=["the fog"])
    answer, artifact = writer.undo_change()
    assert artifact["locked"] == ["a cat"] and "Locked again" not in answer
    writer.refine_prompt(changes=[], lock=["the fog"])
    writer.refine_prompt(changes=[change("removed", "fog")], unlock=["the fog"])
    assert set(writer.undo_change()[1]["locked"]) == {"a cat", "fog"}, "one step let go of it and took it out"


def test_what_was_unlocked_before_the_change_stays_unlocked(writer):
    writer.refine_prompt(changes=[], start="a cat, fog", lock=["the cat"])
    writer.refine_prompt(changes=[], unlock=["all"])
    writer.refine_prompt(changes=[change("added", "snow")])
    assert writer.undo_change()[1]["locked"] == []


words = st.sampled_from(
    ["Cat", "sofa", "neon lights", "8k", "film still", "dog", "(rain:1.2)", "a, b", "<lora:x:1>", "", "é(", "BREAK"]
)
asked = st.builds(change, st.sampled_from(["added", "removed", "replaced"]), words, words)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(st.lists(asked, max_size=3), max_size=3), number=st.integers(0, 10**9))
def test_whatever_was_changed_comes_back_byte_for_byte(tmp_path, rounds, number):
    hand = Hand(Desk(tmp_path), f"undo {number} {len(rounds)}")
    hand.refine_prompt(changes=[], start=START)
    prompts = [START]
    for changes in rounds:
        try:
            prompts.append(hand.refine_prompt(changes=changes)[1]["draft"]["prompt"])
        except AtelierError:
            continue
    for expected in reversed(prompts[:-1]):
        assert hand.undo_change()[1]["draft"]["prompt"] == expected


def test_only_a_picture_of_that_very_prompt_is_said_to_show_it():
    draft = {"prompt": "a cat, watercolour", "from_picture": "picture 4"}
    assert "Picture 4" not in reporting.undone({"draft": draft, "picture": None}, [])
    assert "Picture 2 shows it." in reporting.undone({"draft": draft, "picture": "picture 2"}, [])


def four(writer) -> list[str]:
    """Four pictures, each a change of the one before; and their prompts."""
    writer.refine_prompt(changes=[], start="a cat")
    picture(writer)
    for phrase in ("fog", "rain", "neon"):
        writer.refine_prompt(changes=[change("added", phrase)])
        picture(writer)
    return [shown.recipe.prompt for shown in writer.thread.pictures]


def test_a_step_back_to_an_earlier_picture_is_taken_back_to_where_the_person_was(writer):
    prompts = four(writer)
    writer.said = "back to the second one"
    writer.refine_prompt(changes=[], base="picture 2")
    answer, artifact = writer.undo_change()
    assert (artifact["picture"], artifact["left"], artifact["draft"]["prompt"]) == (
        "picture 4",
        "picture 2",
        prompts[3],
    )
    assert writer.thread.current_picture.name == "picture 4" and writer.thread.current_draft.number == 4
    assert len(writer.thread.drafts) == 4, "nobody wrote anything"
    assert "where the person was before" in answer
    assert writer.undo_change()[1]["picture"] == "picture 3", "and then one more back"
    assert writer.undo_change()[1]["picture"] == "picture 2"


def test_going_back_and_changing_in_one_message_is_one_step(writer):
    prompts = four(writer)
    writer.said = "back to the first one, but at night"
    writer.refine_prompt(changes=[], base="picture 1")
    writer.refine_prompt(changes=[change("added", "at night")])
    assert writer.thread.current_draft.prompt == "a cat, at night"
    _, artifact = writer.undo_change()
    assert (artifact["picture"], artifact["draft"]["prompt"]) == ("picture 4", prompts[3])
    writer.said = "picture 2, but in snow"
    writer.refine_prompt(changes=[change("added", "snow")], base="picture 2")
    assert writer.undo_change()[1]["picture"] == "picture 4", "so it is where one call does both"


def test_a_change_after_going_back_is_taken_back_by_itself_and_then_the_going(writer):
    prompts = four(writer)
    writer.said = "back to the first one"
    writer.refine_prompt(changes=[], base="picture 1")
    writer.said = "at night"
    writer.refine_prompt(changes=[change("added", "at night")])
    assert [writer.undo_change()[1]["draft"]["prompt"] for _ in range(3)] == ["a cat", prompts[3], prompts[2]]


def test_another_seed_is_no_step_but_one_of_an_older_picture_is(writer):
    prompts = four(writer)
    writer.thread.add_picture(writer.thread.pictures[3].recipe, "/5.png", draft=4)
    writer.thread.add_picture(writer.thread.pictures[0].recipe, "/6.png", draft=1)
    assert writer.undo_change()[1]["picture"] == "picture 5"
    assert writer.undo_change()[1]["draft"]["prompt"] == prompts[2]


def test_several_steps_are_taken_back_at_once_as_far_as_there_are_any(writer):
    prompts = four(writer)
    answer, artifact = writer.undo_change(steps=2)
    assert (artifact["draft"]["prompt"], artifact["steps"], artifact["picture"]) == (prompts[1], 2, "picture 2")
    answer, artifact = writer.undo_change(steps=20)
    assert (artifact["draft"]["prompt"], artifact["steps"], artifact["asked"]) == ("a cat", 1, 20)
    assert "1 of the 20 steps" in answer


def test_what_was_taken_back_is_told_from_the_thread_alone_also_in_another_process(writer):
    prompts = four(writer)
    writer.undo_change()
    again = Lineage(writer.studio.home).thread("desk")
    assert [step.draft for step in again.steps] == [1, 2, 3] and again.current_draft.prompt == prompts[2]


def test_an_undo_of_an_older_version_which_left_no_mark_is_known_by_what_it_repeats(writer):
    four(writer)
    writer.thread.go_to("picture 3")
    writer.thread.add_draft(writer.thread.current_draft.prompt, parent=3, from_picture="picture 3")
    assert [step.draft for step in writer.thread.steps] == [1, 2, 3]


def test_drawing_an_example_with_a_change_is_one_step_where_something_was_before(writer):
    writer.said = "draw the second one, but at night"
    for _ in range(2):
        writer.refine_prompt(changes=[], start="a boat")
        writer.refine_prompt(changes=[change("added", "at night")])
        picture(writer)
    _, artifact = writer.undo_change()
    assert (artifact["picture"], artifact["draft"]["prompt"]) == ("picture 1", "a boat, at night")
    assert writer.undo_change()[1]["draft"]["prompt"] == "a boat", "with nothing before it, the change goes alone"
