"""The command `atelier`, run for real: what it answers, where it writes it, and how it ends.

Starting torch costs seconds, so one process of its own runs a whole story of commands, each through the same `main`
with its own stdout and stderr; what only a process can show (speed, Ctrl-C, a pipe that closes) gets one each.
"""

import csv
import io
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from PIL import Image

ATELIER = Path(sys.executable).with_name("atelier")
MATCH = {"rank", "id", "prompt", "url", "width", "height", "source_site", "score", "distance"}
RECIPE = {
    "prompt",
    "negative_prompt",
    "seed",
    "steps",
    "guidance",
    "width",
    "height",
    "scheduler",
    "model",
    "model_hash",
}

RUN_STORY = """
import json, os, sys, time
from agent.cli import main
story, folder = json.load(open(sys.argv[1])), sys.argv[2]
answers = {}
for name, argv in story:
    argv = [a.replace("{picture}", answers["ask"]["pictures"][0]["path"]) if "{picture}" in a else a for a in argv]
    argv = [a.replace("{favourite}", answers["save"]["favourites"][0]["id"]) if "{favourite}" in a else a for a in argv]
    begun = time.perf_counter()
    for descriptor, ending in ((1, "out"), (2, "err")):
        file = os.open(f"{folder}/{name}.{ending}", os.O_CREAT | os.O_TRUNC | os.O_RDWR)
        os.dup2(file, descriptor)
        os.close(file)
    try:
        code = main(argv)
    except SystemExit as end:
        code = end.code
    sys.stdout.flush(); sys.stderr.flush()
    open(f"{folder}/{name}.json", "w").write(json.dumps({"code": code, "seconds": time.perf_counter() - begun}))
    try:
        answers[name] = json.load(open(f"{folder}/{name}.out"))
    except ValueError:
        pass
"""

TABLE = (
    "\ufeffid,prompt,url,width,height,source_site\n"
    'mine-1,"a zeppelin over the harbour, etching",https://example.org/1.png,512,768,example.org\n'
    'mine-2,"two lines\nin one prompt, ""quoted""",,0,0,\n'
    "mine-3,,,0,0,\n"
)


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def answer(self) -> Any:
        return json.loads(self.out)


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ATELIER_", "OPENAI_"))}
    return {**kept, "ATELIER_HOME": str(home), "ATELIER_STEPS": "6", **more}  # steps: only quicker


