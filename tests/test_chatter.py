"""What people say around a wish, give up, run together or misspell is heard through; what only looks like it stays as it is. Pure."""

import pytest
from test_wishes import told

from agent import chatter
from agent.mending import mend


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("make it darker 😊", [("more", "dark")]),
        ("love it ❤️", [("rate", "up")]),
        ("👍🏽 love it, make it neon", [("rate", "up"), ("style", "neon")]),
        ("sooo first of all uhm make it darker", [("more", "dark")]),
        ("ok next, id like to lock the sofa", [("lock", "the sofa")]),
        ("Without the fog, please.", [("avoid", "fog")]),
        ("take out the glow, would you", [("remove", "glow")]),
        ("no birds no clouds no text", [("avoid", "birds"), ("avoid", "clouds"), ("avoid", "text")]),
        ("make it darker can you also add a moon", [("more", "dark"), ("add", "a moon")]),
        ("its a bit flat could you make it more dramatic", [("more", "dramatic")]),
        ("thumbs up! then the same at night", [("rate", "up"), ("time", "at night")]),
    ],
)
def test_chatter_around_a_wish_changes_nothing(words, wishes):
    assert told(words) == wishes


@pytest.mark.parametrize(
    ("words", "idea"),
    [
        ("scrap that, draw a windmill instead", "a windmill"),
        ("forget about the dog. how about a camel in the desert", "a camel in the desert"),
        ("nah, enough of this, let's do an old train", "an old train"),
        ("yo can u draw me a knight on a horse lol", "a knight on a horse"),
        ("im craving a bowl of ramen", "a bowl of ramen"),
        ("i was hoping for a red fox in the snow", "a red fox in the snow"),
        ("I have in mind a big oak on the hill", "a big oak on the hill"),
    ],
)
def test_a_new_idea_is_heard_however_the_old_one_is_given_up(words, idea):
    assert told(words) == [("idea", idea)]


