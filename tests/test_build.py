"""The wiring: nothing opens before it is needed, everything opens once, and people see what is in use."""

import threading

import pytest
from library_kit import rows, scene
from rooms import Studio, plain_studio, settings
from test_tables import COLLECTION, NEW, OLD, collection

from agent import build as wiring
from agent.build import build
from tools.backends.errors import AtelierError, ChatModelError


def test_building_opens_nothing(tmp_path):
    studio = build(settings(tmp_path))
    assert (
        studio.parts() and studio.chat_model_name == "guide" and studio._opened == {} and not list(tmp_path.iterdir())
    )


def test_the_parts_say_what_is_built_in_and_how_to_get_the_real_ones(tmp_path):
    real = {"database": "clickhouse://me:secret@db.example:8123/x", "encoder": "openai/clip-vit-base-patch32",
            "image_model": "stabilityai/sd-turbo", "chat_model": "openai:gpt-4o-mini"}  # fmt: skip
    assert [part.part for part in build(settings(tmp_path)).parts() if part.built_in] == [
        "library",
        "encoder",
        "renderer",
        "chat model",
    ]
    parts = build(settings(tmp_path, **real)).parts()
    assert not any(part.built_in for part in parts) and "secret" not in str(parts)
    assert all("ATELIER_" in part.real or "OPENAI_" in part.real for part in parts)


def test_two_threads_open_a_part_once(tmp_path, monkeypatch):
    studio, opened, ready = build(settings(tmp_path)), [], threading.Barrier(4)

    def open_lineage():
        opened.append(1)
        return object()

    monkeypatch.setattr(studio, "_open_lineage", open_lineage)
    got = []

    def want():
        ready.wait()
        got.append(studio.lineage)

    threads = [threading.Thread(target=want) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [1] and len(set(map(id, got))) == 1


def test_a_closed_studio_opens_nothing_and_lets_go_of_the_library(tmp_path, monkeypatch):
    from pathlib import Path

    monkeypatch.setattr(wiring, "COLLECTION", Path("/nowhere"))
    with plain_studio(tmp_path) as studio:
        assert studio.library.count() == 0
    with pytest.raises(AtelierError, match="closed"):
        _ = studio.library
    with plain_studio(tmp_path) as again:
        assert again.library.count() == 0


def test_new_starter_weights_keep_what_a_person_saved_and_bring_their_collection(tmp_path, monkeypatch):
    monkeypatch.setattr(wiring, "COLLECTION", collection(tmp_path, OLD))
    with plain_studio(tmp_path) as studio:
        studio.library.add(rows(["mine"], OLD, {0: scene(0)}, id=["kept"], favourite=[True]))
    monkeypatch.setattr(wiring, "COLLECTION", collection(tmp_path, NEW))
    with plain_studio(tmp_path) as studio:
        studio._opened["encoder"] = NEW
        assert studio.library.count() == studio.library.picture_count() == 3
        assert [match.example.id for match in studio.finder.search(picture=scene(0), k=1)] == ["kept"]
        assert studio.finder.search(COLLECTION[1], k=1)[0].example.id == "s1"


def test_a_part_that_was_opening_while_the_studio_closed_is_closed_too(tmp_path, monkeypatch):
    studio, closed = build(settings(tmp_path)), []

    class Slow:
        def close(self):
            closed.append(self)

    def open_library():
        studio.close()
        return Slow()

    monkeypatch.setattr(studio, "_open_library", open_library)
    with pytest.raises(AtelierError, match="closed"):
        _ = studio.library
    assert len(closed) == 1 and studio._opened == {}


def test_warming_up_never_raises(tmp_path, monkeypatch):
    studio = build(settings(tmp_path, image_model=str(tmp_path / "nothing"), encoder=str(tmp_path / "nothing")))
    studio.warm()
    studio.close()


def test_openai_without_key_and_server_says_what_to_set(tmp_path):
    with pytest.raises(ChatModelError, match="OPENAI_API_KEY"):
        _ = Studio(settings(tmp_path, chat_model="openai:gpt-4o-mini")).chat_model


def test_what_the_settings_leave_open_is_the_models_to_say(tmp_path):
    assert Studio(settings(tmp_path, steps=0)).render_options == {}
    wished = Studio(settings(tmp_path, steps=9, guidance=0.0, size="64x64")).render_options
    assert wished == {"steps": 9, "guidance": 0.0, "size": "64x64"}


async def test_an_empty_library_is_told_and_no_obstacle(tmp_path, monkeypatch):
    from pathlib import Path

    from rooms import Chat, say

    monkeypatch.setattr(wiring, "COLLECTION", Path("/nowhere"))
    with plain_studio(tmp_path) as studio:
        told = await say(Chat(studio), "empty", "a cat on the sofa")
    assert told.pictures and "atelier ingest" in told.reply
