"""What picks say surely enough to be a line of the taste card, and what they do not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taste_kit import COMMON, PHRASES, pick

from tools.backends import picks
from tools.backends.picks import Pick, choices, weigh
from tools.backends.records import as_json


def pull_of(phrase: str, made: list[Pick]) -> tuple[float, float]:
    return picks.posterior(phrase, choices(made), picks.stood_alone(choices(made)))


def test_a_phrase_is_a_line_only_after_several_picks_of_different_prompts():
    ups = [pick(f"{n}", "up", "low-key light", others=4) for n in range(3)]
    assert weigh(ups[:2]) == []
    assert [(line.phrase, line.kept, line.dropped) for line in weigh(ups)] == [("low-key light", 3, 0)]
    twins = [Pick(picture=f"seed {n}", verdict="up", phrases=ups[0].phrases, others=4) for n in range(5)]
    assert weigh([*ups[:2], *twins]) == [], "five seeds of one prompt are one pick"


def test_what_is_kept_and_what_is_dropped_come_apart():
    made = [pick(f"k{n}", "up", "low-key light", others=3, held={"bokeh": 2}) for n in range(5)]
    made += [pick(f"d{n}", "down", "bokeh", others=3, held={"low-key light": 1}) for n in range(5)]
    weights = {line.phrase: line.weight for line in weigh(made)}
    assert set(weights) == {"low-key light", "bokeh"} and weights["bokeh"] < 0 < weights["low-key light"]


def test_what_stands_in_every_prompt_says_nothing_however_often_it_is_kept():
    in_all = [pick(f"{n}", "up", "8k", others=5, held={"8k": 5}) for n in range(40)]
    assert pull_of("8k", in_all) == pytest.approx((0.0, 0.5), abs=1e-6)
    habit = [pick(f"u{n}", "up", "8k", others=0) for n in range(30)] + [
        pick(f"d{n}", "down", "8k", others=0) for n in range(10)
    ]
    assert weigh(habit) == []


def test_among_pictures_that_stood_alone_the_difference_between_kept_and_dropped_counts():
    made = [pick(f"u{n}", "up", "low-key light", "8k", others=0) for n in range(5)]
    made += [pick(f"d{n}", "down", "8k", others=0) for n in range(5)]
    assert [line.phrase for line in weigh(made)] == ["low-key light"]


def test_who_picks_by_chance_gets_next_to_no_card():
    import random

    wrong = 0
    for seed in range(4):
        rng = random.Random(seed)
        made = []
        for n in range(40):
            prompts = [frozenset(p for p in map(str, range(20)) if rng.random() < 0.3) for _ in range(4)]
            held = {p: sum(p in other for other in prompts[1:]) for p in map(str, range(20))}
            made.append(
                Pick(
                    picture=str(n),
                    verdict=rng.choice(["up", "down"]),
                    phrases=prompts[0] | {f"scene {n}"},
                    others=3,
                    held=held,
                )
            )
        wrong += len(weigh(made))
    assert wrong <= 4, "of 80 phrases that each stood in about 12 picks"


PICKS = st.lists(
    st.tuples(
        st.sampled_from(["up", "down", "saved", "removed"]),
        st.sets(st.sampled_from(PHRASES)),
        st.integers(0, 4),
        st.integers(0, 7),
        st.dictionaries(st.sampled_from(PHRASES), st.integers(0, 4)),
    ),
    max_size=14,
)


def made_of(drawn) -> list[Pick]:
    """Picks of pictures 0..7, each with its own prompt that holds what was first drawn for it."""
    prompts: dict[int, frozenset[str]] = {}
    made = []
    for verdict, held, others, number, among in drawn:
        prompt = prompts.setdefault(number, frozenset({*held, f"scene {number % 5}"}))
        counts = {p: min(n, others) for p, n in among.items()}
        made.append(
            Pick(picture=f"p{number}", verdict=verdict, phrases=prompt, others=others, held=counts, usual=COMMON)
        )  # fmt: skip
    return made


@settings(max_examples=60)
@given(PICKS, st.integers(0, 7), st.integers(0, 4), st.dictionaries(st.sampled_from(PHRASES), st.integers(0, 4)))
def test_another_up_never_lowers_a_phrase_of_its_picture_and_another_down_never_raises_one(
    drawn, number, others, among
):
    before = made_of(drawn)
    prompt = next((p.phrases for p in before if p.picture == f"p{number}"), frozenset({"bokeh", "8k"}))
    counts = {p: min(n, others) for p, n in among.items()}
    for verdict, sign in (("up", 1), ("down", -1)):
        more = Pick(picture=f"p{number}", verdict=verdict, phrases=prompt, others=others, held=counts, usual=COMMON)  # fmt: skip
        for phrase in sorted(prompt & set(PHRASES)):
            was, now = pull_of(phrase, before), pull_of(phrase, [*before, more])
            assert all(sign * (b - a) >= -1e-6 for a, b in zip(was, now, strict=True)), (phrase, verdict, was, now)


@settings(max_examples=60)
@given(PICKS, st.randoms(use_true_random=False))
def test_the_order_of_picks_of_different_pictures_makes_no_difference(drawn, rng):
    made = made_of(drawn)
    names = sorted({p.picture for p in made})
    queues = {name: [p for p in made if p.picture == name] for name in names}
    shuffled = []
    while any(queues.values()):
        shuffled.append(queues[rng.choice([n for n in names if queues[n]])].pop(0))
    assert as_json(weigh(shuffled)) == as_json(weigh(made))


def test_the_newest_verdict_on_a_picture_counts():
    ups = [pick(f"{n}", "up", "neon", others=4) for n in range(4)]
    downs = [pick(f"{n}", "down", "neon", others=4) for n in range(4)]
    assert weigh([*ups, *downs])[0].weight < 0 < weigh([*downs, *ups])[0].weight
    saved = [pick(f"{n}", "removed", "neon", others=4) for n in range(4)]
    assert abs(pull_of("neon", [*ups, *saved])[0]) < abs(pull_of("neon", [*ups, *downs])[0])
