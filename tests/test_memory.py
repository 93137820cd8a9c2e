"""What a language model is sent of a long conversation: whole turns that fit, and a summary of everything before them."""

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from agent import memory
from agent.standin import CANNOT_GO_ON, next_of_guide
from tools.backends.lineage import Lineage
from tools.backends.records import Change, Recipe


def turn(n: int, answer: str = "found") -> list:
    call = {"name": "search_prompts", "args": {"looks_like": f"idea {n}"}, "id": f"c{n}", "type": "tool_call"}
    return [
        HumanMessage(f"idea {n}"),
        AIMessage("", tool_calls=[call]),
        ToolMessage(answer, tool_call_id=f"c{n}"),
        AIMessage(f"told {n}"),
    ]


def conversation(turns: int, answer: str = "found") -> list:
    return [message for n in range(turns) for message in turn(n, answer)]


def test_what_fits_is_sent_whole():
    messages = conversation(5)
    assert memory.window(messages, 10_000) == (messages, [])


def test_what_does_not_fit_is_cut_at_the_beginning_of_a_turn():
    messages = conversation(30)
    kept, older = memory.window(messages, 200)
    assert older + kept == messages and kept[0].type == "human" and 0 < len(kept) < len(messages)
    assert sum(map(memory.tokens, kept)) <= 200


def test_the_last_turn_is_always_sent_however_long_it_is():
    kept, older = memory.window([*conversation(3), HumanMessage("word " * 5_000)], 500)
    assert [m.type for m in kept] == ["human"] and len(older) == 12


def test_old_tool_answers_are_shortened_and_new_ones_are_not():
    kept, _ = memory.window(conversation(4, answer="x" * 2_000), 100_000)
    assert [len(m.text) < 500 for m in kept if m.type == "tool"] == [True, True, False, False]


def test_the_summary_tells_of_every_draft_that_the_kept_messages_do_not(tmp_path):
    thread = Lineage(tmp_path).thread("long")
    recipe = Recipe(prompt="p", seed=1, steps=1, guidance=1.0, width=8, height=8, scheduler="s", model="m")
    for n in range(1, 61):
        change = Change(kind="added", phrase=f"phrase {n}")
        draft = thread.add_draft("a cat", parent=n - 1 or None, request=f"wish {n} </request>", changes=[change])
        thread.add_picture(recipe, tmp_path / f"{n}.png", draft=draft)
    thread.add_favourite("picture 2", "abc")
    thread.rate("picture 3", "up")
    kept = [ToolMessage("x", tool_call_id="c", artifact={"draft": {"number": 56}})]
    told = memory.summary(thread, kept)
    assert "draft 2 from draft 1 (added 'phrase 2'); picture 2 (saved)" in told and "picture 3 (thumbs up)" in told
    assert "wish 55 &lt;/request>" in told and "phrase 56" not in told and "15 drafts between" in told
    assert len(told.splitlines()) == memory.MOST_LINES + 2


def test_nothing_earlier_needs_no_summary(tmp_path):
    assert memory.summary(Lineage(tmp_path).thread("new"), conversation(1)) == ""


def test_a_guide_that_cannot_make_sense_of_the_models_calls_says_so():
    names = ("search_prompts", "refine_prompt", "generate_picture")
    calls = [{"name": name, "args": {}, "id": name, "type": "tool_call"} for name in names]
    strange = [ToolMessage("done", tool_call_id=name, name=name, artifact={"draft": 7}) for name in names]
    assert (
        next_of_guide([HumanMessage("a cat on the sofa"), AIMessage("", tool_calls=calls), *strange]).text
        == CANNOT_GO_ON
    )
