# ruff: noqa: F811 - fixtures are imported
"""Every way in which a language model can fail, over a real socket: the person gets an answer, the thread goes on."""

import time

import pytest
from loopback_openai import LoopbackOpenAI, Refusal, Reply, Script, painter, this_turn
from model_room import MODEL, OUT, Room, notices, room, used  # noqa: F401 - a fixture
from rooms import Chat, Told, say, sibling, studio  # noqa: F401 - a fixture

from agent import models
from agent.events import TurnEnded

CAT = "a cat sleeping on the sofa"


async def answered_by_the_guide(room: Room, thread: str, script: Script) -> Told:
    """The turn with the failing model; afterwards the same thread must go on with the model that is well again."""
    room.server.script = script
    told = await say(room.chat, thread, CAT)
    assert not told.failure and told.reply and told.end == TurnEnded(OUT)
    assert "guide" in notices(told)
    room.server.script = painter
    again = await say(room.chat, thread, CAT)
    assert again.pictures and not again.failure and again.end == TurnEnded(MODEL)
    return told


async def test_a_refused_key_is_told_without_showing_it(room, studio):
    wrong = Room(studio, room.server, openai_api_key="sk-wrong-secret")
    told = await say(wrong.chat, "key", CAT)
    assert "refused the key" in notices(told) and "OPENAI_API_KEY" in notices(told) and "secret" not in notices(told)
    assert told.pictures and told.end == TurnEnded(OUT) and not told.failure
    assert (await say(room.chat, "key", "make it more neon")).end == TurnEnded(MODEL)


@pytest.mark.parametrize(
    ("refusal", "part"),
    [
        (Refusal(429, "Rate limit reached.", {"Retry-After": "1"}), "too many requests"),
        (Refusal(429, "insufficient_quota: add credit"), "too many requests"),
        (Refusal(500, "Oh no."), "failed (500)"),
        (Refusal(503, "Overloaded."), "failed (503)"),
        (Refusal(404, "No such model."), "was not found"),
        (Refusal(418, "I am a teapot."), "418"),
        (Refusal(400, "This model's maximum context length is 10 tokens."), "too long"),
    ],
)
async def test_what_refuses_is_named_and_the_guide_draws_the_picture(room, refusal, part):
    told = await answered_by_the_guide(room, f"refusal {refusal.status} {refusal.message}", lambda _: refusal)
    assert part in notices(told) and told.pictures


async def test_without_the_fallback_a_turn_fails_in_one_sentence_and_the_thread_goes_on(room, studio):
    plain = Room(studio, room.server, fallback=False)
    room.server.script = lambda _: Refusal(500, "Oh no.")
    told = await say(plain.chat, "no fallback", CAT)
    assert "failed (500)" in told.failure and not told.reply and told.end == TurnEnded(MODEL)
    room.server.script = painter
    assert (await say(plain.chat, "no fallback", CAT)).pictures


@pytest.mark.parametrize("headers", [{"Retry-After": "0.4"}, {"Retry-After": "soon"}, {}])
async def test_a_busy_server_is_asked_again_after_the_time_it_asks_for(studio, monkeypatch, headers):
    monkeypatch.setattr(models, "FIRST_WAIT", 0.01)
    tries = []

    def busy(messages):
        tries.append(time.monotonic())
        return Refusal(429, "Slow down.", headers) if len(tries) == 1 else Reply("Here I am.")

    with LoopbackOpenAI(busy) as server:
        told = await say(Room(studio, server).chat, f"busy {headers}", "hello")
    assert told.reply == "Here I am." and not told.failure and told.end == TurnEnded(MODEL)
    assert tries[1] - tries[0] >= (0.4 if headers.get("Retry-After") == "0.4" else 0)


async def test_a_server_that_asks_for_an_hour_is_not_waited_for(studio):
    with LoopbackOpenAI(lambda _: Refusal(429, "Later.", {"Retry-After": "3600"})) as server:
        told = await say(Room(studio, server).chat, "an hour", CAT)
        assert len(server.requests) == 1
    assert told.pictures and "60 minutes" in notices(told)


async def test_a_server_that_fails_now_and_then_is_asked_again_a_bounded_number_of_times(studio, monkeypatch):
    monkeypatch.setattr(models, "FIRST_WAIT", 0.01)
    with LoopbackOpenAI(lambda _: Refusal(502, "Bad gateway.")) as server:
        told = await say(Room(studio, server).chat, "bounded", CAT)
        assert len(server.requests) == models.RETRIES + 1
    assert told.pictures and told.end == TurnEnded(OUT)