def atelier(*argv: str, home: Path, **more: str) -> Ended:
    begun = time.perf_counter()
    done = subprocess.run(
        [ATELIER, *argv], env=environment(home, **more), cwd=home, capture_output=True, text=True, timeout=150
    )
    return Ended(done.returncode, done.stdout, done.stderr, time.perf_counter() - begun)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def story(home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    """What each command of the story answered."""
    folder = tmp_path_factory.mktemp("story")
    (folder / "mine.csv").write_text(TABLE, encoding="utf-8")
    Image.new("RGB", (80, 60), "teal").save(folder / "foreign.png")
    mask = Image.new("L", (80, 60))
    mask.paste(255, (40, 0, 80, 60))
    mask.save(folder / "right.png")
    clear = Image.new("RGBA", (80, 60), (255, 255, 255, 0))  # white paint on nothing, as drawing programs save it
    clear.paste((255, 255, 255, 255), (40, 0, 80, 60))
    clear.save(folder / "clear.png")
    Image.new("RGBA", (80, 60), (255, 255, 255, 0)).save(folder / "unpainted.png")
    (folder / "no-picture.png").write_bytes(b"hello")
    foreign = str(folder / "foreign.png")
    render = ["--steps", "2", "--seed", "7", "--out", str(folder / "made"), "--json"]
    commands: list[tuple[str, list[str]]] = [
        ("ingest", ["ingest", str(folder / "mine.csv"), "--json"]),
        ("again", ["ingest", str(folder / "mine.csv"), "--json"]),
        ("search", ["search", "zeppelin etching", "-k", "3", "--json"]),
        ("lines", ["search", "zeppelin etching", "-k", "3"]),
        ("where", ["search", "zeppelin", "--where", "width<=600", "--where", "source_site=Example.org", "--json"]),
        ("ask", ["ask", "a cat sleeping on the sofa", "--thread", "cat", "--json"]),
        ("more", ["ask", "make it more cinematic", "--thread", "cat", "--json"]),
        ("save", ["ask", "save it", "--thread", "cat", "--json"]),
        ("told", ["ask", "another seed", "--thread", "cat"]),
        ("describe", ["describe", "{picture}", "--json"]),
        ("foreign", ["describe", foreign, "--json"]),
        ("generate", ["generate", "a red boat, neon, flibbertigibbet", "-n", "2", *render]),
        ("render", ["render", str(folder / "made" / "first.png"), "--out", str(folder / "made"), "--json"]),
        ("begun", ["generate", "a red boat", "--image", foreign, "--mask", str(folder / "right.png"), *render]),
        ("clear", ["generate", "a red boat", "--image", foreign, "--mask", str(folder / "clear.png"), *render]),
        ("history", ["history", "cat", "--json"]),
        ("out", ["conversation", "export", "cat", str(folder / "cat.json"), "--json"]),
        ("replay", ["conversation", "replay", str(folder / "cat.json"), "--thread", "again", "--json"]),
        ("template", ["template", "cat", "--out", str(folder / "cat.txt"), "--json"]),
        ("slots", ["generate", "--template", "a {red|blue} boat", "-n", "2", *render]),
        ("kept", ["favourites", "--json"]),
        ("csv", ["export", str(folder / "all.csv")]),
        ("parquet", ["export", str(folder / "all.parquet")]),
        ("remove", ["favourites", "remove", "{favourite}", "--json"]),
        ("doctor", ["doctor", "--json"]),
        ("no picture", ["describe", str(folder / "no-picture.png")]),
        ("no file", ["search", "--image", str(folder / "nowhere.png")]),
        ("no recipe", ["render", foreign]),
        ("no favourite", ["favourites", "remove", "nobody"]),
        ("bad size", ["generate", "a cat", "--size", "3x3"]),
        ("mask alone", ["generate", "a cat", "--mask", foreign]),
        ("unpainted", ["generate", "a cat", "--image", foreign, "--mask", str(folder / "unpainted.png")]),
        ("weak", ["generate", "a cat", "--image", foreign, "--strength", "0.01"]),
    ]
    # `render` needs a file by name: copy the first picture of `generate` under one
    script = RUN_STORY.replace(
        "    begun =",
        "    if name == 'render':\n"
        "        import shutil; shutil.copy(answers['generate']['pictures'][0]['path'], argv[1])\n"
        "    begun =",
        1,
    )
    (folder / "story.json").write_text(json.dumps(commands))
    subprocess.run(
        [sys.executable, "-c", script, str(folder / "story.json"), str(folder)],
        env=environment(home),
        cwd=folder,
        check=True,
        timeout=600,
    )
    ended = {}
    for name, _ in commands:
        end = json.loads((folder / f"{name}.json").read_text())
        ended[name] = Ended(
            end["code"], (folder / f"{name}.out").read_text(), (folder / f"{name}.err").read_text(), end["seconds"]
        )
    ended["csv"].out = (folder / "all.csv").read_text()
    ended["parquet"].out = str(folder / "all.parquet")
    return ended


pytestmark = pytest.mark.timeout(700)


# --- what it answers ---


def test_every_command_of_the_story_ends_as_it_should(story):
    failing = {"no picture", "no file", "no recipe", "no favourite", "bad size", "mask alone", "unpainted", "weak"}
    assert {name: end.code for name, end in story.items()} == {name: int(name in failing) for name in story}


def test_a_failure_is_one_line_on_stderr_without_a_traceback(story):
    for name in ("no picture", "no file", "no recipe", "no favourite", "bad size", "mask alone", "unpainted", "weak"):
        assert story[name].out == "", name
        assert len(story[name].err.strip().splitlines()) == 1, story[name].err
        assert "Traceback" not in story[name].err


def test_ingest_counts_what_it_read_and_the_second_time_adds_nothing(story):
    first, second = story["ingest"].answer, story["again"].answer
    assert list(first)[:6] == ["read", "added", "skipped", "failed", "seconds", "rows_per_second"]
    assert set(first["stages"]) == {"read", "encode", "write", "waited"}
    assert first["index"]["kind"] == first["picture_index"]["kind"] == "exact"
    assert second["unchanged_files"] == 1
    assert (first["read"], first["added"], first["skipped"], first["failed"]) == (3, 2, 0, 1)
    assert (second["read"], second["added"], second["skipped"], second["failed"]) == (3, 0, 2, 1)


def test_search_has_the_contracts_shape_and_finds_what_was_ingested(story):
    answer = story["search"].answer
    assert set(answer) == {"query", "matches", "took_ms"}
    assert answer["query"] == "zeppelin etching"
    assert [m["rank"] for m in answer["matches"]] == list(range(1, len(answer["matches"]) + 1))
    assert all(set(m) == {*MATCH, "copies"} for m in answer["matches"])
    best = answer["matches"][0]
    assert (best["id"], best["width"], best["height"], best["source_site"]) == ("mine-1", 512, 768, "example.org")


def test_search_looks_only_at_what_the_conditions_let_through(story):
    assert [m["id"] for m in story["where"].answer["matches"]] == ["mine-1"]


def test_search_for_people_is_lines_with_the_figures_on_stderr(story):
    assert "a zeppelin over the harbour, etching" in story["lines"].out
    assert re.search(r"\d of [\d,]+ examples in \d+ ms", story["lines"].err)


def test_ask_has_the_contracts_shape_and_makes_a_picture_with_its_recipe(story):
    answer = story["ask"].answer
    shown = {"checks", "weighings", "foresight", "taste", "tree", "files", "usage", "notices"}
    contract = {"thread", "reply", "tool_calls", "draft", "pictures", "favourites", "chat_model"}
    assert set(answer) == contract | shown
    assert (answer["thread"], answer["chat_model"]) == ("cat", "guide")
    assert [call["name"] for call in answer["tool_calls"]] == ["search_prompts", "refine_prompt", "generate_picture"]
    assert set(answer["draft"]) == {"prompt", "negative_prompt", "parent", "changes", "locked"}
    (picture,) = answer["pictures"]
    assert (picture["name"], picture["parent"]) == ("picture 1", None)
    assert set(picture["recipe"]) >= RECIPE
    assert picture["recipe"]["prompt"] == answer["draft"]["prompt"]
    with Image.open(picture["path"]) as image:
        assert image.size == (picture["recipe"]["width"], picture["recipe"]["height"])


def test_the_thread_goes_on_and_changes_only_what_was_asked(story):
    before, after = story["ask"].answer, story["more"].answer
    (first,), (second,) = before["pictures"], after["pictures"]
    phrases = [phrase.strip() for phrase in before["draft"]["prompt"].split(",")]
    assert all(phrase in after["draft"]["prompt"] for phrase in phrases)
    assert "cinematic" in after["draft"]["prompt"]
    assert (second["name"], second["parent"]) == ("picture 2", "picture 1")
    assert first["recipe"]["seed"] == second["recipe"]["seed"]
    assert Path(first["path"]).exists() and first["path"] != second["path"]


def test_every_cited_example_really_holds_the_phrase(story):
    changes = story["more"].answer["draft"]["changes"]
    assert changes
    for change in changes:
        assert set(change) >= {"kind", "phrase", "was", "evidence", "lift"}
        for evidence in change["evidence"]:
            assert change["phrase"].lower() in evidence["prompt"].lower()


def test_a_saved_picture_is_found_again_listed_exported_and_removed(story):
    (saved,) = story["save"].answer["favourites"]
    assert 1 <= saved["rank"] <= 10
    (kept,) = story["kept"].answer["favourites"]
    assert kept["id"] == saved["id"]
    rows = list(csv.DictReader(io.StringIO(story["csv"].out)))
    (row,) = [row for row in rows if row["favourite"] == "True"]
    assert row["id"] == saved["id"] and json.loads(row["recipe"])["prompt"] == row["prompt"]
    assert {"id", "prompt", "url", "width", "height", "source_site"} <= set(row)
    assert "two lines\nin one prompt" in " ".join(r["prompt"] for r in rows).replace("two lines in", "two lines\nin")
    table = pq.read_table(story["parquet"].out)
    assert table.num_rows == len(rows) and sum(table["favourite"].to_pylist()) == 1
    assert story["remove"].answer == {"removed": saved["id"]}


def test_ask_for_people_shows_the_steps_the_progress_and_the_saved_file(story):
    out, err = story["told"].out, story["told"].err
    assert "Rendering" in err and "█" in err
    path = re.search(r"picture 3\S*\s+(\S+\.png)", out)
    assert path and Path(path[1]).exists()
    assert re.search(r"seed \d+ · \d+ steps", out)


def test_describe_knows_its_own_picture_and_is_honest_about_a_foreign_one(story):
    own, foreign = story["describe"].answer, story["foreign"].answer
    assert set(own) >= {"verdict", "metadata", "matches"}
    assert own["metadata"]["prompt"] == story["ask"].answer["draft"]["prompt"]
    assert foreign["verdict"] in ("same look", "not in the library") and foreign["metadata"] is None
    assert all(set(m) == {*MATCH, "copies"} for m in own["matches"] + foreign["matches"])


def test_generate_makes_pictures_and_says_what_the_renderer_does_not_know(story):
    first, second = story["generate"].answer["pictures"]
    assert set(first) == {"name", "path", "recipe"} and set(first["recipe"]) >= RECIPE
    assert (first["recipe"]["seed"], second["recipe"]["seed"], first["recipe"]["steps"]) == (7, 8, 2)
    assert Path(first["path"]).exists() and Path(second["path"]).exists()
    assert "flibbertigibbet" in story["generate"].err


def test_a_picture_begins_with_another_and_keeps_what_the_mask_keeps(story):
    (begun,) = story["begun"].answer["pictures"]
    assert len(begun["recipe"]["start"]) == len(begun["recipe"]["mask"]) == 64 and begun["recipe"]["strength"] == 1
    with Image.open(begun["path"]) as made:
        left, right = made.crop((0, 0, made.width // 2, made.height)), made.crop((made.width // 2, 0, *made.size))
        assert {color for _, color in left.getcolors()} == {(0, 128, 128)} and len(right.getcolors() or range(999)) > 99
    assert "Name it with --image" in story["mask alone"].err
    assert "changes nothing: give at least" in story["weak"].err


def test_what_is_transparent_in_a_mask_stays_as_what_is_black(story):
    (black,), (clear,) = story["begun"].answer["pictures"], story["clear"].answer["pictures"]
    assert black["recipe"]["mask"] == clear["recipe"]["mask"]
    with Image.open(black["path"]) as a, Image.open(clear["path"]) as b:
        assert a.tobytes() == b.tobytes()
    assert "dark everywhere" in story["unpainted"].err


def test_render_gives_the_same_pixels_again(story):
    first = story["generate"].answer["pictures"][0]
    (again,) = story["render"].answer["pictures"]
    assert again["recipe"]["seed"] == first["recipe"]["seed"] and again["path"] != first["path"]
    with Image.open(first["path"]) as a, Image.open(again["path"]) as b:
        assert a.tobytes() == b.tobytes()


def test_the_doctor_tries_four_parts_and_names_what_to_set(story):
    answer = story["doctor"].answer
    assert answer["works"] is True
    assert [p["part"] for p in answer["parts"]] == ["library", "encoder", "renderer", "chat model"]
    for part in answer["parts"]:
        assert part["works"] and part["built_in"] and part["found"] and "Set " in part["real"]
    assert answer["parts"][0]["found"].endswith(
        "Searches by meaning compare every example, which is exact. Searches by picture compare every picture, which is exact."
    )
    assert answer["machine"]["cpus"] >= 1 and answer["machine"]["disk_free"] > 0


# --- how it ends ---


def test_help_is_instant(home):
    def work() -> float:  # processor time, not the clock's: other work may have this machine's cores
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    before = work()
    assert atelier("search", "--help", home=home).code == 0
    assert work() - before < 0.3


def test_a_conversation_is_made_again_pixel_for_pixel_by_the_real_renderer(story, home):
    tree = story["history"].answer["drafts"]
    assert [draft["parent"] for draft in tree[:2]] == [None, 1] and tree[0]["pictures"][0]["name"] == "picture 1"
    made = story["replay"].answer
    assert (made["different"], made["identical"]) == (0, len(made["pictures"])) and made["same_model"]
    assert [p["recipe"]["prompt"] for p in made["pictures"][:1]] == [
        story["ask"].answer["pictures"][0]["recipe"]["prompt"]
    ]
    assert (home / "threads" / "again.jsonl").is_file()
    assert story["out"].answer["pictures"] == len(made["pictures"]) >= 3


def test_a_template_of_a_conversation_is_a_file_and_slots_are_filled(story):
    template = story["template"].answer
    assert Path(template["path"]).read_text() == template["template"] + "\n" and template["variants"] >= 2
    assert {p["recipe"]["prompt"] for p in story["slots"].answer["pictures"]} == {"a red boat", "a blue boat"}


@pytest.mark.parametrize(
    "argv",
    [
        (),
        ("dance",),
        ("search",),
        ("search", "x", "-k", "0"),
        ("search", "x", "-k", "201"),
        ("describe", "x.png", "-k", "201"),
        ("ingest", "--fetch-images"),
        ("ingest", "x.csv", "--map", "words=text"),
        ("ingest", "x.csv", "--map", "prompt=a", "--map", "prompt=b"),
        ("ingest", "x.csv", "--skip-nsfw", "2"),
        ("export", "all.csv", "--vectors"),
        ("search", "x", "--where", "width>=wide"),
        ("favourites", "remove"),
        ("export", "all.txt"),
        ("generate", "x", "--template", "{x|y}"),
        ("conversation", "burn", "cat"),
        ("generate", "x", "--size", "wide"),
        ("chat", "--port", "70000"),
    ],
    ids=lambda argv: " ".join(argv) or "nothing",
)
def test_wrong_usage_is_2_and_touches_nothing(argv, tmp_path):
    ended = atelier(*argv, home=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert "usage: atelier" in ended.err
    assert not list(tmp_path.iterdir())


def test_a_wrong_setting_is_one_sentence(tmp_path):
    ended = atelier("search", "x", home=tmp_path, ATELIER_PORT="eight")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.strip() == "ATELIER_PORT='eight' is not a whole number. Correct it in the environment or in .env."


def test_a_port_in_use_is_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = atelier("chat", "--port", str(port), home=tmp_path)
    assert ended.code == 1 and ended.out == ""
    assert f"Port {port}" in ended.err and f"--port {port + 1}" in ended.err and ended.err.count("\n") == 1


def test_something_unexpected_is_one_line_and_the_log_has_the_details(tmp_path, monkeypatch, capsys):
    from agent import cli, commands

    def broken(settings, options):
        raise KeyError("a bug")

    monkeypatch.setattr(commands, "search", broken)
    monkeypatch.setenv("ATELIER_HOME", str(tmp_path))
    assert cli.main(["search", "x"]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and "KeyError" in err and str(tmp_path / "atelier.log") in err
    assert "Traceback" in (tmp_path / "atelier.log").read_text()


def test_a_reader_that_goes_away_ends_it_quietly(story, home):
    command = f"'{ATELIER}' search cat -k 50 | head -1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr and "Broken" not in done.stderr


def test_ctrl_c_ends_a_render_with_130_and_no_traceback(story, home, tmp_path):
    out = tmp_path / "made"
    process = subprocess.Popen(
        [ATELIER, "ask", "a dog on the beach", "--thread", "dog"],
        env=environment(home, ATELIER_STEPS="150"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        for line in process.stdout:
            if "Rendering" in line:
                break
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=90)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Traceback" not in err and "Stopped" in err
    assert not out.exists() and not list((home / "pictures" / "dog").glob("*.part"))
    assert (home / "threads" / "dog.jsonl").exists()  # the draft that was written before is kept
