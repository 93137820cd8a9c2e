"""What only the conversation can settle: how far an undo goes, an answer to an offer, the second of what was found, a lock."""

from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from test_understanding import CAT, DOG, PICTURES, calls, draft, named, seen

from agent import reporting, telling
from agent.guide import _seen
from agent.playing import Seen
from agent.wishes import read
from agent.wording import Wish

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


def test_going_back_says_what_was_let_go_in_the_same_breath():
    there = {"draft": CAT, "went_to": "picture 1", "locked": [], "unlocked": ["the sofa"], "refused": [], "notes": []}
    said = calls(seen("go back to picture 1 and unlock the sofa", locks=("the sofa",)), refine_prompt=there)[1]
    assert said == "We are back at picture 1. “the sofa” may change again. Nothing is locked any more."


def test_what_was_taken_back_is_told_as_what_it_was():
    def said(**more: Any) -> str:
        return reporting.undone({**UNDONE, **more}, PICTURES)

    assert said().startswith("I took back the last change.")
    assert said(steps=2, asked=2).startswith("I took back the last two changes.")
    assert "There is nothing before that." in said(asked=3)
    assert said(left="picture 3").startswith("I took back the step to picture 3; we are where we were before it.")


# --- examples ---

EXAMPLES = [
    {"rank": n, "example": {"id": f"e{n}", "prompt": prompt}}
    for n, prompt in enumerate(("a castle in snow", "a castle with a dragon", "a ruin at dusk"), 1)
]
NEON = [{"rank": 1, "example": {"id": "n1", "prompt": "a neon street"}}]


def turn(words: str, *answers: tuple[str, dict[str, Any], dict[str, Any]], reply: str = "…") -> list[Any]:
    """The messages of one turn: what was said, each call with its answer, and the reply."""
    messages: list[Any] = [HumanMessage(words)]
    for n, (name, args, artifact) in enumerate(answers):
        id = f"{words}{n}"
        messages += [
            AIMessage("", tool_calls=[{"name": name, "args": args, "id": id, "type": "tool_call"}]),
            ToolMessage("…", name=name, tool_call_id=id, artifact=artifact),
        ]
    return [*messages, AIMessage(reply)]


FOUND = turn("find castles", ("search_prompts", {"looks_like": "castles"}, {"matches": EXAMPLES}))
MADE_NEON = turn(
    "make it neon",
    ("search_prompts", {"looks_like": "neon"}, {"matches": NEON}),
    ("refine_prompt", {"changes": []}, {"draft": CAT}),
    ("generate_picture", {}, {"pictures": []}),
)
DRAWN = turn(
    "draw the first one",
    ("refine_prompt", {"start": "a castle in snow"}, {"draft": CAT}),
    ("generate_picture", {}, {"pictures": []}),
)
CHECKED = turn("check it", ("check_picture", {}, {"check": {"picture": "picture 1"}}))


def now(words: str, *before: list[Any], **more: Any) -> Seen:
    """The conversation of `seen` with turns before the message, as the guide reads them."""
    known = seen(words, **more)
    studio = {
        "words": words, "drafts": list(known.drafts.values()), "draft": known.draft, "pictures": known.pictures,
        "picture": known.picture, "locks": known.locks, "prompt_first": known.prompt_first,
    }  # fmt: skip
    return _seen(HumanMessage(words, additional_kwargs={"studio": studio}), [m for turn in before for m in turn])


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


# --- offers ---

FORESEEN = turn("what would it look like at night?", ("preview_prompt", {"words": "at night"}, {"foresight": {}}))


@pytest.mark.parametrize(
    "words", ["yes", "do it", "go ahead", "sure", "ok do that", "ok", "great, do it", "draw it", "render it"]
)
def test_an_offer_is_taken_in_the_words_that_people_take_one_with(words):
    made = named(now(words, FORESEEN))
    assert made[0][1]["changes"] == [{"kind": "added", "phrase": "at night", "cites": []}]
    assert made[1] == ("generate_picture", {"seed": "same"})