async def test_a_connection_cut_in_mid_stream(room):
    told = await answered_by_the_guide(room, "cut", lambda _: Reply("Once upon a time there was a cat", cut_after=3))
    assert "cut in mid-answer" in notices(told) and "Once" not in told.reply, "half a sentence is not shown"


async def test_after_a_cut_the_answer_goes_on_and_nothing_is_said_twice(studio, monkeypatch):
    monkeypatch.setattr(models, "FIRST_WAIT", 0.01)
    answer, tries = "Cats love warm light. Sofas love cats. What shall it be?", []

    def cut(messages):
        tries.append(messages)
        return Reply(answer, cut_after=6 if len(tries) == 1 else None)

    with LoopbackOpenAI(cut) as server:
        told = await say(Room(studio, server).chat, "goes on", "hello")
    assert told.reply == answer and not told.failure
    assert "Cats love warm light." in tries[1][0]["content"], "the model is told what was read already"


async def test_a_cut_in_the_middle_of_a_tool_call_does_nothing_by_half(room):
    def script(messages):
        return Reply(calls=[("refine_prompt", {"changes": [], "start": CAT})], cut_after=8)

    told = await answered_by_the_guide(room, "cut call", script)
    assert len(told.drafts) == 1 and told.pictures


async def test_a_server_that_says_nothing(room, studio):
    impatient = Room(studio, room.server, timeout=0.5)
    room.server.script = lambda _: Reply("Too late.", hang=10)
    began = time.monotonic()
    told = await say(impatient.chat, "hang", "hello")
    assert "did not answer in 0.5 s" in notices(told) and time.monotonic() - began < 8
    assert told.reply and "Too late" not in told.reply


async def test_nobody_at_that_address(studio, monkeypatch):
    monkeypatch.setattr(models, "FIRST_WAIT", 0.01)
    with LoopbackOpenAI(painter) as server:
        room = Room(studio, server)
    told = await say(room.chat, "nobody", CAT)
    assert "cannot be reached" in notices(told) and "OPENAI_BASE_URL" in notices(told) and told.pictures


async def test_an_empty_answer_is_asked_for_once_more(room):
    tries = []

    def script(messages):
        tries.append(messages[0]["content"])
        return Reply("") if len(tries) == 1 else Reply("Hello.")

    room.server.script = script
    told = await say(room.chat, "empty once", "hello")
    assert told.reply == "Hello." and "was empty" in tries[1]


async def test_a_model_that_stays_silent_is_answered_for(room):
    told = await answered_by_the_guide(room, "empty", lambda _: Reply(""))
    assert "empty answer" in notices(told) and told.pictures


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (("refine_prompt", "changes: none, please"), "not valid JSON"),
        (("refine_prompt", '{"changes": [{"kind": "added", "phr'), "not valid JSON"),
        (("refine_prompt", {"changes": "more cats"}), "changes should be a valid list, not"),
        (("refine_prompt", {"changes": [{"kind": "improved", "phrase": "x"}]}), "changes.0.kind should be 'added'"),
        (("refine_prompt", {"changes": [{"kind": "added"}]}), "changes.0.phrase is missing"),
        (("paint_me_a_house", {"colour": "red"}), "not a valid tool"),
        (("generate_picture", {}), "no prompt yet"),
        (("generate_picture", {"prompt": "a dog"}), "generate_picture has no argument prompt. It knows variations"),
        (("search_prompts", {"looks_like": ""}), "nothing to look for"),
        (("save_favourite", {"picture": "picture 99"}), "picture"),
        (("refine_prompt", {"changes": [], "start": "x" * 200_000}), "200,0"),
        (("search_prompts", {}), "looks_like is missing"),
    ],
)
async def test_nonsense_calls_are_given_back_for_repair(room, call, part):
    def script(messages):
        words, answers = this_turn(messages)
        if not answers:
            return Reply(calls=[call])
        return painter(messages[:-2] if len(answers) == 1 else [m for m in messages if m is not first_answer(messages)])

    def first_answer(messages):
        return next(m for m in messages if m["role"] == "tool")

    room.server.script = script
    told = await say(room.chat, f"nonsense {call}"[:60], CAT)
    assert told.answers[0].failed and part in told.answers[0].answer
    assert "Try it differently" not in told.answers[0].answer, "said to the model, not to the person"
    assert len(told.answers[0].answer) < 1_200, "a huge argument is not echoed"
    assert len(str(room.server.requests[-1])) < 60_000, "nor sent back"
    assert told.pictures and not told.failure and told.end == TurnEnded(MODEL)


