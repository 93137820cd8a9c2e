"""What the guide does about a search with conditions: the library is looked through, and nothing is drawn."""

import dataclasses
from collections.abc import Generator
from typing import Any

from agent import lookups, telling
from agent.lookups import Asked
from agent.playing import Answer, Call, Seen, Step, Stuck, Turn, good
from tools.backends.queries import Query, called, query_of

TOOLS = ("search_prompts", "find_similar_pictures")
MOST = 20


def heard(seen: Seen) -> Asked | None:
    """The search with conditions that a message asks for, or the search before it as the message changes it."""
    if asked := lookups.asked(seen.words, seen.attached):
        picture = asked.query.picture
        if asked.about_picture and not picture:
            picture = "current" if seen.pictures and not seen.attached else "attached"
        return dataclasses.replace(asked, query=dataclasses.replace(asked.query, picture=picture))
    name, artifact = seen.offered or ("", {})
    if name not in TOOLS or seen.attached:
        return None
    more = lookups.follow(seen.words, query_of(artifact.get("query")), has_draft=seen.draft is not None)
    return Asked(query=more, about_picture=bool(more.picture)) if more else None


def search(turn: Turn, asked: Asked) -> Step:
    """Look, and tell what was found."""
    query = asked.query
    if not query.words and not query.picture:
        if not turn.prompt:
            raise Stuck('Examples of what? Say "find castles, wide, only my favourites", for instance.')
        query = dataclasses.replace(query, words=(turn.prompt,))
    found = yield from look(query, max(1, min(asked.count, MOST)))
    if found["matches"]:
        tell = telling.described if query.picture else telling.found
        turn.said.append(tell(found, label(query)))
    elif found.get("empty"):
        turn.said.append(str(found["empty"]))
    else:
        turn.said.append(
            f"Nothing in the library is {telling.quoted(label(query))}, all at once. Take one condition away, such as "
            f"“remove the {_last(query)} filter”."
        )
    if unknown := found.get(
        "unknown"
    ):  # a condition on what is not known of most leaves most out: the person should know
        turn.said.append(str(unknown))


def look(query: Query, limit: int = 6) -> Generator[Call, Answer, dict[str, Any]]:
    """Call the tool that the query is for."""
    args: dict[str, Any] = {"without": list(query.without)} if query.without else {}
    args |= {"where": [str(condition) for condition in query.where]} if query.where else {}
    args |= {"diverse": True} if query.diverse else {}
    args |= {"limit": limit} if limit != 6 else {}
    if query.picture:
        words = {"words": query.text} if query.words else {}
        return good((yield Call("find_similar_pictures", {"picture": query.picture} | words | args)))
    return good((yield Call("search_prompts", {"looks_like": query.text} | args)))


def label(query: Query) -> str:
    """The query in a sentence: "at night, without people, wide"."""
    parts = [*query.words, *(f"without {part}" for part in query.without), *(called(each) for each in query.where)]
    return ", ".join(parts + ["varied"] * query.diverse)


def _last(query: Query) -> str:
    return query.chips()[-1].text.strip("− ") if query.chips() else "last"
