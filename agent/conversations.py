"""The commands about whole conversations: history, conversation export, conversation replay, template.

Like commands.py: each takes the settings and the parsed options, answers on stdout, and returns its exit code.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.build import Studio, build
from agent.logs import clean_stdout
from agent.printing import Bar, ink, many, note, plain, safe, say
from agent.settings import Settings
from tools.backends import history as trees
from tools.backends import replaying, templates, transcripts
from tools.backends.errors import BadInput, NotFound
from tools.backends.records import as_json
from tools.backends.slots import conversation_template
from tools.backends.storage import PRIVATE, replacing

if TYPE_CHECKING:
    from tools.backends.lineage import Thread

MOST_NAMED = 8


def history(settings: Settings, options: argparse.Namespace) -> int:
    """Show every draft and picture of a conversation as a tree."""
    with clean_stdout(options.json) as answer, build(settings) as studio:
        thread = _thread(studio, options.thread)
        tree = trees.tree(thread.drafts, thread.pictures, thread.current_draft)
        if options.json:
            answer({"thread": thread.name, "drafts": [_node(node, thread) for node in tree.nodes]})
        else:
            for line in trees.lines(
                tree, favourites=thread.favourites, ratings=thread.ratings, checks=thread.checks, clean=plain
            ):
                say(line)
    return 0


def conversation(settings: Settings, options: argparse.Namespace) -> int:
    """Write a conversation to a file, or make one from a file again."""
    return _export(settings, options) if options.action == "export" else _replay(settings, options)


def template(settings: Settings, options: argparse.Namespace) -> int:
    """Give a conversation's prompt as a template with slots."""
    with clean_stdout(options.json) as answer, build(settings) as studio:
        thread = _thread(studio, options.thread)
        text = conversation_template(thread)
        read = templates.parse(text)
        variants = templates.count(read, templates.wildcards_in(settings.home / "wildcards"))
        if options.out:
            _write(options.out, (text + "\n").encode("utf-8", "replace"))
        if options.json:
            slots = [list(slot) for slot in templates.walk(read)]
            path = str(options.out) if options.out else None
            answer({"thread": thread.name, "template": text, "slots": slots, "variants": variants, "path": path})
        elif options.out:
            say(f"The template is in {options.out}: {many(variants, 'prompt')}.")
        else:
            say(safe(text))
            file = "--out FILE keeps it; atelier generate --template FILE -n 4 renders some."
            note(ink(f"{many(variants, 'prompt')}. {file}", "dim"))
    return 0


def template_text(said: str) -> str:
    """The template that a command line means: a file's text where there is such a file, else the words themselves.

    Raises:
        BadInput: a file that is not there or is too large.
    """
    try:
        path = Path(said)
        if path.is_file():
            if path.stat().st_size > 4 * templates.LONGEST:
                raise BadInput(f"{path.name} is too large: a template has at most {templates.LONGEST:,} characters.")
            return path.read_text(encoding="utf-8", errors="replace").rstrip("\r\n")
    except (OSError, ValueError):  # words that no file system takes for a name
        return said
    if path.suffix.lower() == ".txt" and "{" not in said:
        raise BadInput(f"There is no file {said}. `atelier template THREAD --out FILE` writes one.")
    return said


def _export(settings: Settings, options: argparse.Namespace) -> int:
    with clean_stdout(options.json) as answer, build(settings) as studio:
        thread = _thread(studio, options.thread)
        document = transcripts.export(thread)
        _write(options.file, transcripts.as_bytes(document))
        drafts, pictures = len(thread.drafts), len(thread.pictures)
        if options.json:
            answer({"thread": thread.name, "path": str(options.file), "drafts": drafts, "pictures": pictures})
        else:
            say(f"{many(drafts, 'draft')} and {many(pictures, 'recipe')} in {options.file}.")
    return 0