async def test_small_slips_in_arguments_are_mended_by_code(room):
    def script(messages):
        _, answers = this_turn(messages)
        if not answers:
            changes = '[{"kind": "added", "phrase": "film still"}]'
            return Reply(calls=[("refine_prompt", {"changes": changes, "start": "a cat", "base": None, "avoid": None})])
        return Reply("Shall I render it?")

    room.server.script = script
    told = await say(room.chat, "slips", "a cat")
    assert told.drafts[0].prompt == "a cat, film still" and not told.answers[0].failed


async def test_repairs_are_bounded_and_then_the_model_must_answer(room):
    def script(messages):
        if "could not be used" in messages[0]["content"]:
            return Reply("I could not write it down. Say it in other words?")
        return Reply(calls=[("refine_prompt", {"changes": "more"})])

    room.server.script = script
    told = await say(room.chat, "bounded repairs", "hello")
    assert 3 <= len(told.answers) <= 6 and told.reply.startswith("I could not") and told.end == TurnEnded(MODEL)


async def test_an_endless_tool_loop_is_stopped_and_the_guide_answers(room, studio):
    short = Room(studio, room.server, max_tool_calls=3)
    room.server.script = lambda _: Reply(calls=[("list_favourites", {})])
    told = await say(short.chat, "endless", CAT)
    assert told.tools[:3] == ["list_favourites"] * 3 and "list_favourites" not in told.tools[3:]
    assert "kept calling tools" in notices(told) and told.pictures and not told.failure
    room.server.script = painter
    assert (await say(short.chat, "endless", CAT)).end == TurnEnded(MODEL)


async def test_at_the_limit_the_model_is_asked_to_answer_and_may(room, studio):
    short = Room(studio, room.server, max_tool_calls=2)

    def script(messages):
        if "used all 2 tool calls" in messages[0]["content"]:
            return Reply("That is all I could do.")
        return Reply(calls=[("list_favourites", {})])

    room.server.script = script
    told = await say(short.chat, "limit", "a cat")
    assert told.reply == "That is all I could do." and not told.failure
    assert "tools" not in room.server.requests[-1] or not room.server.requests[-1]["tools"]


def dies_after(answers: int) -> Script:
    """A painter that is gone once it has called that many tools."""
    return lambda messages: (
        painter(messages) if len(this_turn(messages)[1]) < answers else Refusal(500, "Out of memory.")
    )


@pytest.mark.parametrize("answers", [1, 2, 3])
async def test_a_model_that_dies_in_mid_turn_leaves_its_work_and_nothing_is_done_twice(room, answers):
    told = await answered_by_the_guide(room, f"dies {answers}", dies_after(answers))
    assert told.tools == ["search_prompts", "refine_prompt", "generate_picture"]
    assert len(told.drafts) == len(told.pictures) == 1 and "picture 1" in told.reply
    assert told.pictures[0].recipe.prompt == told.drafts[0].prompt


async def test_a_save_that_was_done_before_the_model_died_is_told_not_repeated(room):
    await say(room.chat, "dies saving", CAT)
    room.server.script = dies_after(1)
    told = await say(room.chat, "dies saving", "save it")
    assert told.tools == ["save_favourite"] and "saved" in told.reply and told.end == TurnEnded(OUT)


async def test_what_a_failing_model_cost_is_told_all_the_same(room, studio):
    priced = Room(studio, room.server, price_in=1.0, price_out=2.0)
    room.server.script = dies_after(2)
    spent = used(await say(priced.chat, "cost of failing", CAT))
    assert (spent.read, spent.written) == (18, 18) and spent.cost == pytest.approx(18 * 3 / 1e6)


@pytest.mark.parametrize("name", ["gpt-4o", "nowhere:model"])
async def test_a_model_name_that_leads_nowhere_is_told_and_the_guide_answers(studio, name):
    told = await say(Chat(sibling(studio, chat_model=name)), f"name {name}", CAT)
    assert "ATELIER_CHAT_MODEL" in notices(told) and told.pictures and told.end == TurnEnded(f"guide ({name} is out)")
    strict = await say(Chat(sibling(studio, chat_model=name, fallback=False)), f"strict {name}", CAT)
    assert "ATELIER_CHAT_MODEL" in strict.failure
