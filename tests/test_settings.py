"""Settings: typed, with defaults, and the same in the README as in the code."""

import dataclasses
import re
from pathlib import Path

import pytest

from agent.settings import Settings, environment_of, load_settings
from tools.backends.errors import BadInput

README = (Path(__file__).parent.parent / "README.md").read_text()


def test_with_an_empty_environment_everything_is_built_in(tmp_path):
    settings = load_settings({"ATELIER_HOME": str(tmp_path)})
    assert settings.chat == "guide"
    assert settings.library_dsn == f"chdb://{tmp_path / 'library'}"
    assert settings.encoder_path.endswith("starter/weights/clip")
    assert settings.image_model_path.endswith("starter/weights/diffusion")


def test_a_key_alone_switches_to_openai_and_the_guide_can_still_be_asked_for():
    assert load_settings({"OPENAI_API_KEY": "sk-x"}).chat.startswith("openai:")
    assert load_settings({"OPENAI_API_KEY": "sk-x", "ATELIER_CHAT_MODEL": "guide"}).chat == "guide"


def test_values_come_in_their_types():
    settings = load_settings({"ATELIER_PORT": "8123", "ATELIER_GUIDANCE": "4.5"})
    assert (settings.port, settings.guidance) == (8123, 4.5)


@pytest.mark.parametrize(
    ("name", "value"),
    [("ATELIER_PORT", "eight"), ("ATELIER_TIMEOUT", "soon"), ("ATELIER_PORT", "99999"), ("ATELIER_TIMEOUT", "nan")],
)
def test_a_wrong_value_names_the_variable_and_the_value(name, value):
    with pytest.raises(BadInput, match=f"{name}='{value}'"):
        load_settings({name: value})


def test_a_child_process_gets_no_empty_address_which_the_openai_client_would_take_for_one(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "")
    given = environment_of(load_settings({"OPENAI_API_KEY": "sk-x"}))
    assert (
        given["OPENAI_API_KEY"] == "sk-x" and "OPENAI_BASE_URL" not in given and given["ATELIER_FETCH_IMAGES"] == "no"
    )


def test_the_readme_lists_every_setting_with_its_own_sentence_and_no_other():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$", README, re.M)
    listed = {name: doc for name, _, doc in rows}
    known = {f.metadata["env"]: f.metadata["doc"] for f in dataclasses.fields(Settings)}
    assert listed == known
