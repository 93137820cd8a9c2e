"""The commands about whole conversations, through `main`: history, export, replay, template; with a renderer of arithmetic."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rooms import plain_studio

from agent import commands, conversations, reporting, telling
from agent.cli import main
from tools import generate_picture, keep_conversation, show_history
from tools.backends import transcripts
from tools.backends.lineage import Lineage, Thread
from tools.backends.records import Change, FileKept, Tree

SETTINGS = ("--steps", "3", "--guidance", "5")


class Told:
    """Takes what tools report."""

    def __init__(self) -> None:
        self.shown: list[Any] = []

    def show(self, tool_id: str, record: Any) -> None:
        self.shown.append(record)

    def pictured(self, *_: Any) -> None: ...
    def progressed(self, *_: Any) -> None: ...


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose commands work with the plain renderer, and a conversation "cat" in it."""
    home = tmp_path / "home"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATELIER_HOME", str(home))
    for module in (conversations, commands):
        monkeypatch.setattr(module, "build", lambda settings: plain_studio(settings.home))
    thread = Lineage(home).thread("cat")
    for prompt, parent, request in (
        ("a cat on a sofa", None, "a cat"),
        ("a dog on a sofa", 1, "a dog"),
        ("a dog on a sofa, neon", 2, "neon"),
    ):
        changes = [Change(kind="added", phrase="neon", source="person")] if parent == 2 else []
        thread.add_draft(prompt, parent=parent, request=request, changes=changes)
        call(generate_picture, home, thread)
    thread.rate("picture 2", "up")
    return home


def call(module: Any, home: Path, thread: Thread, **args: Any) -> tuple[str, Any, Told]:
    """Calls a tool as the agent would."""
    told = Told()
    context = SimpleNamespace(thread=thread, words="", report=told, stop=None, drafts_before=None, attachments=())
    runtime = SimpleNamespace(context=context, tool_call_id="call", state={"messages": []})
    answer, artifact = module.make(plain_studio(home)).func(runtime=runtime, **args)
    assert json.loads(json.dumps(artifact)) == artifact
    return answer, artifact, told


@pytest.fixture
def run(home: Path, capfd: pytest.CaptureFixture[str]) -> Any:
    """Runs a command line and gives its exit code, its document or its text, and stderr."""

    def run(*argv: str) -> tuple[int, Any, str]:
        capfd.readouterr()
        code = main(argv)
        out, err = capfd.readouterr()
        return code, json.loads(out) if "--json" in argv and out else out, err

    return run


def test_history_shows_the_tree_as_text_and_as_a_document(run: Any):
    code, text, _ = run("history", "cat")
    assert code == 0
    assert text.splitlines()[0] == "draft 1 → picture 1"
    assert "draft 2 → picture 2 👍" in text.splitlines() and "   + neon" in text.splitlines()
    code, document, _ = run("history", "cat", "--json")
    assert [(d["number"], d["parent"], [p["name"] for p in d["pictures"]]) for d in document["drafts"]] == [
        (1, None, ["picture 1"]), (2, 1, ["picture 2"]), (3, 2, ["picture 3"]),
    ]  # fmt: skip
    assert document["drafts"][1]["pictures"][0]["verdict"] == "up" and document["drafts"][2]["current"]
    code, _, err = run("history", "dog")
    assert code == 1 and "There is no conversation 'dog'. The last ones: cat." in err


def test_a_conversation_goes_out_and_comes_back_with_the_same_pictures(run: Any, home: Path, tmp_path: Path):
    file = tmp_path / "cat.json"
    assert run("conversation", "export", "cat", str(file), "--json")[:2] == (
        0, {"thread": "cat", "path": str(file), "drafts": 3, "pictures": 3},
    )  # fmt: skip
    assert file.stat().st_mode & 0o777 == 0o600, "as private as the conversation"
    code, made, _ = run("conversation", "replay", str(file), "--json")
    assert (code, made["thread"], made["drafts"], made["identical"], made["different"]) == (0, "cat-replay", 3, 3, 0)
    assert made["same_model"] and made["model"] == {"then": ["plain"], "now": "plain"}
    was, now = Lineage(home).thread("cat"), Lineage(home).thread("cat-replay")
    assert [p.recipe for p in now.pictures] == [p.recipe for p in was.pictures] and now.drafts == was.drafts
    assert all(Path(p["path"]).is_file() and p["identical"] for p in made["pictures"])

    code, text, err = run("conversation", "replay", str(file))
    assert code == 0 and "3 of 3 pictures identical" in text and "--thread cat-replay-2" in err
    code, _, err = run("conversation", "replay", str(file), "--thread", "cat")
    assert code == 1 and "--thread NAME" in err


