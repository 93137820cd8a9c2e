"""What people say of a picture to begin with: "paint over picture 2 as a watercolor", "start from this photo: a castle". Pure."""

import re

from agent.wording import REF, Wish, ref_of

_OWN = r"(?:my|this|the|that)(?: attached| own| uploaded)? (?:photo(?:graph)?|drawing|sketch|doodle|scan|screenshot|upload|picture|image|pic)|the attached one"
_WHAT = rf"(?P<what>{_OWN}|{REF})"
_PLEASE = r"(?:please |now |can you |could you )*"
_WAYS = [
    re.compile(_PLEASE + way + r"(?!\w)", re.IGNORECASE)
    for way in (
        rf"(?:paint|draw|render|generate) (?:right )?(?:on top of|over) {_WHAT}",
        rf"(?:use|take|have) {_WHAT} as (?:the |a |an |its |your |my )?(?:start|starting (?:point|image|picture)|init(?:ial)? (?:image|picture)|base (?:image|picture)|canvas|underpainting)",
        rf"(?:(?:use|try|do|run|with|make|an?) )*(?:img ?2 ?img|i2i|image[- ]to[- ]image)(?: (?:on|of|from|with|for|over|using))?(?: {_WHAT})?",
    )
]
# Said of a picture that was dropped in: "start from picture 2" goes back to it
_DROPPED = re.compile(rf"{_PLEASE}(?:start|begin) (?:from|with|off) (?P<what>{_OWN}|this|it)(?!\w)", re.IGNORECASE)
_STRENGTH = re.compile(
    r",? ?\b(?:(?:at|with|and|using)(?: an?| the)? )?(?:denoising )?strength(?: of| to| at|:| =|=)? ?(\d*\.?\d+) ?(%?)(?![\w.])",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r",? ?\b(?:but )?(?:keep (?:most of it|it close)|stay(?:ing)? close(?: to it)?|chang(?:e|ing) (?:it )?(?:only )?(?:very |a )?little)\b",
    re.IGNORECASE,
)
LITTLE = "0.35"


def heard(text: str, *, attached: int) -> tuple[Wish, str] | None:
    """The picture to begin with, how much of it may change (`how`, 0..1, or nothing), and what else the message says."""
    how = ""
    if amount := _STRENGTH.search(text):
        how = f"{float(amount[1]) / (100 if amount[2] or float(amount[1]) > 1 else 1):g}"
        text = text[: amount.start()] + text[amount.end() :]
    begun = next(filter(None, (way.match(text) for way in (*_WAYS, _DROPPED))), None)
    if begun is None:
        return None
    said = (begun["what"] or "").lower()
    own = bool(re.match(r"my\b|.*\b(?:attached|uploaded|photo|drawing|sketch|doodle|scan|screenshot|upload)", said))
    if begun.re is _DROPPED and not (attached or own):
        return None
    rest = text[begun.end() :]
    if little := _LITTLE.search(rest):
        how, rest = how or LITTLE, rest[: little.start()] + rest[little.end() :]
    rest = re.sub(r"^[\s,:;.–-]*(?:(?:and|but|then|now|to|for)\b[\s,]*)*", "", rest).strip()
    named = "attached" if own or (attached and not ref_of(said)) else ref_of(said)
    return Wish(kind="start", picture=named, how=how), rest
