"""What a model asks a search for, as one checked query. What cannot be used comes back as a sentence that says how to write it."""

from collections.abc import Sequence

from tools.backends.errors import BadInput
from tools.backends.filters import EXAMPLE, parse_filters
from tools.backends.queries import Query, listed, pieces

Listed = list[str] | str | None  # models write a single thing without its brackets


def asked(words: str, without: Listed, where: Listed, diverse: bool, picture: str = "") -> Query:
    """The query of a tool's arguments.

    Args:
        words: what is meant, comma by comma.
        without: what the examples must not show.
        where: conditions in the language of `filters`.
        diverse: whether they should differ.
        picture: the name of the picture that they should look like.

    Raises:
        BadInput: a condition is none, or there are too many; says how one is written, and where exclusions belong.
    """
    try:
        conditions = parse_filters(_conditions(where))
    except BadInput as error:
        raise BadInput(
            f"{error} What the examples must not show goes into `without`, what they show into words."
        ) from error
    return Query(
        words=pieces(words), picture=picture, without=listed(without or ()), where=tuple(conditions), diverse=diverse
    )


def _conditions(where: Listed) -> Sequence[str]:
    if isinstance(where, str):
        where = where.replace(" and ", ",").split(",") if '"' not in where else [where]
    return [each for each in where or () if each.strip()]


def told(query: Query) -> str:
    """A sentence for the model about what was asked for besides words, so that its answer can say so; or nothing."""
    parts = [f"without {', '.join(query.without)}"] * bool(query.without)
    parts += [f"where {' and '.join(map(str, query.where))}"] * bool(query.where)
    parts += ["as different as may be"] * query.diverse
    return f" ({'; '.join(parts)})" if parts else ""


NARROWER = f"Nothing in the library meets all of these conditions. Take one away or write it wider. {EXAMPLE}"
