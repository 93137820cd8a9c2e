"""The bench says no number better than it was seen, runs on the same data every time, and owns up to what was not run."""

import json

import numpy as np
import pytest
from benchmarks import making, reporting
from benchmarks.__main__ import PARTS, main
from benchmarks.apart import apart
from benchmarks.figures import Result, at, auroc, recall, said


@pytest.mark.parametrize(
    ("number", "unit", "better", "told"),
    [
        (14.2001, "ms", "less", "14.3 ms"),
        (0.98999, "", "more", "0.989"),
        (1.9999, "×", "more", "1.99×"),
        (0.0123, "s", "less", "0.0123 s"),
        (1234.2, "rows/s", "more", "1,234 rows/s".replace("1,234", "1,230")),
        (0.0, "", "less", "0"),
        (20, "", "", "20"),
        (None, "ms", "less", "–"),
        (float("nan"), "", "more", "–"),
    ],
)
def test_a_number_is_rounded_against_itself(number, unit, better, told):
    assert said(number, unit, better) == told


def test_a_percentile_is_a_time_that_was_seen():
    assert at([1.0, 2.0, 10.0], 99) == 10.0
    assert at([1.0, 2.0, 10.0], 50) == 2.0


def test_recall_and_the_area_under_the_curve_are_what_they_are_called():
    assert recall([[1, 2], [3]], [[2, 4], [3, 5]]) == 0.5
    assert recall([], []) == 1.0
    assert auroc([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert auroc([0.5], [0.5]) == 0.5
    assert auroc([0.1, 0.6], [0.5, 0.2]) == 0.5


def test_the_same_data_is_made_every_time_and_prompts_are_recombined_from_the_files_own(tmp_path):
    file = tmp_path / "some.csv"
    file.write_text('prompt\n"a castle, 8k, by night"\n"a boat, fog"\n')
    made = list(making.prompts(40, file))
    assert made == list(making.prompts(40, file)) != list(making.prompts(40, file, seed=1))
    assert {prompt.split(", ")[0] for prompt in made} == {"a castle", "a boat"}
    assert {phrase for prompt in made for phrase in prompt.split(", ")[1:]} == {"8k", "by night", "fog"}


def test_vectors_lie_in_clusters_and_the_nearest_of_a_query_are_its_own(tmp_path):
    stored = making.save(tmp_path / "vectors.npy", 900)
    assert stored.shape == (900, making.DIMENSIONS)
    assert np.abs(np.linalg.norm(stored, axis=1) - 1).max() < 1e-5
    alike = stored[:200] @ stored[:200].T
    assert (alike > 0.5).mean() > 0.1 and (alike < 0.3).mean() > 0.5
    query = making.queries(1, 900)[0]
    found = making.nearest(stored, query, 5)
    assert found == np.argsort(-(stored @ query))[:5].tolist()
    assert making.nearest(stored, query, 3, rows=found[2:]) == found[2:]


def test_one_row_in_a_hundred_is_of_the_rare_site():
    assert sum(making.site_of(n) == making.RARE_SITE for n in range(5_000)) == 50


def test_a_function_runs_in_a_process_of_its_own_and_a_failure_is_told():
    assert apart(said, number=0.5, unit="s", better="less") == "0.5 s"
    with pytest.raises(RuntimeError, match="benchmarks.figures.said ended with 1"):
        apart(said, nothing=1)


def result(part: str, size: int, **numbers: float) -> Result:
    made = Result(part=part, size=size, about=f"{part} of {size}.")
    for key, number in numbers.items():
        made.add(key, key, number)
    return made


def test_results_are_kept_part_by_part_and_every_size_of_a_search_stays(tmp_path):
    file = tmp_path / "benchmarks.json"
    for each in (
        result("search", 10_000, p50=1),
        result("search", 100_000, p50=2),
        result("search", 10_000, p50=3),
        result("kill", 5, kills=4),
        result("kill", 9, kills=20),
    ):
        kept = reporting.keep(file, each, date="today", machine="a desk", seconds=1.0)
    assert sorted(kept) == ["kill 9", "search 10000", "search 100000"]
    assert json.loads(file.read_text()) == kept == reporting.load(file)
    assert reporting.figure(kept["search 10000"], "p50").number == 3


def row(kept, name: str) -> list[str]:
    return next(cells[1:] for cells in reporting.summary(kept) if cells[0].startswith(name))


def test_what_was_asked_stands_beside_what_was_seen_and_what_was_not_run_says_so(tmp_path):
    kept = {}
    for each in (
        result("search", 10_000, p50=3.0, recall=0.5),
        result("ingest", 10, against_straight=1.999, against_bare=0.95),
        result("export", 10, whole=0.0),
    ):
        kept = reporting.keep(tmp_path / "b.json", each, date="today", machine="a desk", seconds=1.0)
    assert row(kept, "search without the encoder, p50 at 900,000") == ["≤ 15 ms", "3 at 10,000", "not run at this size"]
    assert row(kept, "ingest against the straightforward way") == ["≥ 2×", "2", "**missed**"]
    assert row(kept, "ingest against the bare encoder") == ["≥ 0.9×", "0.95", "met"]
    assert row(kept, "rows or values that differ") == ["0", "0", "met"]
    assert row(kept, "killed") == ["≥ 20", "not run", ""]
    page = reporting.document(kept, PARTS)
    assert "## Kill\n\nNot run." in page
    assert "search of 10000. today, 1 s on a desk." in page


def test_a_promise_for_any_size_shows_the_worst_that_was_seen(tmp_path):
    for size, ratio in ((10, 2.3), (100, 3.6), (1_000, 2.5)):
        each = result("ingest", size, against_straight=ratio, beyond=size)
        kept = reporting.keep(tmp_path / "b.json", each, date="today", machine="a desk", seconds=1.0)
    assert row(kept, "ingest against the straightforward way") == ["≥ 2×", "2.3", "met"]
    assert row(kept, "peak memory") == ["≤ 1,536 MiB", "1,000 at 1,000", "not run at this size"]


def test_every_promise_is_a_figure_of_a_part_and_an_unknown_part_is_refused(tmp_path, capsys):
    assert {asked.part for asked in reporting.ASKED} <= set(PARTS)
    assert main(["--only", "seach", "--docs", str(tmp_path)]) == 2
    assert (
        "There is no part 'seach'; there are product, ingest, kill, search, answers, rewrites, export."
        in capsys.readouterr().err
    )


def test_a_part_that_lacks_its_files_says_so_and_the_report_is_written_all_the_same(tmp_path, capsys):
    assert main(["--only", "rewrites", "--docs", str(tmp_path)]) == 1
    assert "rewrites: not run: needs DATA" in capsys.readouterr().err
    assert (
        "| rewrites: originals found by hybrid beyond the better leg | ≥ 0 | not run |"
        in (tmp_path / "BENCHMARKS.md").read_text()
    )