@pytest.mark.parametrize("words", ["forget the cat", "scrap that", "the cat stays the way it is", "redo it somehow"])
def test_giving_up_or_keeping_is_no_new_idea(words):
    assert "idea" not in {wish[0] for wish in told(words)}


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("save that one, the neon i mean", [("save", "the neon one")]),
        ("take me back to the start, the very first picture", [("back", "the first picture")]),
        ("I liked the second one best, let's go back to that", [("back", "the second one")]),
        ("I'd like the watercolor with more fog", [("back", "the watercolor one"), ("more", "fog")]),
        ("what would it look like at night? just a rough guess", [("foresee", "at night")]),
        ("keep fixing it but at most 2 tries", [("mend",)]),
        ("not a watercolor any more, i'd prefer a photo", [("remove", "watercolor"), ("style", "photograph")]),
        ("leave the words alone, just shuffle the seed", [("stay",), ("again",)]),
        ("make everything pastel except the cat", [("lock", "the cat"), ("style", "pastel")]),
        ("keep cat and sofa, change the rest to neon", [("lock", "cat", "sofa"), ("style", "neon")]),
        ("lose the warm light, it's ugly", [("remove", "warm light")]),
        ("the cat got lost, bring it back", [("missing", "cat")]),
        ("make the first one snowy and save it", [("back", "the first one"), ("more", "snowy"), ("save",)]),
        ("save picture 1, then go back to it", [("save", "picture 1"), ("back", "picture 1")]),
        ("the one with the neon but darker", [("back", "the one with the neon"), ("more", "dark")]),
        ("4 versions at night", [("again", "x4"), ("time", "at night")]),
        ("two variations of picture 1 in watercolor", [("again", "picture 1", "x2"), ("style", "watercolor")]),
        ("thanks! make another with more neon", [("again",), ("more", "neon")]),
        ("same seed but neon", [("stay",), ("style", "neon")]),
    ],
)
def test_what_is_said_twice_or_apart_is_one_wish(words, wishes):
    assert told(words) == wishes


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("can it have the warm light of picture 1", ("borrow", "picture 1", "warm light")),
        ("you can let go of the sofa", ("unlock", "the sofa")),
        ("don't you dare touch the castle", ("lock", "the castle")),
        ("what precisely did you change", ("why",)),
        ("let me see everything I've kept", ("favourites",)),
        ("show me all the steps we took", ("tree",)),
        ("strike that", ("undo",)),
        ("add pastel to my taste", ("taste", "pastel", "add")),
        ("for my taste card: I never want text", ("taste", "no text", "add")),
        ("see whether it worked out", ("check",)),
        ("what do the best prompts for castles look like", ("search", "castles")),
        ("put flowers in the background", ("add", "flowers in the background")),
        ("put the cat in the background", ("add", "cat in the background")),
        ("could he be in a library instead?", ("place", "in a library")),
        ("imagine it under water", ("place", "under water")),
        ("paint it like monet", ("style", "in the style of monet")),
        ("make sure there are no letters anywhere", ("avoid", "letters")),
        ("i'd rather have it at night", ("time", "at night")),
        ("turn day into night", ("time", "night")),
        ("the sofa should be a bench", ("replace", "bench", "was sofa")),
        ("some rain wouldn't hurt", ("add", "rain")),
        ("I'd like the colours to be less strong", ("less", "strong")),
        ("push the cinematic look further", ("more", "cinematic")),
        ("give it a film noir treatment", ("style", "film noir")),
        ("let's see it as a comic", ("style", "comic")),
        ("I want fog rolling in over the water", ("add", "fog rolling in over the water")),
        ("sprinkle in a few fireflies", ("add", "a few fireflies")),
        ("I want a puppy where the cat is", ("replace", "puppy", "was cat")),
        ("use 777 as the seed", ("again", "seed 777")),
        ("which pictures did I keep?", ("favourites",)),
        ("remember this picture", ("save",)),
        ("what's different from before?", ("why",)),
        ("nothing may happen to the boat", ("lock", "the boat")),
        ("the cat may be changed now", ("unlock", "the cat")),
        ("combine the light of 1 with this", ("borrow", "picture 1", "lighting")),
        ("I want to see the text before you draw", ("prompt_first", "on")),
        ("let me rewrite it: a dog in the rain", ("edited", "a dog in the rain")),
        ("did everything make it into the picture?", ("check",)),
        ("is there any word i can cut?", ("weigh",)),
        ("not enough contrast", ("more", "contrast")),
        ("snow!", ("add", "snow")),
    ],
)
def test_the_same_wish_is_heard_in_other_words(words, wish):
    assert told(words) == [wish]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("autum", "autumn"), ("pixle art", "pixel art"), ("oil paintng", "oil painting"), ("sooo cooool", "so cool")],
)
def test_slips_of_the_fingers_are_mended(typed, meant):
    assert mend(typed) == meant


@pytest.mark.parametrize(
    "text", ["marco polo", "a carton of milk", "art decor", "good food", "oil paintings", "line art"]
)
def test_words_of_their_own_are_left_alone(text):
    assert mend(text) == text


def test_an_emoji_that_belongs_to_the_picture_stays():
    assert chatter.without("a 🦊 in the snow") == "a 🦊 in the snow"
    assert chatter.without("👍") == "👍" and chatter.without("🙂") == "🙂"
    assert told("a house, pixle art", draft=False) == [("idea", "a house, pixel art")]


@pytest.mark.parametrize("asked", ["draw a lighthouse in the forest", "make it brighter", "remove the tree", "save it"])
@pytest.mark.parametrize(
    "politely",
    [
        "could you please {}?", "can you please {}", "could u {} please?", "would you kindly {}?", "please {}",
        "could you maybe {}", "can we please {}", "would you please {} for me?", "I'd like you to please {}", "pls {} thx",
    ],
)  # fmt: skip
def test_politeness_changes_no_wish(asked, politely):
    assert told(politely.format(asked)) == told(asked)