def test_an_offer_is_taken_with_more_and_for_the_picture_that_it_was_of():
    assert [name for name, _ in named(now("yes, and save it", FORESEEN), save_favourite={"error": "x"})] == [
        "refine_prompt", "generate_picture", "save_favourite",
    ]  # fmt: skip
    of_another = turn("x", ("preview_prompt", {"words": "at night", "base": "picture 2"}, {"foresight": {}}))
    assert named(now("do it", of_another))[0] == ("refine_prompt", {"changes": [], "base": "picture 2"})
    fresh = turn("x", ("preview_prompt", {"words": "a castle in the snow"}, {"foresight": {}}))
    made = named(now("do it", fresh, draft=None, drafts={}, pictures=(), picture=None))
    assert made[0][1]["start"] == "a castle in the snow"


@pytest.mark.parametrize(
    "words", ["no", "not now", "leave it", "nah", "no thanks", "never mind", "cancel", "maybe later"]
)
def test_an_offer_is_declined_and_nothing_happens(words):
    assert calls(now(words, FORESEEN)) == ([], "All right: the prompt and the picture stay as they are.")


@pytest.mark.parametrize(
    "words", ["make it darker", "ok, make it darker", "do it at dawn", "no, make it darker", "make it"]
)
def test_another_wish_after_an_offer_is_that_wish_alone(words):
    assert "at night" not in str(named(now(words, FORESEEN)))


@pytest.mark.parametrize("words", ["do it", "go ahead", "yes", "sure"])
def test_where_nothing_was_offered_a_yes_renders_nothing(words):
    made, said = calls(now(words))
    assert made == [] and said.startswith("Nothing waits for your word: picture 1 shows the prompt as it is.")


# --- locks ---


def test_a_lock_names_each_thing_of_a_list_without_articles():
    assert read("lock castle and neon", has_draft=True) == [Wish(kind="lock", parts=("castle", "neon"))]
    assert [w.kind for w in read("lock the castle, make it darker", has_draft=True)] == ["lock", "more"]
    assert [w.kind for w in read("keep the castle, neon", has_draft=True)] == ["lock", "style"]
    assert [w.kind for w in read("lock the sofa, and at night please", has_draft=True)] == ["lock", "time"]


LOCKED = turn("lock at night", ("refine_prompt", {"lock": ["at night"]}, {"draft": CAT, "newly_locked": ["at night"]}))
REFUSED = [HumanMessage("a dog instead of the cat"), ToolMessage(
    "…", name="refine_prompt", tool_call_id="x", status="error", artifact={"error": "'a cat' is locked. The prompt is: …"},
), AIMessage("…")]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "before", "locks", "unlocked"),
    [
        ("unlock it", [LOCKED], ("a cat", "at night"), ["at night"]),
        ("unlock it", [REFUSED], ("a cat", "at night"), ["a cat"]),
        ("unlock that", [], ("a cat",), ["a cat"]),
        ("unlock them", [], ("a cat", "at night"), ["a cat", "at night"]),
        ("unlock both", [LOCKED], ("a cat", "at night"), ["a cat", "at night"]),
        ("unlock the last one", [], ("a cat", "at night"), ["at night"]),
        ("unlock everything", [LOCKED], ("a cat", "at night"), ["all"]),
    ],
)
def test_unlocking_it_frees_what_was_just_spoken_of_alone(words, before, locks, unlocked):
    assert named(now(words, *before, locks=locks)) == [("refine_prompt", {"changes": [], "unlock": unlocked})]


def test_which_lock_is_asked_where_nothing_tells():
    made, said = calls(now("unlock it", MADE_NEON, locks=("a cat", "film grain")))
    assert made == []
    assert said == (
        'Which one? Locked: “a cat” and “film grain”. No change touches them until you say "unlock the cat" or "unlock everything".'
    )


def test_only_what_the_prompt_holds_is_said_to_stay():
    told = reporting.locking({**draft(), "locked": ["a cat", "castle"]})
    assert told == (
        "Locked now: “a cat”; it stays as written until you unlock it. “castle” is locked where a prompt holds it; this one does not."
    )
    assert "castle” is locked where" in reporting.locks(["a cat", "castle"], CAT["prompt"])
    back = {**draft(), "locked": ["castle"], "went_to": "picture 1"}
    assert (
        "“castle” is locked where a prompt" in calls(now("back to picture 1", locks=("castle",)), refine_prompt=back)[1]
    )


