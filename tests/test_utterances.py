"""What people type, one message at a time: the guide calls the right tools with the arguments that matter.

The utterances were written before the guide's rules were tuned to them. A third is held out: its share is printed and
never asserted, so that nobody tunes to it; what it asserts is that whatever is typed, the turn goes through.
"""

import collections
from collections.abc import Iterator

import pytest
from rooms import Studio
from utterance_kit import UTTERANCES, Miss, load, score, small_studio

SHARE = 0.95  # of the open utterances; the issue asks for as much
LEAST = 200  # utterances in all


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    with small_studio() as made:
        yield made


def shown(name: str, right: int, total: int, misses: list[Miss]) -> str:
    """The share, and how many of which kind were missed; what was missed only where it may be known."""
    kinds = collections.Counter(miss.kind for miss in misses)
    lines = [f"{name}: {right} of {total} right ({right / total:.1%}); missed: {dict(kinds)}"]
    return "\n".join(lines + [f"  {miss}" for miss in misses] * (name == "open"))


def test_there_are_enough_utterances_and_every_kind_is_also_held_out():
    opened, held_out = load(UTTERANCES / "open.yaml"), load(UTTERANCES / "held_out.yaml")
    assert len(opened) + len(held_out) >= LEAST
    assert 3 * len(held_out) >= 0.85 * len(opened + held_out)
    assert {u["kind"] for u in opened} == {u["kind"] for u in held_out}
    said = [(u["state"], u["say"]) for u in opened + held_out]
    assert len(set(said)) == len(said)


@pytest.mark.timeout(400)  # hundreds of whole turns; seconds on an idle machine
def test_the_guide_calls_the_right_tools_for_what_people_type(studio: Studio):
    right, total, misses = score(UTTERANCES / "open.yaml", studio)
    told = shown("open", right, total, misses)
    print(told)
    assert right / total >= SHARE, told


@pytest.mark.timeout(400)
def test_whatever_is_typed_the_turn_goes_through(studio: Studio):
    right, total, misses = score(UTTERANCES / "held_out.yaml", studio)
    print(shown("held out", right, total, misses))
    assert [miss for miss in misses if miss.crashed] == []