@pytest.mark.timeout(30)  # each took minutes, or would have, and a page that reads is a page that stands still
@pytest.mark.parametrize(
    "text", ["a" * 1000, " " * 9000 + "a", "the" + " " * 9000, "\n" * 9000 + "x", "prompt" + " " * 9000 + "!"]
)
@pytest.mark.parametrize("draft", [False, True])
def test_no_message_keeps_its_reader_for_long(text, draft):
    assert told(text, draft=draft)


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("without the sofa?", ("avoid", "sofa")),
        ("could you keep the sofa and make it neon?", ("more", "neon")),
        ("what if it was a boat?", ("subject", "boat")),
    ],
)
def test_a_wish_that_is_asked_as_a_question_does_not_end_in_its_mark(words, wish):
    assert wish in [each[:2] for each in told(words)]


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        "a robot that asks can you make tea", "a poster with the words please save water", "a sign saying sort of closed, you know", "a neon sign that says could you please not",
        "a t-shirt with the text um hello", "a bird singing please put me down", "a book titled can we add a ghost", "a card that reads: kind of sorry",
    ],
)  # fmt: skip
def test_what_a_picture_is_to_say_stays_as_it_was_typed(words, draft):
    assert told(words, draft=draft) == [("idea", words)]


def test_a_wish_behind_a_remark_is_still_heard():
    assert told("the words are too big can you remove them")[-1][0] != "idea"
    assert told("its a bit boring can you make it darker") == [("more", "dark")]


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("actually, replace the dog with a cat", [("replace", "cat", "was dog")]),
        ("wait, no, make it darker", [("more", "dark")]),
        ("on second thought, at night", [("time", "at night")]),
        ("could you maybe try it without the neon, at dawn?", [("avoid", "neon"), ("time", "at dawn")]),
        ("I want it without cars, people or dogs", [("avoid", "cars"), ("avoid", "people or dogs")]),
        ("now without the boat", [("avoid", "boat")]),
        ("can we see it with no trees", [("avoid", "trees")]),
        ("can we do without the film grain", [("remove", "film grain")]),
        (
            "no people, wide, and save the first one",
            [("avoid", "people"), ("add", "wide angle"), ("save", "the first one")],
        ),
        ("no people, moody", [("avoid", "people"), ("add", "moody")]),
        ("no cars, text, watermarks", [("avoid", "cars"), ("avoid", "text"), ("avoid", "watermarks")]),
        ("no dogs, but a cat", [("avoid", "dogs"), ("add", "a cat", "was dogs")]),
        ("no snow but lots of rain", [("avoid", "snow"), ("add", "rain", "was snow")]),
        (
            "make the castle red and the sky green",
            [("replace", "red castle", "was castle"), ("replace", "green sky", "was sky")],
        ),
        ("just the same but darker", [("more", "dark")]),
    ],
)
def test_every_part_of_a_message_is_the_wish_that_it_is(words, wishes):
    assert told(words) == wishes


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("mak it mroe cinamatic", ("more", "cinematic")),
        ("amke it darekr plaese", ("more", "dark")),
        ("repalce the dog wiht a cat", ("replace", "cat", "was dog")),
        ("udno", ("undo",)),
        ("shwo me the prompt", ("prompt",)),
        ("Would it be possible to have it at night?", ("time", "at night")),
        ("is there any chance you could add a moon?", ("add", "a moon")),
        ("do you think you could make it darker", ("more", "dark")),
        ("can it be at sunset?", ("time", "at sunset")),
        ("could the cat be on the roof?", ("place", "on the roof")),
        ("less like a photo", ("less", "photo")),
        ("more like a painting", ("style", "painting")),
        ("picture one please", ("back", "picture 1")),
        ("number three", ("back", "picture 3")),
        ("show me castles", ("search", "castles")),
        ("\u2764\ufe0f", ("rate", "up")),
        ("\U0001f60d\U0001f60d", ("rate", "up")),
        ("\U0001f642", ("thanks",)),
        ("0 more", ("unknown", "0 more")),
        ("wide", ("add", "wide angle")),
    ],
)
def test_a_wish_is_heard_through_slips_courtesy_and_other_words(words, wish):
    assert told(words) == [wish]


