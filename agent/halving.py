"""A piece of a message that holds two wishes with no comma between them, cut in two. Pure.

`one` reads a single piece: the words, and whether there is a prompt that they could change.
"""

import re
from collections.abc import Callable

from agent import chatter, vocabulary
from agent.changing import kind_of
from agent.paraphrasing import unpolite
from agent.wording import COUNT, Wish

Reader = Callable[[str, bool], Wish]


def scene_and_ban(piece: str, one: Reader) -> list[str]:
    """ "mountain at dawn without any people" → the idea, and what it must not show."""
    match = re.search(
        r",? (?:but )?(?:without|with no) (?:any )?(?=\S)(?!(?:asking|showing|changing|touching|a render|rendering)\b)",
        piece,
    )
    if match and chatter.FRAME.fullmatch(piece[: match.start()].lower()):
        return [f"without {piece[match.end() :]}"]
    if (
        match is None
        or match.start() < 3
        or one(piece[: match.start()], False).kind != "idea"
        or re.match(r"\W*(?:add|make|remove|replace|put|change|keep|picture \d)\b", piece.lower())
    ):
        return [piece]
    return [piece[: match.start()], f"without {piece[match.end() :]}"]


_TRIES = re.compile(
    rf"(?P<tries>(?:(?:show me|give me|make|do|draw|render|i want) )?{COUNT} (?:more |different |other |new )*(?:versions?|variations?|variants?|takes?|tries)(?: of (?:it|this|(?:picture|#) ?\d+|the [\w-]+ (?:one|picture)))?) (?P<scene>(?:at|in|on|with|as|under|during|by) .+)",
    re.IGNORECASE,
)


_ANOTHER = re.compile(
    r"(?P<tries>(?:(?:make|give me|do|draw|show me|try|i want) )?(?:another|one more)(?: one| picture| version| try| take)?),? (?:but )?(?P<scene>(?:with|without) (?:more|less|fewer|an?|some|no|the) (?!(?:\w+ )?(?:seed|one|picture)\b).+)",
    re.IGNORECASE,
)


def tries_and_scene(piece: str, one: Reader) -> list[str]:
    """ "two variations of picture 1 in watercolor" → the tries, and what they are to be like."""
    match = _TRIES.fullmatch(unpolite(piece)) or _ANOTHER.fullmatch(unpolite(piece))
    return [match["tries"], match["scene"]] if match else _style_and_scene(piece, one)


def _style_and_scene(piece: str, one: Reader) -> list[str]:
    """ "as an oil painting at night" → the style and the time by themselves; "make it a night scene with stars" too."""
    if match := re.fullmatch(
        r"((?:make|turn|have) (?:it|this|that)(?: into)? an? [\w-]+ (?:scene|setting|picture|image|landscape|version)) (with .+)",
        piece,
        re.IGNORECASE,
    ):
        return [match[1], match[2]]
    if len(piece.split()) > 10:
        return [piece]
    for space in re.finditer(r" (?=(?:at|in|on|by|under|during) )", piece):
        style, scene = piece[: space.start()], piece[space.end() :]
        wish = one(style, True)
        if (
            wish.kind == "style"
            and vocabulary.style_of(wish.text)
            and kind_of(scene.lower().rstrip(".!? ")) in ("time", "place")
        ):
            return [style, scene]
    return [piece]
