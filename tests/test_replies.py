"""What only the conversation can settle: an answer to an offer, a lock, a picture that was just named."""

import pytest
from replies_kit import MADE_NEON, REFUSED, now, turn
from test_understanding import CAT, DOG, calls, draft, named, seen

from agent import reporting, telling
from agent.wishes import read
from agent.wording import Wish


def test_going_back_says_what_was_let_go_in_the_same_breath():
    there = {"draft": CAT, "went_to": "picture 1", "locked": [], "unlocked": ["the sofa"], "refused": [], "notes": []}
    said = calls(seen("go back to picture 1 and unlock the sofa", locks=("the sofa",)), refine_prompt=there)[1]
    assert said == "We are back at picture 1. “the sofa” may change again. Nothing is locked any more."


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


def test_a_lock_names_each_thing_of_a_list_without_articles():
    assert read("lock castle and neon", has_draft=True) == [Wish(kind="lock", parts=("castle", "neon"))]
    assert [w.kind for w in read("lock the castle, make it darker", has_draft=True)] == ["lock", "more"]
    assert [w.kind for w in read("keep the castle, neon", has_draft=True)] == ["lock", "style"]
    assert [w.kind for w in read("lock the sofa, and at night please", has_draft=True)] == ["lock", "time"]


LOCKED = turn("lock at night", ("refine_prompt", {"lock": ["at night"]}, {"draft": CAT, "newly_locked": ["at night"]}))


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


def test_that_one_is_the_picture_that_was_named_last():
    of_two = turn("check picture 2", ("check_picture", {"picture": "picture 2"}, {"check": {"picture": "picture 2"}}))
    of_neon = turn(
        "check the neon one", ("check_picture", {"picture": "the neon one"}, {"check": {"picture": "picture 2"}})
    )
    for before in (of_two, of_neon):
        assert named(now("go back to that one", before))[0] == ("refine_prompt", {"changes": [], "base": "picture 2"})
    assert calls(now("go back to that one"))[1].startswith("We are at picture 1. Which one do you mean?")


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


@pytest.mark.parametrize("words", ["remember the sofa", "remember to keep the sofa", "please remember the sofa"])
def test_what_is_to_be_remembered_of_the_picture_is_locked(words):
    assert named(now(words)) == [("refine_prompt", {"changes": [], "lock": ["the sofa"]})]


@pytest.mark.parametrize("words", ["remember the moon", "remember that i like bokeh", "remember i never want neon"])
def test_what_is_to_be_remembered_besides_is_none_of_the_picture_s(words):
    assert "refine_prompt" not in [name for name, _ in named(now(words))]


def test_letting_go_of_what_is_not_locked_asks_whether_it_is_to_go():
    asked = ([], '“sofa” is not locked. Say "remove the sofa" to take it out of the picture.')
    assert calls(now("let the sofa go")) == calls(now("let go of the sofa")) == asked
    assert calls(now("let the moon go")) == ([], "Nothing is locked.")
    assert named(now("let the sofa go", locks=("the sofa",)))[0] == (
        "refine_prompt",
        {"changes": [], "unlock": ["the sofa"]},
    )