@pytest.mark.parametrize(
    ("words", "wish"),
    [("add a moon?", ("add", "a moon")), ("a moon?", ("idea", "a moon")), ("show me castles", ("search", "castles"))],
)
def test_a_first_message_that_ends_as_a_question_is_heard_as_without_its_mark(words, wish):
    assert told(words, draft=False) == [wish] == told(words.rstrip("?"), draft=False)


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("hmm can you get rid of the boat pls its distracting", [("remove", "boat")]),
        ("i dont like the boat anymore", [("remove", "boat")]),
        ("could u make the hat blue instead?", [("replace", "blue hat", "was hat")]),
        ("make it look more like winter", [("add", "in winter")]),
        ("is there a way to make the house pinker?", [("replace", "pink house", "was house")]),
        ("its too dark, lighten it up a bit", [("more", "light")]),
        ("nah go back one", [("undo",)]),
        ("no wait undo that", [("undo",)]),
        ("not at night please", [("remove", "at night")]),
        ("it shouldn't be night", [("remove", "night")]),
        ("who asked for film grain", [("why", "film grain")]),
        ("why'd you put film grain there", [("why", "film grain")]),
        ("i love it!! keep it", [("save",)]),
        ("the second one was way better tbh", [("back", "the second one")]),
        ("less boat more balloon", [("less", "boat"), ("more", "balloon")]),
        ("zoom out a little", [("more", "wide angle")]),
        ("make that a night scene with stars", [("time", "night"), ("add", "with stars")]),
        ("oh and a moon", [("add", "a moon")]),
        ("make the red balloon green", [("replace", "green balloon", "was red balloon")]),
        ("i want people in it", [("add", "people")]),
        ("I meant a hot air balloon", [("subject", "hot air balloon")]),
        ("that's not what i meant", [("undo",)]),
        ("put the balloon in the middle", [("add", "balloon in the middle")]),
        ("can i go back to the first picture please", [("back", "the first picture")]),
        ("make the neon one but in watercolor", [("back", "the neon one"), ("style", "watercolor")]),
        ("add dragons, lots of them", [("add", "dragons")]),
        ("take the film grain off again", [("remove", "film grain")]),
        ("get rid of those ugly trees", [("remove", "trees")]),
        ("instead of night make it noon", [("time", "noon", "was night")]),
        (
            "make castle white and roofs red",
            [("replace", "white castle", "was castle"), ("replace", "red roofs", "was roofs")],
        ),
        ("again, but 3 this time", [("again", "x3")]),
        ("whats locked atm", [("locks",)]),
        ("which seed was that", [("prompt",)]),
        ("can we see the castle in daylight instead", [("time", "in daylight")]),
        ("give me something completely different", [("fresh",)]),
        ("surprise me", [("again",)]),
        ("and give her a bow tie, a red one", [("add", "a red bow tie")]),
        ("make the light come from the left", [("add", "light coming from the left")]),
        ("can the cat be replaced by a dog", [("replace", "dog", "was cat")]),
        ("how about instead of the cat we have a dog", [("replace", "dog", "was cat")]),
        ("i'd prefer a dog tbh", [("subject", "dog")]),
        ("cat = dog", [("replace", "dog", "was cat")]),
        ("seed = 555", [("again", "seed 555")]),
        ("lights off", [("more", "dark")]),
        ("id like green for the sofa", [("replace", "green sofa", "was sofa")]),
        ("lets do the same thing w a dog", [("add", "with a dog")]),
        ("could you try to make the castle look a bit more abandoned?", [("more", "abandoned")]),
        ("winter version please", [("add", "in winter")]),
        ("and one at sunrise", [("time", "at sunrise")]),
        ("show the castle from behind", [("add", "from behind")]),
        (
            "add a knight riding towards it, and a flag on the tower",
            [("add", "a knight riding towards it"), ("add", "a flag on the tower")],
        ),
        ("change armour color to gold", [("replace", "gold armour", "was armour")]),
        ("with more fog than that", [("more", "fog")]),
        ("half the fog", [("less", "fog")]),
        ("from a low angle", [("add", "from a low angle")]),
        ("i think the castle is too small", [("replace", "big castle", "was castle")]),
        ("typo: i meant castle", [("subject", "castle")]),
        ("gimme a castle in the clouds instead", [("idea", "a castle in the clouds")]),
        ("new: a castle in the clouds", [("idea", "a castle in the clouds")]),
        ("swap it out for a dog", [("subject", "dog")]),
        ("i think i liked it better without the storm", [("avoid", "storm")]),
        ("can it be bigger? the boat i mean", [("replace", "big boat", "was boat")]),
        (
            "i want less of the cinematic lighting stuff and more of the sea",
            [("less", "cinematic lighting"), ("more", "sea")],
        ),
        ("let me see it from above", [("add", "from above")]),
        ("lets do black & white", [("style", "black and white")]),
        ("no sails, motor boat instead", [("avoid", "sails"), ("add", "motor boat", "was sails")]),
        ("the orange is nice but the sea should be green", [("replace", "green sea", "was sea")]),
        ("i'd love a version with two boats", [("add", "with two boats")]),
        ("if possible make it brighter, if not leave it", [("more", "bright")]),
        ("what did you add to my prompt", [("why",)]),
        ("i didnt ask for film still", [("remove", "film still")]),
        ("ok thats enough, save it pls", [("save",)]),
    ],
)
def test_how_people_write_in_the_middle_of_a_conversation(words, wishes):
    assert told(words) == wishes


