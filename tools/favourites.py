"""The tools that keep pictures: save one to the library, and prove that it is found again; list them; remove one."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from langchain_core.tools import BaseTool, tool

from tools import fence
from tools.backends.database import content_key
from tools.backends.errors import NotFound
from tools.backends.pictures import open_picture, thumbnail
from tools.backends.recipes import recipe_to_json
from tools.backends.records import Example, Match, Picture, Saved, as_json
from tools.backends.storage import translated, write_new
from tools.context import Backends, Runtime
from tools.taste import learn, learn_removal, quietly

LOOKED_AT = 20  # ranks beyond this are "not among the first 20"
MOST_LISTED = 50


def make(parts: Backends) -> list[BaseTool]:
    """The tools `save_favourite`, `list_favourites` and `remove_favourite` over these parts."""

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def save_favourite(runtime: Runtime, picture: str = "current") -> tuple[str, dict[str, Any]]:
        """Keep a picture in the library, so that later searches find it; then search for it and report its rank.

        Args:
            picture: "current", or a picture of this conversation, such as "picture 2".
        """
        thread = runtime.context.thread
        found = thread.resolve(picture)
        known = thread.favourite_of(found)
        already = bool(known and parts.library.get([known]))
        if already and known:
            id = known
        else:
            id, already = _keep(parts, found, _file_name(found))
            thread.add_favourite(found, id)
        note = "" if already else quietly(learn, parts, thread, found, "saved")
        saved = _prove(parts, id, found)
        runtime.context.report.saved(runtime.tool_call_id or "", saved)
        what = "was saved before, and is kept once" if already else "is saved"
        answer = (
            f"{found.name} {what} (favourite {fence.short(id)}). Searched for, the library finds it {_ranked(saved.rank)} by its words "
            f"and {_ranked(saved.picture_rank)} by its picture.{note}"
        )
        return answer, {"saved": as_json(saved), "already": already}

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def list_favourites(runtime: Runtime) -> tuple[str, dict[str, Any]]:
        """List the saved pictures, newest first, with their ids."""
        listed = _listed(parts)
        runtime.context.report.listed(runtime.tool_call_id or "", listed)
        if not listed:
            return "There are no favourites yet.", {"matches": []}
        more = " (the newest ones)" if len(listed) == MOST_LISTED else ""
        return f"{len(listed)} favourites{more}, newest first:\n{fence.examples(listed)}", {"matches": as_json(listed)}

    @tool(parse_docstring=True, response_format="content_and_artifact")
    def remove_favourite(runtime: Runtime, id: str) -> tuple[str, dict[str, Any]]:
        """Take a favourite out of the library again. The conversation keeps its picture.

        Args:
            id: The favourite's id from list_favourites, or the name of a saved picture of this conversation, such as "picture 2".
        """
        found = _favourite(parts, runtime, id)
        parts.library.remove(found.id)
        runtime.context.thread.remove_favourite(found.id)
        _forget_copy(found, parts.home)
        note = quietly(learn_removal, parts, found, runtime.context.thread)
        return f"Favourite {fence.short(found.id)} is removed.{note}", {"removed": found.id, "prompt": found.prompt}

    return [save_favourite, list_favourites, remove_favourite]


def _file_name(picture: Picture) -> str:
    """A name for the copy that is the same from whatever conversation it is saved: its own conversation and number."""
    own, _, _ = picture.name.partition(" of ")
    return f"{Path(picture.path).parent.name}-{own}"


def _keep(parts: Backends, picture: Picture, name: str) -> tuple[str, bool]:
    """Copy the file, then add the row with its vectors, thumbnail and recipe, unless another conversation did so before.

    Gives the library id, and whether it was there.
    """
    import pyarrow as pa

    source = Path(picture.path)
    image = open_picture(source)
    copy = _copy(source, parts.home / "favourites" / f"{re.sub(r'[^a-z0-9~_-]+', '-', name)}.png")
    recipe, url, small = recipe_to_json(picture.recipe), copy.as_uri(), thumbnail(image)
    id = content_key(picture.recipe.prompt, url, recipe)
    if parts.library.get([id]):
        return id, True
    row = {
        "id": id, "prompt": picture.recipe.prompt, "url": url, "width": image.width, "height": image.height,
        "source_site": "atelier", "favourite": True, "recipe": recipe, "thumbnail": small, "source": str(copy),
        "prompt_vector": parts.encoder.texts([picture.recipe.prompt])[0].tolist(),
        "picture_vector": parts.encoder.pictures([image])[0].tolist(),
    }  # fmt: skip
    vector = pa.list_(pa.float32())
    columns = {key: pa.array([value], type=vector if key.endswith("_vector") else None) for key, value in row.items()}
    parts.library.add(pa.table(columns))
    return id, False


def _copy(source: Path, target: Path) -> Path:
    """The picture's copy among the favourites; one that is there already with the same bytes is taken."""
    with translated(target.parent):
        data = source.read_bytes()
        if target.exists() and target.read_bytes() == data:
            return target
    return write_new(target, data)


def _prove(parts: Backends, id: str, picture: Picture) -> Saved:
    """Ask the library for what was just saved, by its words and by its picture."""
    by_words = parts.finder.search(words=picture.recipe.prompt, k=LOOKED_AT)
    by_picture = parts.finder.describe(open_picture(Path(picture.path)), k=LOOKED_AT)
    return Saved(id=id, picture=picture.name, rank=_rank(by_words, id), picture_rank=_rank(by_picture.matches, id))


def _rank(matches: Sequence[Match], id: str) -> int | None:
    return next((match.rank for match in matches if match.example.id == id), None)


def _ranked(rank: int | None) -> str:
    return f"at rank {rank}" if rank else f"not among the first {LOOKED_AT}"


def _listed(parts: Backends) -> list[Match]:
    return [Match(rank=n, example=row, score=0.0) for n, row in enumerate(parts.library.favourites()[:MOST_LISTED], 1)]


def _favourite(parts: Backends, runtime: Runtime, said: str) -> Example:
    """The favourite that an id, its beginning, or a picture's name means; never one that only might be meant."""
    rows = parts.library.favourites()
    wanted = said.strip().strip("#").lower()
    hits = [row for row in rows if row.id == wanted] or [
        row for row in rows if len(wanted) >= 4 and row.id.startswith(wanted)
    ]
    if not hits and "picture" in wanted:
        id = runtime.context.thread.favourite_of(runtime.context.thread.resolve(wanted))
        hits = [row for row in rows if row.id == id]
    if len(hits) == 1:
        return hits[0]
    if not rows:
        raise NotFound("There are no favourites yet.")
    raise NotFound(
        f"No single favourite is called {said[:80]!r}. Their ids: {', '.join(fence.short(row.id) for row in rows[:20])}."
    )


def _forget_copy(found: Example, home: Path) -> None:
    """Delete the copy that saving made; only ever a file of our own favourites folder."""
    path = Path(unquote(urlsplit(found.url).path)) if found.url.startswith("file:") else None
    folder = (home / "favourites").resolve()
    if path is not None and path.resolve().parent == folder:
        with translated(folder):
            path.unlink(missing_ok=True)