def test_a_red_one_is_what_the_picture_shows_in_red_and_beside_a_lock_words_of_its_own():
    asked = dict(named(now("Can u make a red one")))["refine_prompt"]["changes"]
    assert [(c["kind"], c.get("was"), c["phrase"]) for c in asked] == [("replaced", "cat", "red cat")]
    made, said = calls(now("Can u make a red one", locks=("a cat",)))
    asked = next(c for c in made if c.name == "refine_prompt").args["changes"]
    assert [(c["kind"], c["phrase"]) for c in asked] == [("added", "red")]
    assert "“a cat” is locked and stays as it is, so “red” stands beside it." in said


# --- a picture that was named ---


def test_that_one_is_the_picture_that_was_named_last():
    of_two = turn("check picture 2", ("check_picture", {"picture": "picture 2"}, {"check": {"picture": "picture 2"}}))
    of_neon = turn(
        "check the neon one", ("check_picture", {"picture": "the neon one"}, {"check": {"picture": "picture 2"}})
    )
    for before in (of_two, of_neon):
        assert named(now("go back to that one", before))[0] == ("refine_prompt", {"changes": [], "base": "picture 2"})
    assert calls(now("go back to that one"))[1].startswith("We are at picture 1. Which one do you mean?")


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


def test_a_remark_between_leaves_an_offer_open_and_a_no_does_not():
    hm, no = (
        turn("hm", reply="You are welcome."),
        turn("no", reply="All right: the prompt and the picture stay as they are."),
    )
    assert named(now("yes", FORESEEN, hm))[0][1]["changes"][0]["phrase"] == "at night"
    assert calls(now("yes", FORESEEN, no))[0] == [] and calls(now("ok", FORESEEN, no))[0] == []


def test_a_nicer_one_is_another_try_and_a_second_one_no_sort_of_it():
    assert named(now("a nicer one please"))[0] == ("generate_picture", {"seed": "new"})
    for words in ("the second one", "a watercolor one"):
        assert "cat" not in str(named(now(words), refine_prompt={"error": "x"}))
    assert dict(named(now("a dog one")))["refine_prompt"]["changes"][0]["phrase"] == "dog"


@pytest.mark.parametrize("words", ["lock film grain, on the sofa and cat", "lock the cat and film grain"])
def test_a_list_of_locks_is_one_where_the_prompt_holds_every_part(words):
    (name, args), *more = named(now(words))
    assert name == "refine_prompt" and len(args["lock"]) == words.count(",") + 2 and not more


def test_what_could_not_be_locked_is_told_in_a_sentence():
    error = "Nothing would change. The prompt says nothing of 'the moon', so nothing was locked for it. Its phrases: x. The prompt is: x"
    assert calls(now("lock the moon"), refine_prompt={"error": error})[1] == (
        "The prompt says nothing of “the moon”, so there is nothing to lock for it. It is: a cat on the sofa, film grain"
    )


def test_before_the_first_picture_there_is_none():
    made, said = calls(now("go back"))
    assert made == [] and said.startswith("Picture 1 is the first one.")


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


def test_letting_go_where_the_rest_is_there_already_renders_nothing():
    made, said = calls(now("unlock everything and add film grain", locks=("a cat",)), refine_prompt=draft(number=1))
    assert [call.name for call in made] == ["search_prompts", "refine_prompt"]
    assert "The prompt holds 'film grain' already." in said and "Nothing is locked any more." not in said


def test_a_word_that_stands_before_its_thing_is_cut_out_alone():
    barn = {**CAT, "prompt": "an orange barn in a field"}
    assert named(now("remove the orange", drafts={1: barn}))[0][1]["changes"] == [
        {"kind": "replaced", "was": "an orange barn", "phrase": "a barn", "cites": []}
    ]
    assert named(now("remove the field", drafts={1: barn}))[0][1]["changes"] == [
        {"kind": "removed", "phrase": "in a field"}
    ]
    cut = {"kind": "replaced", "was": "an orange barn", "phrase": "a barn", "evidence": [], "source": "assistant"}
    assert "I cut “an orange barn” to “a barn”." in telling.changed(draft(changes=[cut]))