def test_a_replay_with_another_model_says_so(run: Any, home: Path, tmp_path: Path):
    document = transcripts.export(Lineage(home).thread("cat"))
    for event in document["events"]:
        if event["kind"] == "picture":
            event["value"]["recipe"] |= {"model": "grand \x1b[31mmodel", "model_hash": "ffffffffff"}
            event["pixels"] = "0" * 64
    (tmp_path / "other.json").write_bytes(transcripts.as_bytes(document))
    code, text, _ = run("conversation", "replay", str(tmp_path / "other.json"))
    assert (
        code == 0 and "another model (grand" in text and "0 of 3 pictures identical" in text and "\x1b[31m" not in text
    )


@pytest.mark.parametrize(("name", "data"), [("broken.json", b"{"), ("none.json", None), ("strange.json", b"[1, 2]")])
def test_a_file_that_is_none_is_one_sentence_and_nothing_is_made(
    run: Any, home: Path, tmp_path: Path, name: str, data: bytes | None
):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    code, _, err = run("conversation", "replay", str(tmp_path / name))
    assert code == 1 and err.count("\n") == 1
    assert Lineage(home).threads() == ("cat",)


def test_a_template_has_slots_where_the_conversation_changed_and_generate_fills_them(run: Any, tmp_path: Path):
    code, document, _ = run("template", "cat", "--json")
    assert (code, document["template"], document["variants"]) == (0, "a {dog|cat} on a sofa{, neon|}", 4)
    assert document["slots"] == [["dog", "cat"], [", neon", ""]]
    file = tmp_path / "cat.txt"
    assert run("template", "cat", "--out", str(file))[0] == 0
    assert file.stat().st_mode & 0o777 == 0o600, "it is made of what they said"
    out = ("--out", str(tmp_path / "made"), "--json")
    fill = ("generate", "--template", str(file), "-n", "4", "--seed", "5", *SETTINGS, *out)
    made, again = run(*fill)[1], run(*fill)[1]
    prompts = [picture["recipe"]["prompt"] for picture in made["pictures"]]
    assert sorted(prompts) == ["a cat on a sofa", "a cat on a sofa, neon", "a dog on a sofa", "a dog on a sofa, neon"]
    assert [picture["recipe"]["seed"] for picture in made["pictures"]] == [5, 6, 7, 8]
    assert [picture["recipe"]["prompt"] for picture in again["pictures"]] == prompts


def test_a_template_may_stand_on_the_command_line_and_name_a_file_of_words(run: Any, home: Path, tmp_path: Path):
    (home / "wildcards").mkdir()
    (home / "wildcards" / "mood.txt").write_text("calm\n")
    out = str(tmp_path / "made")
    _, made, _ = run("generate", "--template", "a __mood__ {cat|cat}", *SETTINGS, "--out", out, "--json")
    assert made["pictures"][0]["recipe"]["prompt"] == "a calm cat"
    for template, said in (
        ("a {cat", "without its }"),
        ("__nobody__", "no wildcard"),
        ("nowhere.txt", "no file nowhere.txt"),
    ):
        code, _, err = run("generate", "--template", template, "--out", out)
        assert code == 1 and said in err


@pytest.mark.parametrize(
    "argv", [("generate",), ("generate", "a cat", "--template", "{a|b}"), ("conversation",), ("history",)]
)
def test_wrong_usage_is_2(argv: tuple[str, ...], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2 and "usage: atelier" in capsys.readouterr().err


def test_the_assistant_keeps_the_conversation_and_its_template_as_new_files(home: Path):
    thread = Lineage(home).thread("cat")
    for kind, name in (("conversation", "cat.json"), ("conversation", "cat-2.json"), ("template", "cat.template.txt")):
        answer, artifact, told = call(keep_conversation, home, thread, kind=kind)
        assert told.shown == [FileKept(kind=kind, path=str(home / "conversations" / name))]
        assert Path(told.shown[0].path).stat().st_mode & 0o777 == 0o600, "as private as the conversation"
        assert name in answer and str(home) not in answer and artifact["kept"]["path"] == told.shown[0].path
        assert f" is in {telling.shortened(told.shown[0].path, 400)}" in reporting.kept(artifact, kind)
    assert transcripts.read((home / "conversations" / "cat.json").read_bytes()).pictures[2].name == "picture 3"
    assert (home / "conversations" / "cat.template.txt").read_text() == "a {dog|cat} on a sofa{, neon|}\n"
    assert isinstance(call(show_history, home, thread)[2].shown[0], Tree)


def test_a_picture_of_another_conversation_is_rendered_again_from_its_own_prompt(home: Path):
    thread = Lineage(home).thread("new")
    thread.add_draft("a boat")
    _, artifact, _ = call(generate_picture, home, thread, base="picture 3 of cat", seed="same")
    made = thread.pictures[-1]
    assert (made.recipe.prompt, made.parent) == ("a dog on a sofa, neon", "picture 3 of cat")
    assert made.recipe.seed == Lineage(home).thread("cat").pictures[2].recipe.seed
    assert artifact["pictures"][0]["name"] == "picture 1"
