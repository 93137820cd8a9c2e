"""What people say of a picture to begin with: "paint over picture 2 as a watercolor", "start from this photo: a castle". Pure."""

import re

from agent.wording import REF, Wish, ref_of

NOISE = "none"  # how the wish names no picture at all
_OWN = r"(?:my|this|the|that)(?: attached| own| uploaded)? (?:photo(?:graph)?|drawing|sketch|doodle|scan|screenshot|upload|picture|image|pic)|the attached one"
_END = r"(?=\s*(?:[,:;.!?]|$)|\s+(?:as|at|in|into|with|but|and|for|to|by|on|using)\b)"
_ELSEWHERE = (  # "picture 1 of NAME", as `threadnames.OUTSIDE` knows it; a bare "in" is of what it shows
    r"(?:the )?(?:picture|pic|image|version|render) (?:number |no\.? ?|#)?(?P<number>\d{1,6})(?: (?:of|from)(?: (?:the )?(?:thread|conversation|chat))?"
    rf"| in (?:the )?(?:thread|conversation|chat)) (?P<thread>\"[^\"]+\"|\S.{{0,80}}?){_END}"
)
_WHAT = rf"(?P<what>{_OWN}|{_ELSEWHERE}|{REF})"
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
# The picture goes, the prompt stays: "start from noise again", "without the start picture"
_BEGINNING = (
    r"(?:(?:the|a|any|that|this|its|my) )?(?:(?:start(?:ing)?|init(?:ial)?|base) (?:picture|image|photo|pic|point)"
    r"|img ?2 ?img|i2i|image[- ]to[- ]image|(?:picture|image) (?:that )?(?:it|we|you|this) (?:began|begin|begins|started|start|starts) (?:with|from))"
)
_MINE = r"my (?:photo(?:graph)?|drawing|sketch|doodle|scan|screenshot|upload)|the (?:attached|uploaded) (?:one|picture|image|photo|sketch|drawing|pic)"
_LET_GO = re.compile(
    _PLEASE
    + r"(?:(?:(?:let's|do|try|render|draw|paint|go|it|this|that|the picture) )*(?:(?:(?:start|begin)(?:ning|ing)? (?:it |this |again |over )?)?(?:back )?from|(?:start|begin) with|back to) (?:pure |plain |random |only |just )?noise"
    rf"|(?:(?:(?:do it|render it|draw it|paint it|again|try|now) )*without|no(?: more)?|(?:forget|drop|ignore|remove|skip|lose|leave out|leave off|let go of|get rid of|take away|stop using)(?: about)?|(?:don't|do not) use) (?:{_BEGINNING}|{_MINE})"
    rf"|(?:don't|do not|stop) (?:start|begin|paint|draw|render)(?:ing)? (?:it )?(?:from|with|over|on top of) (?:a |the |any |that |this )?(?:{_MINE}|{_OWN}|start(?:ing)? (?:picture|image)|(?:picture|image|pic)(?: \d+)?))"
    rf"(?: (?:any ?more|any longer|again|now|then|please|this time|instead|from now on))*{_END}",
    re.IGNORECASE,
)
_STRENGTH = re.compile(
    r",? ?\b(?:(?:at|with|and|using)(?: an?| the)? )?(?:denoising )?strength(?: of| to| at|:| =|=)? ?(-?(?:\d+(?:[.,]\d+)?|[.,]\d+)) ?(%?)(?!\w|[.,]\d)",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r",? ?\b(?:but )?(?:keep (?:most of it|it close)|stay(?:ing)? close(?: to it)?|chang(?:e|ing) (?:it )?(?:only )?(?:very |a )?little)\b",
    re.IGNORECASE,
)
LITTLE = "0.35"


def heard(text: str, *, attached: int) -> tuple[Wish, str] | None:
    """The picture to begin with, how much of it may change (`how`: a number, or nothing), and what else the message says."""
    how = ""
    if amount := _STRENGTH.search(text):
        how = _share(amount[1].replace(",", "."), bool(amount[2]))
        text = text[: amount.start()] + text[amount.end() :]
    if gone := _LET_GO.match(text):
        return Wish(kind="start", picture=NOISE), _rest(text[gone.end() :])
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
    elsewhere = begun.groupdict().get("thread")
    if elsewhere:
        named = f"picture {begun['number']} of {elsewhere.strip(chr(34))}"
    else:
        named = "attached" if own or (attached and not ref_of(said)) else ref_of(said)
    return Wish(kind="start", picture=named, how=how), _rest(rest)


def _rest(text: str) -> str:
    return re.sub(r"^[\s,:;.–-]*(?:(?:and|but|then|now|to|for)\b[\s,]*)*", "", text).strip()


def _share(said: str, percent: bool) -> str:
    """A strength as a number: 40 % and a bare 40 are 0.4. What lies outside 0..1 stays so, and is refused with a reason."""
    amount = float(said)
    return f"{amount / 100 if percent or (amount >= 2 and amount.is_integer()) else amount:g}"