def test_that_one_can_be_changed_as_we_go_there():
    of_two = turn("check picture 2", ("check_picture", {"picture": "picture 2"}, {"check": {"picture": "picture 2"}}))
    back = {"draft": DOG, "went_to": "picture 2", "locked": [], "unlocked": [], "refused": [], "notes": []}
    made = named(now("back to that one but in fog", of_two), refine_prompt=back)
    assert [args.get("base") for _, args in made[:2]] == ["picture 2"] * 2 and made[1][1]["changes"]


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


@pytest.mark.parametrize(
    ("words", "args"),
    [("no i liked it better before", {}), ("back to where we were", {}), ("undo both", {"steps": 2})],
)
def test_what_was_better_before_is_taken_back(words, args):
    assert named(now(words), undo_change=UNDONE)[0] == ("undo_change", args)


def test_unlocking_the_rest_frees_what_is_locked_still():
    assert named(now("unlock the rest", locks=("a cat",)))[0][1]["unlock"] == ["all"]


@pytest.mark.parametrize(
    ("words", "unlocked"),
    [("the cat", ["the cat"]), ("both", ["all"]), ("film grain and the cat", ["film grain", "the cat"])],
)
def test_a_question_which_lock_is_answered_by_its_name(words, unlocked):
    asked = turn("unlock it", reply="Which one? Locked: “a cat” and “film grain”. …")
    assert named(now(words, asked, locks=("a cat", "film grain"))) == [
        ("refine_prompt", {"changes": [], "unlock": unlocked})
    ]
    other = named(now("make it noir", asked, locks=("a cat", "film grain")))
    assert "unlock" not in str(other) and other


def test_a_question_which_favourite_is_answered_by_its_number():
    listed = {"matches": [{"rank": n, "example": {"id": f"f{n}", "prompt": f"p{n}"}} for n in (1, 2)]}
    asked = turn(
        "remove my favourite", ("list_favourites", {}, listed), reply="Which of them? Your favourites, newest first: …"
    )
    made = named(now("the second one", asked), list_favourites=listed, remove_favourite={"prompt": "p2"})
    assert made[-1] == ("remove_favourite", {"id": "f2"})


def test_what_happened_to_a_thing_that_the_prompt_does_not_hold_is_a_question_of_why():
    assert named(now("what happened to the moon?"), explain_change={"error": "x"}) == [
        ("explain_change", {"phrase": "remove moon"})
    ]
    assert named(now("what happened to the cat?"), check_picture={"error": "x"})[0][0] == "check_picture"


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


def test_with_no_picture_there_is_nothing_to_go_back_to():
    assert calls(now("go back to that one", drafts={}, draft=None, pictures=(), picture=None))[1].startswith(
        "There is no picture yet."
    )


def test_a_question_between_leaves_open_which_lock_stood_in_the_way_and_why_not_says_it_again():
    asked = turn("is the cat there?", ("check_picture", {}, {"check": {"picture": "picture 1"}}))
    assert named(now("unlock it", REFUSED, asked, locks=("a cat", "film grain")))[0][1]["unlock"] == ["a cat"]
    assert (
        calls(now("why not?", turn("make it a dog", reply="“a cat” is locked, so I left it.")))[1]
        == "“a cat” is locked, so I left it."
    )


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


def test_a_search_whose_draft_was_refused_is_no_list():
    refused = [*turn("make it neon", ("search_prompts", {"looks_like": "neon"}, {"matches": NEON}))[:-1], *REFUSED[1:]]
    assert not now("", refused).listed.asked


def test_a_list_that_is_shown_again_is_at_hand_again():
    again = turn("show me the list again", reply="The examples nearest to “castles”:\n\n1. …")
    listed = now("", FOUND, DRAWN, MADE_NEON, again).listed
    assert listed.at_hand and listed.drawn == () and listed.label == "“castles”"
