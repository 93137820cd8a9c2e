"""A sample of the evaluation, on the starter models themselves. Alone in its file: one process opens one library."""

import pytest
from evaluation.__main__ import evaluate
from evaluation.scripts import load


@pytest.mark.timeout(300)
def test_a_sample_on_the_starter_models_keeps_phrases_and_seeds_cites_truly_and_saves_at_rank_one():
    sample = [load(only="two castles to keep")[0], load(only="back to the first boat")[0]]
    (run,) = evaluate(sample, models=["guide"], steps=2)
    assert {f.figure for f in run.findings} >= {"phrases", "seeds", "refined", "citations", "saves", "claims"}
    exact = ("answered", "done", "phrases", "seeds", "refined", "citations", "saves", "claims")
    assert [f for f in run.findings if f.figure in exact and not f.good] == []
