"""What a thread is called: on disk, by people, and in other threads that speak of its pictures."""

import dataclasses
import hashlib
import json
import re
from pathlib import Path

from tools.backends.errors import BadInput
from tools.backends.references import Known

_PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
OUTSIDE = re.compile(
    r"(?P<picture>picture \d{1,6}) (?:(?:of|from) (?:(?:the )?(?:thread|conversation|chat) )?"
    r"|in (?:the )?(?:thread|conversation|chat) )(?P<of>.+)"  # a bare "in" is of what it shows: "picture 1 in neon"
)
_UUID = re.compile(r"([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def key_of(name: str) -> str:
    """The file name for a thread's name: itself if it is plain, else a readable piece of it and a hash.

    Strangers choose thread names, so nothing but `a-z 0-9 _ - ~` comes out; `~` keeps hashed keys apart from plain ones.

    Raises:
        BadInput: the name is empty.
    """
    if not name.strip():
        raise BadInput("A conversation needs a name. Give one, such as `--thread cat`.")
    if _PLAIN_NAME.fullmatch(name):
        return name
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    return f"{slug or 'thread'}~{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def name_in(log: Path) -> str:
    """The name that a thread was given, from the first record of its log."""
    try:
        with log.open("rb") as lines:
            return str(json.loads(lines.readline())["value"]["name"])
    except (OSError, ValueError, KeyError, TypeError):
        return log.stem


def outside(known: Known, key: str) -> Known:
    """A picture as another thread may speak of it: named after its own thread, and without a draft there."""
    picture = known.picture
    of = f" of {short(key)}"
    parent = None if picture.parent is None else picture.parent + of
    return dataclasses.replace(
        known, picture=dataclasses.replace(picture, name=picture.name + of, parent=parent, draft=None)
    )


def short(key: str) -> str:
    """A thread's key as people can say it: the page's threads have UUIDs, whose first piece is enough."""
    match = _UUID.fullmatch(key)
    return match[1] if match else key
