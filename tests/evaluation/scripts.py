"""The scripts of conversations: YAML files into checked records. Reads files; plays and judges nothing.

A file holds conversations of one kind of wish:

    kind: style
    conversations:
      - name: a castle in watercolor
        turns:
          - say: a castle in a meadow
            calls: {idea: a castle in a meadow}
            shows: {subject: castle, place: meadow}
          - say: make it a watercolor
            calls: {change: {add: [watercolor]}}
            shows: {style: watercolor}

`calls` is what a well-behaved language model would call, in order: names of tools with their arguments (a lone value is the
tool's first argument), `idea` (search, begin a draft with these words, render) and `change` (search, change, render with the
same seed). What a turn should come to follows from its calls, unless the turn says otherwise; see `Said`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starter.data import ATTRIBUTES
from tools.backends.errors import BadInput

FOLDER = Path(__file__).resolve().parent.parent / "conversations"
FEWEST, MOST = 3, 8  # turns of a conversation
FIRST_ARGUMENT = {
    "search_prompts": "looks_like", "generate_picture": "seed", "save_favourite": "picture", "remove_favourite": "id",
    "explain_change": "phrase", "preview_prompt": "words", "check_picture": "picture", "mend_picture": "picture",
    "weigh_phrases": "picture", "rate_picture": "verdict", "taste_card": "action", "keep_conversation": "kind",
    "prompt_first": "on", "find_similar_pictures": "words",
}  # fmt: skip
LOOKING = frozenset(("search_prompts", "find_similar_pictures"))  # a model may look before it acts, or not
TURN_KEYS = frozenset(
    "say kind attach calls shows touches makes parent seed at prompt_as locks unlocks saves finds verdict removed "
    "shown tools says answer negative".split()
)


@dataclass(frozen=True)
class Step:
    """One call that a well-behaved model would make. A text as arguments goes out as it is, to be no JSON.

    In refine_prompt's arguments `add`, `remove` and `replace` stand for `changes`; the ids to cite are copied from what the
    model was shown, unless `cites` forges them; `company` asks for that many neutral phrases of the search besides.
    """

    tool: str
    args: Mapping[str, Any] | str = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message of the person, and what it should come to. Pictures are counted as the script counts them, from 1."""

    say: str
    kind: str
    steps: tuple[Step, ...] = ()
    attach: int | None = None  # the picture that is dropped in with the words
    shows: Mapping[str, str] = field(default_factory=dict)  # attributes that the new pictures shall show
    touches: tuple[str, ...] = ()  # words whose phrases may change besides those of the attributes in `shows`
    makes: int | None = 0  # new pictures; None: any number
    parent: int | None = None  # the picture that is refined; None: the current one, or none for a new idea; 0: any
    new_idea: bool = False
    seed: str = "same"  # of the first new picture: "same" as its parent's, "new", a number, or "any"
    at: int | None = None  # the picture that is the current one afterwards
    prompt_as: int | None = None  # the picture whose prompt the current draft has afterwards, byte for byte
    locks: tuple[str, ...] = ()  # words that are locked from now on
    unlocks: tuple[str, ...] = ()  # words that are free again; "all" for all
    saves: int | None = None  # the picture that is saved and found at rank 1; 0: the current one
    finds: Mapping[str, str] = field(default_factory=dict)  # attributes that most of the found examples have
    verdict: str = ""  # on a dropped picture
    removed: bool = False  # a favourite is gone from the library
    shown: str = ""  # the record that is shown, such as "Tree"
    tools: tuple[str, ...] = ()  # that must have done their work
    mends: bool = False
    says: str = ""  # a pattern that the answer holds
    answer: str = ""  # the scripted model's last words, where it is not to find its own
    negative: tuple[str, ...] = ()  # words that the negative prompt holds afterwards


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """A script: turns that follow one another in one thread."""

    name: str
    kind: str
    turns: tuple[Said, ...]


def load(folder: Path = FOLDER, only: str = "") -> list[Conversation]:
    """The conversations of a folder's files, in order; with `only` those of one kind, one name, or one file.

    Raises:
        BadInput: a file is no script, says which and where; or nothing is left.
    """
    path = Path(only)
    files = [path] if only.endswith(".yaml") and path.exists() else sorted(folder.glob("*.yaml"))
    found = [conversation for file in files for conversation in load_file(file)]
    if only and files != [path]:
        found = [c for c in found if only in (c.kind, c.name, f"{c.kind}.yaml")]
    if not found:
        kinds = ", ".join(file.stem for file in sorted(folder.glob("*.yaml")))
        raise BadInput(f"No conversation is called {only!r}. ONLY takes a file, a name, or one of the kinds {kinds}.")
    return found