@pytest.mark.parametrize(
    "words",
    ["try again with different colors", "make all of them darker", "both in sepia", "remove the film grain from all pictures", "delete the neon one",
     "a bit more to the left", "dont do whatever with the rest", "once more with feeling", "make it brighter or darker", "either at dawn or at dusk",
     "make the castle fill the frame", "in the distance", "i want to print it", "same castle different time of day",
     "i like dogs more than cats", "sofa should be green velvet", "dogs are better"],
)  # fmt: skip
def test_what_leaves_too_much_open_is_no_change(words):
    assert [wish[0] for wish in told(words)] == ["unknown"]


@pytest.mark.parametrize(
    "word",
    [
        "surprise",
        "pointing",
        "printing",
        "panting",
        "precious",
        "derailed",
        "drowning",
        "historic",
        "literary",
        "difference",
        "conservation",
        "autumnal",
    ],
)
def test_words_near_a_command_word_are_no_slips(word):
    assert mend(word) == word


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize(
    "words",
    ['a robot holding a sign that says "make me darker, please"', 'a neon sign that says "open"', "a girl named 'zoe' in the rain", 'a 12" record on a table'],
)  # fmt: skip
def test_quotation_marks_inside_an_idea_stay_and_hold_it_together(words, draft):
    assert told(words, draft=draft) == [("idea", words)]


def test_a_quotation_is_never_cut_and_a_phrase_in_quotes_loses_them():
    assert told('add a sign that says "open, now", and save it') == [("add", 'a sign that says "open, now"'), ("save",)]
    assert told('"a quoted idea"', draft=False) == [("idea", "a quoted idea")]
    assert told('add "at night"') == [("add", "at night")]


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("without people, an empty street at night", [("avoid", "people"), ("idea", "an empty street at night")]),
        ("i dont know, maybe a fox?", [("idea", "a fox")]),
        ("two dogs playing in the snow, one of them red", [("idea", "two dogs playing in the snow, one of them red")]),
        ("draw a man pointing at the sky", [("idea", "a man pointing at the sky")]),
        ("all of the animals in a boat", [("idea", "all of the animals in a boat")]),
        ("every picture tells a story", [("idea", "every picture tells a story")]),
    ],
)
def test_a_first_idea_is_no_order(words, wishes):
    assert told(words, draft=False) == wishes


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("add a picture of his mother on the wall", ("add", "a picture of his mother on the wall")),
        ("the other side of the moon", ("idea", "the other side of the moon")),
        ("winnie the pooh", ("idea", "winnie the pooh")),
        ("make them bigger", ("more", "big")),
        ("turn them into dogs", ("subject", "dogs")),
        ("like an old photo", ("style", "old photo")),
        ("all in black and white", ("style", "black and white")),
        ("keep the cat only", ("only", "keep the cat only", "the cat")),
        ("all cats should be black", ("replace", "black cats", "was cats")),
    ],
)
def test_what_sounds_like_an_order_of_another_kind_is_heard_as_what_it_is(words, wish):
    assert told(words) == [wish]
