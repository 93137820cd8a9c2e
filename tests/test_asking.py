"""`atelier ask`'s two views of a turn: what the terminal is given, and what the document keeps. Pure."""

import pytest

from agent import cli
from agent.asking import TOOL_TITLES, Document, Terminal
from agent.build import all_tools
from agent.events import (
    Event,
    ExamplesFound,
    FavouriteSaved,
    FavouritesListed,
    RenderProgress,
    TextChunk,
    ToolFinished,
    ToolStarted,
    TurnEnded,
)
from agent.printing import safe
from tools.backends.errors import BadInput
from tools.backends.records import Example, Match, Saved

DRIVING = "a cat\x1b[2J\x07\x9b31m\u202e, neon"
HIT = Match(rank=1, example=Example(id=DRIVING, prompt=DRIVING), score=1.0)


@pytest.mark.parametrize(
    "event",
    [
        TextChunk(DRIVING),
        ToolStarted("t", DRIVING, {"looks_like": DRIVING}),
        ToolFinished("t", "search_prompts", DRIVING, True),
        ExamplesFound("t", (HIT,)),
        FavouritesListed("t", (HIT,)),
    ],
)
def test_no_stranger_s_text_drives_the_terminal(event: Event, capsys):
    Terminal().see(event)
    printed = capsys.readouterr().out
    assert "a cat" in printed and printed == safe(printed)


def test_a_sequence_that_comes_in_pieces_does_not_either(capsys):
    terminal = Terminal()
    for piece in DRIVING:
        terminal.see(TextChunk(piece))
    assert capsys.readouterr().out == "a cat [2J  31m , neon"


def test_lines_tabs_and_every_script_s_letters_are_shown_as_they_are():
    assert safe("ein Kätzchen\n\t一只猫 🐱") == "ein Kätzchen\n\t一只猫 🐱"


def test_an_error_that_quotes_a_stranger_is_one_plain_line(monkeypatch, capsys):
    def fails(_: object) -> int:
        raise BadInput(f"There is no {DRIVING}\nhere.")

    monkeypatch.setattr(cli, "_run", fails)
    assert cli.main(["doctor"]) == 1
    assert capsys.readouterr().err == "There is no a cat [2J 31m , neon here.\n"


def test_the_bar_is_cleared_away_once_and_never_the_answer_after_it(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    terminal = Terminal()
    for event in (
        RenderProgress(1, 2),
        TextChunk("Here "),
        TextChunk("is "),
        TextChunk("picture 1."),
        TurnEnded("guide"),
    ):
        terminal.see(event)
    terminal.close()
    printed = capsys.readouterr()
    assert printed.out == "Here is picture 1.\n" and printed.err.endswith("1/2\r\x1b[2K")
    assert printed.err.count("\x1b[2K") == 2, "once to draw, once to clear"


def test_every_tool_has_a_title():
    assert set(TOOL_TITLES) == {tool.name for tool in all_tools(None)}  # type: ignore[arg-type]


def test_a_list_of_favourites_has_no_search_ranks_and_a_save_has():
    document = Document("thread")
    document.see(FavouritesListed("t", (Match(rank=1, example=Example(id="kept", prompt="a cat"), score=1.0),)))
    document.see(FavouriteSaved("t", Saved(id="new", picture="picture 1", rank=3, picture_rank=1)))
    assert document.json()["favourites"] == [{"id": "kept", "rank": None}, {"id": "new", "rank": 3}]