def _replay(settings: Settings, options: argparse.Namespace) -> int:
    with clean_stdout(options.json) as answer, build(settings) as studio:
        try:
            data = options.file.read_bytes() if options.file.stat().st_size <= transcripts.MOST_BYTES else None
        except OSError as error:
            raise NotFound(
                f"{options.file} cannot be read ({error.strerror}). Give the file of a conversation."
            ) from error
        if data is None:
            raise BadInput(
                f"{options.file} is too large: a conversation has at most {transcripts.MOST_BYTES // 2**20} MB."
            )
        transcript = transcripts.read(data)
        thread = studio.lineage.thread(options.thread or _new_name(studio, transcript.name))
        bar = Bar("Rendering")
        try:
            made = replaying.replay(
                transcript,
                thread,
                studio.renderer,
                on_step=lambda step, steps, picture, of: bar.update(step, steps, f"Rendering {picture}/{of}"),
            )
        finally:
            bar.close()
        if options.json:
            answer(made.as_json())
            return 0
        same = {True: ink("the same pixels", "green"), False: ink("other pixels", "amber"), None: "not compared"}
        for one in made.pictures:
            say(f"{one.picture.name}: {same[one.identical]}  {safe(one.picture.path)}")
        for one in made.pictures:
            if one.begun == "with noise":
                say(
                    f"{one.picture.name.capitalize()} began with a picture or a mask that the file does not hold; it was rendered from noise."
                )
            elif one.begun == "otherwise":
                say(f"{one.picture.name.capitalize()} began with a picture that came out otherwise here.")
        if not made.same_model and made.models:
            was = plain(", ".join(made.models))
            say(f"It was made with another model ({was}); here it is rendered with {plain(made.rendered_with)}.")
        elif any(one.identical is False and one.begun == "as then" for one in made.pictures):
            say("The model is the same; another device or other library versions change small details.")
        compared = [one for one in made.pictures if one.identical is not None]
        identical = sum(one.identical is True for one in compared)
        say(f"{many(made.drafts, 'draft')}; {identical} of {many(len(compared), 'picture')} identical.")
        note(ink(f"Go on with: atelier ask --thread {made.thread} …", "dim"))
    return 0


def _thread(studio: Studio, said: str) -> "Thread":
    """The conversation of that name, which must hold something.

    Raises:
        NotFound: there is none; names those that there are.
    """
    names = studio.lineage.threads()
    begun = [name for name in names if len(said) >= 4 and name.startswith(said)]
    if said in names or len(begun) == 1:
        return studio.lineage.thread(said if said in names else begun[0])
    thread = studio.lineage.thread(said)
    if thread.drafts or thread.pictures:
        return thread
    if not names:
        raise NotFound('There is no conversation yet. Begin one: atelier ask "a cat on a sofa" --thread cat')
    known = ", ".join(plain(name) for name in names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
    raise NotFound(f"There is no conversation {said[:80]!r}. The last ones: {known}.")


def _new_name(studio: Studio, name: str) -> str:
    """A name for the replay that no conversation has yet."""
    taken = set(studio.lineage.threads())
    base = f"{' '.join(name.split())[:60] or 'conversation'}-replay"
    number = 1
    while (new := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return new


def _node(node: Any, thread: "Thread") -> dict[str, Any]:
    """One draft of `history --json`, with its pictures."""
    by_name = {picture.name: picture for picture in thread.pictures}
    favourites, ratings, checks = thread.favourites, thread.ratings, thread.checks
    pictures = [
        {
            "name": name,
            "path": by_name[name].path,
            "parent": by_name[name].parent,
            "favourite": favourites.get(name),
            "verdict": ratings.get(name),
            "missing": list(checks[name].missing) if name in checks else None,
        }
        for name in node.pictures
    ]
    return {**as_json(node.draft), "depth": node.depth, "current": node.current, "pictures": pictures}


def _write(path: Path, data: bytes) -> None:
    """Write the file that the person named, in place of one that is there, wholly or not at all, for this user alone."""
    if path.is_dir():
        raise BadInput(f"{path} is a folder. Give the name of a file.")
    with replacing(path, PRIVATE) as temporary:
        temporary.write_bytes(data)
