"""What people type, one message at a time: the guide calls the right tools with the arguments that matter.

The utterances were written before the guide's rules were tuned to them; those of later.yaml widened the rules
afterwards, and fresh.yaml, written by a hand that had not seen them, once more. A third of the first ones is held out, and
unseen.yaml beside it: their shares are printed and never asserted, so that nobody tunes to them; what is asserted is that
whatever is typed, the turn goes through.
"""

import collections
from collections.abc import Iterator
from pathlib import Path

import pytest
from rooms import Studio
from utterance_kit import UNSEEN, UTTERANCES, Miss, load, score, small_studio

SHARE = 0.95  # of the open, later and fresh utterances; the issue asks for as much
LEAST = 200  # utterances in all


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    with small_studio() as made:
        yield made


def shown(name: str, right: int, total: int, misses: list[Miss]) -> str:
    """The share, and how many of which kind were missed; what was missed only where it may be known."""
    kinds = collections.Counter(miss.kind for miss in misses)
    lines = [f"{name}: {right} of {total} right ({right / total:.1%}); missed: {dict(kinds)}"]
    return "\n".join(lines + [f"  {miss}" for miss in misses] * (name not in UNSEEN))


def test_there_are_enough_utterances_and_every_kind_is_also_held_out():
    opened, held_out = load(UTTERANCES / "open.yaml"), load(UTTERANCES / "held_out.yaml")
    assert len(opened) + len(held_out) >= LEAST
    assert 3 * len(held_out) >= 0.85 * len(opened + held_out)
    assert {u["kind"] for u in opened} == {u["kind"] for u in held_out}
    said = [(u["state"], u["say"]) for u in opened + held_out]
    assert len(set(said)) == len(said)


WRONG = """
wrong:
  - {state: three, say: "save it", calls: [{save_favourite: {picture: picture 1}}]}
  - {state: boat, say: "at night", calls: [{refine_prompt: {add: [snow]}}, generate_picture]}
  - {state: boat, say: "at night", calls: [{refine_prompt: {remove: [film still]}}, generate_picture]}
  - {state: boat, say: "at night", calls: [{refine_prompt: {add: [night]}}, {generate_picture: {seed: new}}]}
  - {state: boat, say: "at night", calls: [{refine_prompt: {add: [night], base: picture 2}}, generate_picture]}
  - {state: sofa, say: "no people", calls: [{refine_prompt: {avoid: [text]}}, generate_picture]}
  - {state: sofa, say: "save it", calls: []}
  - {state: sofa, say: "thanks", calls: [save_favourite]}
right:
  - {state: three, say: "save it", calls: [{save_favourite: {picture: picture 3}}]}
  - {state: boat, say: "at night", calls: [{refine_prompt: {add: [night], remove: [sunset], keep: [film still]}}, generate_picture]}
  - {state: sofa, say: "thanks", calls: []}
"""


def test_a_wrong_call_is_a_miss_and_a_right_one_is_none(studio: Studio, tmp_path: Path):
    (tmp_path / "wrong.yaml").write_text(WRONG)
    right, total, misses = score(tmp_path / "wrong.yaml", studio)
    assert [miss.kind for miss in misses] == ["wrong"] * 8, "\n".join(map(str, misses))
    assert (right, total) == (3, 11)


@pytest.mark.timeout(1200)  # hundreds of turns: seconds on an idle machine, minutes on a busy one
@pytest.mark.parametrize("name", ["open", "later", "fresh"])
def test_the_guide_calls_the_right_tools_for_what_people_type(studio: Studio, name: str):
    right, total, misses = score(UTTERANCES / f"{name}.yaml", studio)
    told = shown(name, right, total, misses)
    print(told)
    assert right / total >= SHARE, told


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", UNSEEN)
def test_whatever_is_typed_the_turn_goes_through(studio: Studio, name: str):
    right, total, misses = score(UTTERANCES / f"{name}.yaml", studio)
    print(shown(name, right, total, misses))
    assert [miss for miss in misses if miss.crashed] == []
