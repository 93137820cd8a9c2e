"""Whether an index pays, how far to look in it, and what is kept of it: plain arithmetic."""

import pytest

from agent.doctor import searched
from tools.backends.indexing import EXACT_MOST, Built, built, candidates, exact_most, is_due, plan, recall, wider
from tools.backends.records import IndexState


def test_few_rows_are_scanned_many_are_indexed_and_a_great_many_are_kept_smaller():
    assert plan(EXACT_MOST, 512).kind == "exact"
    assert (plan(EXACT_MOST + 1, 512).kind, plan(900_000, 512).quantization) == ("hnsw", "f16")
    assert plan(20_000_000, 512).quantization == "i8"
    assert exact_most(64) == 8 * EXACT_MOST == 8 * exact_most(512)  # short vectors are scanned sooner


def test_an_index_is_due_when_there_is_none_and_again_when_much_came_after_it():
    assert not is_due(EXACT_MOST, 0, 512)
    assert is_due(EXACT_MOST + 1, 0, 512)
    assert not is_due(900_000, 900_000, 512)
    assert not is_due(900_000, 800_000, 512)
    assert is_due(1_200_000, 900_000, 512)


def test_what_is_kept_coarsely_is_looked_at_more_widely():
    assert candidates(10, "i8") >= 4 * 10
    assert 10 < candidates(10, "f16") == candidates(10, "bf16") <= 15


@pytest.mark.parametrize(
    ("looked_at", "found", "next_look"),
    [(64, 0, 1024), (256, 5, 1024), (256, 0, None), (256, 1, None), (20_000, 9, None)],
)
def test_a_search_with_conditions_looks_wider_by_what_it_found_until_a_scan_is_sooner(looked_at, found, next_look):
    assert wider(10, looked_at, found) == next_look


def test_recall_is_the_share_of_the_exact_answers_that_were_found():
    assert recall({"a": ["1", "2"], "b": ["9"]}, {"a": ["2", "3"], "b": ["9", "8"]}) == 0.5
    assert recall({}, {"a": ["1"]}) == 0.0
    assert recall({}, {}) == 1.0


def test_what_was_built_is_read_back_as_it_was_and_nonsense_as_nothing():
    record = Built(quantization="f16", wide=512, recall=0.995, seconds=428.1, blocks={"0": 17})
    assert built(record.text()) == record
    for text in ("", "nothing", "[]", "{}", '{"wide": 3, "colour": 1}'):
        assert built(text) is None


def test_the_doctor_says_how_searches_work_and_how_much_they_find():
    assert searched(IndexState(kind="exact", rows=9)) == "Searches by meaning compare every example, which is exact."
    state = IndexState(kind="hnsw", rows=901_000, indexed_rows=900_000, quantization="f16", recall=0.994, seconds=431.2)
    assert searched(state) == (
        "Searches by meaning ask an index (f16) of 900,000 examples, the 1,000 newer ones one by one; it found 99.4% of "
        "the nearest ten when it was built, in 431 s."
    )
    seen = IndexState(kind="hnsw", rows=9_000, indexed_rows=9_000, quantization="bf16", recall=0.981, seconds=12.0)
    assert searched(seen, "picture") == (
        "Searches by picture ask an index (bf16) of 9,000 pictures; it found 98.1% of the nearest ten when it was built, in 12 s."
    )