def load_file(file: Path) -> list[Conversation]:
    """The conversations of one file.

    Raises:
        BadInput: it is no script; says where.
    """
    import yaml

    try:
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
        return [_conversation(one, str(told["kind"])) for one in told["conversations"]]
    except (yaml.YAMLError, TypeError, KeyError, ValueError) as error:
        raise BadInput(f"{file.name} is no script of conversations: {type(error).__name__}: {error}") from error


def _conversation(told: Mapping[str, Any], kind: str) -> Conversation:
    name = str(told["name"])
    turns: list[Said] = []
    for number, turn in enumerate(told["turns"], 1):
        try:
            turns.append(_said(turn, kind))
        except (TypeError, KeyError, ValueError) as error:
            raise ValueError(f"{name!r}, turn {number}: {error}") from error
    if not FEWEST <= len(turns) <= MOST:
        raise ValueError(f"{name!r} has {len(turns)} turns, not {FEWEST} to {MOST}")
    return Conversation(name=name, kind=kind, turns=tuple(turns))


def _said(told: Mapping[str, Any], kind: str) -> Said:
    if strange := set(told) - TURN_KEYS:
        raise ValueError(f"nothing here is called {', '.join(sorted(strange))}")
    steps = tuple(step for call in _listed(told.get("calls")) for step in _steps(call, told["say"]))
    refined = [step.args for step in steps if step.tool == "refine_prompt" and isinstance(step.args, Mapping)]
    new_idea = any("start" in args for args in refined)
    renders = [step.args for step in steps if step.tool == "generate_picture" and isinstance(step.args, Mapping)]
    made = sum(int(args.get("variations", 1)) for args in renders)
    bases = [str(args["base"]) for args in (*refined, *renders) if args.get("base")]
    based = next((int(m[1]) for base in bases if (m := re.fullmatch(r"picture (\d+)", base))), None)
    mends = any(step.tool == "mend_picture" for step in steps)
    saved = "save_favourite" in {step.tool for step in steps}
    tools = tuple(
        dict.fromkeys(step.tool for step in steps if step.tool not in LOOKING and isinstance(step.args, Mapping))
    )
    shows = {str(name): str(value) for name, value in (told.get("shows") or {}).items()}
    for name, value in [*shows.items(), *(told.get("finds") or {}).items()]:
        if value not in ATTRIBUTES[name]:
            raise ValueError(f"the starter world has no {name} {value!r}")
    makes = told.get("makes", None if mends else made)
    own = {"kind": "idea" if new_idea else kind, "tools": tools, "seed": "any" if new_idea else "same"}
    if renders and not new_idea:
        own["seed"] = str(renders[0].get("seed", "same"))
    for key in ("locks", "unlocks"):
        words = [word for args in refined for word in args.get(key[:-1]) or ()]
        own[key] = tuple(words)
    given = {key: told[key] for key in TURN_KEYS & set(told) - {"calls", "shows", "makes", "parent", "saves"}}
    for key in ("touches", "locks", "unlocks", "tools", "negative"):
        if key in given:
            given[key] = tuple(map(str, _listed(given[key])))
    given |= {key: str(given[key]) for key in ("seed", "say", "kind") if key in given}
    return Said(
        **{**own, **given}, steps=steps, shows=shows, makes=None if makes == "any" else makes, new_idea=new_idea, mends=mends,
        parent=0 if told.get("parent") == "any" else told.get("parent", based), saves=told.get("saves", 0 if saved else None),
    )  # fmt: skip


def _listed(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, list) else [value]


def _steps(call: Any, say: str) -> list[Step]:
    """The steps of one entry of `calls`; an idea without words of its own begins with what was said."""
    name, given = (call, {}) if isinstance(call, str) else next(iter(call.items()))
    if isinstance(call, Mapping) and len(call) != 1:
        raise ValueError(f"a call names one tool, not {', '.join(call)}")
    if name == "idea":
        args = {"start": given or say} if isinstance(given, str) or not given else dict(given)
        more = {"variations": args.pop("variations")} if "variations" in args else {}
        looks_like = ", ".join([args["start"], *args.get("add", ())])
        refined = {"company": 2, **args}
        return [
            Step("search_prompts", {"looks_like": looks_like}),
            Step("refine_prompt", refined),
            Step("generate_picture", more),
        ]
    if name == "change":
        new = [*given.get("add", ()), *given.get("replace", {}).values()]
        look = [Step("search_prompts", {"looks_like": ", ".join(new)})] if new else []
        return [*look, Step("refine_prompt", given), Step("generate_picture", {"seed": "same"})]
    if name == "broken":  # what a model sent that cannot write JSON
        return [Step(given["tool"], str(given["args"]))]
    if isinstance(given, Mapping):
        return [Step(name, given)]
    return [Step(name, {FIRST_ARGUMENT[name]: given})]


def pictures_of(turns: Sequence[Said]) -> int:
    """How many pictures these turns make, as the script counts."""
    return sum(turn.makes or 0 for turn in turns)
