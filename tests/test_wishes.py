"""What people say, and what the guide takes it for. Pure: no model, no library."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.mending import distance, mend
from agent.wishes import read
from agent.wording import Wish


def told(words: str, *, draft: bool = True, attached: int = 0) -> list[tuple[str, ...]]:
    """Each wish as its kind and what it says, without what is left open."""

    def short(wish: Wish) -> tuple[str, ...]:
        parts = [
            wish.kind,
            wish.text,
            f"was {wish.was}" if wish.was else "",
            wish.picture,
            f"seed {wish.seed}" if wish.seed else "",
            wish.how,
            *wish.parts,
        ]
        if wish.kind == "again" and wish.count != 1:
            parts.append(f"x{wish.count}")
        return tuple(part for part in parts if part)

    return [short(wish) for wish in read(words, has_draft=draft, attached=attached)]


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("A cat sleeping on the sofa", [("idea", "A cat sleeping on the sofa")]),
        ("draw me a red car on a city street", [("idea", "a red car on a city street")]),
        ("I'd like to see a castle in the clouds, studio ghibli", [("idea", "a castle in the clouds, studio ghibli")]),
        ("please paint a picture of a lonely lighthouse", [("idea", "a lonely lighthouse")]),
        ("can you draw a dog on the beach at sunset?", [("idea", "a dog on the beach at sunset")]),
        ("a robot, no people", [("idea", "a robot"), ("avoid", "people")]),
        ("A lighthouse, oil painting, and save it", [("idea", "A lighthouse, oil painting"), ("save",)]),
        ("make it more cinematic", [("more", "cinematic")]),
        ("save it", [("save",)]),
        ("hello", [("hello",)]),
        ("help", [("help",)]),
    ],
)
def test_a_first_message(words, wishes):
    assert told(words, draft=False) == wishes


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("make it more cinematic", [("more", "cinematic")]),
        ("make it more cinamatic please", [("more", "cinematic")]),
        ("more cinematic", [("more", "cinematic")]),
        ("can you make it a bit darker?", [("more", "dark")]),
        ("I want it darker", [("more", "dark")]),
        ("make it foggy", [("more", "foggy")]),
        ("less neon", [("less", "neon")]),
        ("it's too dark", [("less", "dark")]),
        ("add a red scarf", [("add", "a red scarf")]),
        ("in the rain", [("add", "in the rain")]),
        ("remove the sofa", [("remove", "sofa")]),
        ("get rid of the tree", [("remove", "tree")]),
        ("replace the cat with a dog", [("replace", "dog", "was cat")]),
        ("a dog instead of the cat", [("replace", "dog", "was cat")]),
        ("swap the sofa for a bed", [("replace", "bed", "was sofa")]),
        ("make the cat black", [("replace", "black cat", "was cat")]),
        ("without people", [("avoid", "people")]),
        ("no text", [("avoid", "text")]),
        ("no people, no text", [("avoid", "people"), ("avoid", "text")]),
        ("as a watercolor", [("style", "watercolor")]),
        ("in pixel art style", [("style", "pixel art")]),
        ("watercolor", [("style", "watercolor")]),
        ("turn it into an oil painting", [("style", "oil painting")]),
        ("change the style to noir", [("style", "noir")]),
        ("on the beach instead", [("place", "on the beach")]),
        ("put it on the beach", [("place", "on the beach")]),
        ("at night", [("time", "at night")]),
        ("sunset", [("time", "sunset")]),
        ("at night instead of day", [("time", "at night", "was day")]),
        ("change it to night", [("time", "night")]),
        ("make it a dog", [("subject", "dog")]),
        ("i want it in watercolor", [("style", "watercolor")]),
        ("can i have it in black and white?", [("style", "black and white")]),
        ("as an oil painting at night", [("style", "oil painting"), ("time", "at night")]),
        ("try neon", [("style", "neon")]),
        ("by greg rutkowski", [("add", "by greg rutkowski")]),
        ("same but at night", [("time", "at night")]),
        ("the same cat but in space", [("place", "in space")]),
        ("change the background to a forest", [("place", "a forest")]),
        ("in the rainforest", [("place", "in the rainforest")]),
        ("put the cat on a table", [("place", "on a table")]),
        ("in winter", [("add", "in winter")]),
        ("covered in snow", [("add", "covered in snow")]),
        ("close-up", [("add", "close-up")]),
        ("zoom out", [("more", "wide angle")]),
        ("could it be brighter?", [("more", "bright")]),
        ("change the color of the cat to orange", [("replace", "orange cat", "was cat")]),
        ("instead of a cat, a dog", [("replace", "dog", "was cat")]),
        ("how about a dog instead?", [("subject", "dog")]),
        ("the cat should be awake", [("more", "awake")]),
        ("not cinematic", [("less", "cinematic")]),
        ("i don't like the sofa", [("remove", "sofa")]),
        ("remove the cat and the sofa", [("remove", "cat"), ("remove", "sofa")]),
        ("make picture 1 more cinematic", [("back", "picture 1"), ("more", "cinematic")]),
        ("the first one, but at night", [("back", "the first one"), ("time", "at night")]),
        ("keep the cat but make it night", [("lock", "the cat"), ("time", "night")]),
    ],
)
def test_changes_of_what_is_there(words, wishes):
    assert told(words) == wishes


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("another one", [("again",)]),
        ("try again", [("again",)]),
        ("different seed", [("again",)]),
        ("four more", [("again", "x4")]),
        ("give me some variations", [("again", "x4")]),
        ("variation of picture 2", [("again", "picture 2")]),
        ("seed 42", [("again", "seed 42")]),
        ("go back to picture 1", [("back", "picture 1")]),
        ("back to the first one", [("back", "the first one")]),
        ("undo", [("undo",)]),
        ("go back", [("back", "the one before")]),
        ("save picture 2", [("save", "picture 2")]),
        ("keep this one", [("save",)]),
        ("show my favorites", [("favourites",)]),
        ("remove favourite 1", [("forget", "1")]),
        ("remove picture 2 from my favourites", [("forget", "picture 2")]),
        ("why did you add film still?", [("why", "film still")]),
        ('why did you add "anamorphic flare"?', [("why", "anamorphic flare")]),
        ("why did you add that?", [("why",)]),
        ("find prompts like neon city", [("search", "neon city")]),
        ("show me examples of castles", [("search", "castles")]),
        ("find pictures like picture 2", [("describe", "picture 2")]),
        ("draw the first example", [("use", "first")]),
        ("thanks!", [("thanks",)]),
        ("what can you do?", [("help",)]),
    ],
)
def test_everything_else(words, wishes):
    assert told(words) == wishes


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("at night, and save it", [("time", "at night"), ("save",)]),
        (
            "bluer, no people, and save the first one",
            [("more", "blue"), ("avoid", "people"), ("save", "the first one")],
        ),
        ("back to the third one, but at night", [("back", "the third one"), ("time", "at night")]),
        ("more cinematic and less neon", [("more", "cinematic"), ("less", "neon")]),
        ("make it night and add a moon", [("time", "night"), ("add", "a moon")]),
        ("keep the sofa exactly as it is, but at night", [("lock", "the sofa"), ("time", "at night")]),
        ("Love it! save it", [("save",)]),
    ],
)
def test_several_wishes_in_one_message(words, wishes):
    assert told(words) == wishes


@pytest.mark.parametrize("words", ["asdf qwer", "What is the weather tomorrow?", "make it", "?", "...", "42"])
def test_what_cannot_be_read_is_no_guess(words):
    assert {wish.kind for wish in read(words, has_draft=True)} <= {"unknown", "help"}


@pytest.mark.parametrize(
    "words", ["a robot in the forest", "castle in the clouds, studio ghibli", "now a fish in the sea", "draw me a moon"]
)
def test_a_new_idea_in_the_middle_of_a_conversation(words):
    assert [wish.kind for wish in read(words, has_draft=True)] == ["idea"]


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("", [("describe", "attached")]),
        ("what is this?", [("describe", "attached")]),
        ("make something like this, but at night", [("describe", "at night", "attached")]),
        ("like this but a dog", [("describe", "a dog", "attached")]),
    ],
)
def test_a_message_with_a_picture(words, wishes):
    assert told(words, attached=1) == wishes


@given(st.text(max_size=200), st.booleans(), st.integers(0, 2))
def test_no_message_is_an_error(words, has_draft, attached):
    assert read(words, has_draft=has_draft, attached=attached)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("cinamatic", "cinematic"), ("favorits", "favorites"), ("varations", "variations"), ("watercolr", "watercolor")],
)
def test_typos_in_commands_are_mended(typed, meant):
    assert mend(typed) == meant


@pytest.mark.parametrize(
    "word", ["surrealistic", "remote", "sleeping", "castle", "examined", "saved", "sunsets", "replica", "mountain"]
)
def test_words_of_their_own_are_left_alone(word):
    assert mend(word) == word


def test_a_swap_of_two_letters_is_one_slip():
    assert distance("cniematic", "cinematic") == 1


@pytest.mark.parametrize(
    "words",
    ["it looks weird", "that's not a cat", "delete picture 2",
     "delete it", "another style", "change the style", "make it better", "improve the prompt", "write hello on it"],
)  # fmt: skip
def test_a_remark_is_never_taken_for_a_new_idea_or_put_into_the_prompt(words):
    assert told(words) == [("unknown", words)]


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("what did you change?", [("why",)]),
        ("why is there letterbox?", [("why", "letterbox")]),
        ("what's the prompt?", [("prompt",)]),
        ("what seed did you use?", [("prompt",)]),
        ("show me examples", [("search",)]),
        ("any prompts with neon?", [("search", "neon")]),
        ("find similar pictures", [("describe", "current")]),
        ("use picture 1", [("back", "picture 1")]),
        ("picture 2 was better", [("back", "picture 2")]),
        ("make 4 of them", [("again", "x4")]),
        ("give me another", [("again",)]),
        ("like it, save it", [("save",)]),
        ("show me what i saved", [("favourites",)]),
        ("wow, that's beautiful!", [("thanks",)]),
        ("don't change the cat", [("lock", "the cat")]),
        ("start over", [("fresh",)]),
        ("can you draw dogs?", [("idea", "dogs")]),
        ("how about a castle in the clouds?", [("idea", "a castle in the clouds")]),
    ],
)
def test_how_people_ask_and_choose(words, wishes):
    assert told(words) == wishes


def test_a_very_long_message_is_one_description_and_is_read_at_once():
    long = "a cat on the sofa, " * 1000
    begun = time.monotonic()
    assert [wish.kind for wish in read(long, has_draft=True)] == ["idea"]
    assert [wish.kind for wish in read("and " * 5000)] == ["idea"]
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("words", "said", "count"),
    [
        ("turn this into pixel art", "as pixel art", 2), ("recreate this", "", 2), ("make this at night", "at night", 2),
        ("a castle in this style", "a castle", 1), ("use this as a reference for a dog", "a dog", 1), ("save this", "", 1),
    ],
)  # fmt: skip
def test_words_that_come_with_a_picture(words, said, count):
    assert read(words, has_draft=True, attached=1) == [
        Wish(kind="describe", picture="attached", text=said, count=count)
    ]


@pytest.mark.parametrize("draft", [True, False])
def test_an_idea_with_a_wish_behind_a_comma(draft):
    assert told("a cat with a hat, make it cinematic", draft=draft) == [
        ("idea", "a cat with a hat"),
        ("style", "cinematic"),
    ]


@pytest.mark.parametrize("draft", [True, False])
@pytest.mark.parametrize(
    "words",
    ["make it square", "50 steps", "use 50 steps", "512x512", "make it 512x512", "more steps", "16:9", "guidance 7"],
)
def test_sizes_and_steps_are_settings(words, draft):
    assert told(words, draft=draft) == [("settings", words)]


def test_a_size_beside_an_idea_is_no_part_of_it():
    assert told("a cat, 512x512", draft=False) == [("idea", "a cat"), ("settings", "512x512")]
    assert told("a staircase with 50 steps") == [("idea", "a staircase with 50 steps")]


@pytest.mark.parametrize("words", ["castle", "a castle", "beach", "forest", "a library", "square"])
def test_a_place_alone_is_an_idea_where_there_is_no_picture_yet(words):
    assert told(words, draft=False) == [("idea", words)]


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("same style but a dog", ("subject", "dog")),
        ("the same style, but with a dog on the beach", ("subject", "dog on the beach")),
        ("draw a dog in this style", ("subject", "dog")),
        ("a castle in the same style", ("subject", "castle")),
        ("same style but at night", ("time", "at night")),
    ],
)
def test_the_same_style_with_something_else_in_it(words, wish):
    assert told(words) == [wish]


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("keep the sofa and the cat exactly as they are, but at night", [("lock", "the sofa", "the cat"), ("time", "at night")]),
        ("the sofa stays, but make it night", [("lock", "the sofa"), ("time", "night")]),
        ("at night, without changing the cat", [("time", "at night"), ("lock", "the cat")]),
        ("from now on never change 'film still'", [("lock", "film still")]),
        ("don't change anything but the sky", [("lock", "was sky", "everything")]),
        ("unlock the sofa", [("unlock", "the sofa")]),
        ("you may change the cat again", [("unlock", "the cat")]),
        ("remove all the locks", [("unlock", "all")]),
        ("what is locked?", [("locks",)]),
        ("keep the rest", [("stay",)]),
    ],
)  # fmt: skip
def test_what_stays_and_what_may_change_again(words, wishes):
    assert told(words) == wishes


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        (
            "back to the third one, but with the lighting of the one before the neon",
            [("back", "the third one"), ("borrow", "the one before the neon", "lighting")],
        ),
        ("use the colors of picture 2", [("borrow", "picture 2", "colors")]),
        ("I want the neon glow from the second picture here", [("borrow", "the second picture", "neon glow")]),
        (
            "mix the style of 1 with the place of 3",
            [("borrow", "picture 1", "style"), ("borrow", "picture 3", "place")],
        ),
        ("the castle with the style of the neon one", [("back", "the castle"), ("borrow", "the neon one", "style")]),
        ("make yesterday's castle darker", [("back", "yesterday's castle"), ("more", "dark")]),
        ("the neon one, but with a dog", [("back", "the neon one"), ("add", "with a dog")]),
        ("remove the cat from the first one", [("back", "the first one"), ("remove", "cat")]),
        ("save the watercolor", [("save", "the watercolor")]),
        ("save picture 1 and 2", [("save", "picture 1"), ("save", "picture 2")]),
        ("more like picture 2 and less like 3", [("blend", "was picture 3", "picture 2")]),
        ("take that back", [("undo",)]),
        ("undo twice", [("undo",)]),
        ("show the tree", [("tree",)]),
        ("how did we get here?", [("tree",)]),
    ],
)
def test_other_pictures_are_named_in_the_person_s_own_words(words, wishes):
    assert told(words) == wishes


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("show me the prompt first", [("prompt_first", "on")]),
        ("just render straight away from now on", [("prompt_first", "off")]),
        ("don't render yet", [("hold",)]),
        ("use this prompt: a dog,  (noir:1.2)", [("edited", "a dog,  (noir:1.2)")]),
        ('change the prompt to "a dog, noir", and save it', [("edited", "a dog, noir"), ("save",)]),
        ("looks good, go ahead", [("render",)]),
        ("what would this look like?", [("foresee",)]),
        ("what would it look like at night?", [("foresee", "at night")]),
        ("which of these words do anything?", [("weigh",)]),
        ("shorten the prompt", [("weigh", "short")]),
        ("is everything there?", [("check",)]),
        ("where is the hat?", [("check", "hat")]),
        ("fix what's missing", [("mend",)]),
        ("try to fix it, at most 2 tries", [("mend",)]),
        ("I can't see the hat", [("missing", "hat")]),
        ("the cat is missing", [("missing", "cat")]),
        ("I like it", [("rate", "up")]),
        ("not that one", [("rate", "down")]),
        ("thumbs down for picture 2", [("rate", "picture 2", "down")]),
        ("what do I like?", [("taste", "show")]),
        ("forget my taste", [("taste", "wipe")]),
        ("I never want bokeh", [("taste", "no bokeh", "add")]),
        ("export this conversation", [("export", "conversation")]),
        ("make a template of it", [("export", "template")]),
    ],
)
def test_prompts_looks_and_taste(words, wishes):
    assert told(words) == wishes


@pytest.mark.parametrize(
    "words",
    ["convert it somehow", "inpaint the corner", "rewrite everything nicely", "book me a flight to rome", "make a video of it", "crop the left half off"],
)  # fmt: skip
def test_an_order_that_is_not_understood_is_never_drawn(words):
    assert [wish.kind for wish in read(words, has_draft=True)] == ["unknown"]


@given(
    st.lists(
        st.sampled_from(
            "keep the cat and lighting of picture 2 one but more less it like as is , . ' undo show me prompt 1".split()
        ),
        max_size=90,
    )
)
def test_no_message_takes_long_to_read(pieces):
    begun = time.process_time()
    read(" ".join(pieces), has_draft=True)
    assert time.process_time() - begun < 2
