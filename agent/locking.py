"""What people say to keep parts of a picture as they are, and to let them go again → wishes. Pure."""

import re

from agent.referring import reference
from agent.wording import PREPOSITION, Wish, tail

_AS_IS = (
    r"(?: (?:exactly|just|precisely|completely))*(?: (?:as|how|the way|like|where) (?:it|they|he|she|that|this|those|these)(?:'s|'re| is| are| was| were| looks?)?(?: now| right now| already)?| as is| as-is"
    r"| (?:the|exactly the) same| unchanged| untouched| intact| fixed| alone| in peace| like (?:this|that)| locked| put| there| safe| constant| frozen| be)"
)
_EVERYTHING = r"(?:(?:all|everything|anything|the rest|all the rest|whatever)(?: else)?|(?:all )?the (?:other|remaining) .+|all other .+|nothing else|the whole (?:picture|prompt|thing)|all of it)"
_NOW = r"(?:(?:from now on|for now|always|please|just|ok(?:ay)?|also|and|now|but)[, ]+)*"


def locking(low: str, plain: str) -> Wish | None:
    """Locks, unlocks, and the question what is locked."""
    low = re.sub(r"[?.! ]+$", "", low)
    if re.fullmatch(
        r"(?:(?:tell|show|list|give)(?: me)? )?(?:(?:what|which)(?: (?:words|phrases|parts|things|bits|ones))?(?:'s| is| are|'re)?(?: currently| still| now| all| already)* (?:locked|frozen|fixed|protected|pinned|kept)(?: (?:now|right now|right|at the moment|in place|down|so far|in))*"
        r"|(?:what|which)(?: (?:words|phrases|parts|things))? (?:did|have|do) (?:i|we|you)(?: have)? (?:lock|locked|keep locked)(?: so far| now)?|(?:all )?(?:the |my |our |current )*locks?|(?:locked|the locked) (?:phrases|words|parts|things)|(?:is|are) (?:anything|something|any \w+|there (?:any )?locks?|there anything)(?: still)?(?: locked)?(?: now)?)",
        low,
    ) and low not in ("lock", "the lock"):
        return Wish(kind="locks")
    if match := re.fullmatch(r"(?:is|are) (the .+?) (?:still )?(?:locked|frozen|protected)(?: now)?", low):
        return Wish(kind="locks", text=match[1])
    return _unlocking(low, plain) or _keeping(low, plain)


def _unlocking(low: str, plain: str) -> Wish | None:
    every = r"(?:everything|all|it all|all of (?:it|them|those|these)|them all|(?:all|every one) of (?:the )?(?:phrases|words|parts|locks)|all (?:the )?(?:phrases|words|parts|locks)|the (?:prompt|picture|locks|rest|others?|other ones|remaining (?:ones|locks))|every(?:thing| lock| phrase))(?: again)?"
    free = r"(?:unlock|unfreeze|unpin|unfix|release|free)"
    if match := re.fullmatch(
        rf"{_NOW}(?:{free}(?: (?P<what>it|this|that|them|those|these|both|(?:the|that|this|those|these) (?:\w+ )?(?:one|ones|two|lock|phrase|word))(?: both)?)?(?: (?:again|now|too|as well))*"
        rf"|(?:remove|clear|drop|delete|lift|undo|forget|release|open|cancel|take off) (?P<lock>the|that|this|the last|my last|the newest) lock(?: (?:again|on it|from it))*"
        rf"|take the lock off (?P<off>it|that|this|them|those))",
        low,
    ):
        return Wish(kind="unlock", parts=(_pointed(match["what"] or match["off"] or match["lock"] or "it"),))
    if re.fullmatch(
        rf"{_NOW}(?:{free} {every}|(?:remove|clear|drop|delete|lift|undo|forget|reset|release|open|cancel) (?:(?:all )(?:of )?(?:the |my )?|(?:any|every) |(?:the |my )?(?=locks))locks?|no (?:more )?locks(?: any ?more)?|(?:you (?:can|may)|feel free to) change (?:everything|anything|it all)(?: again| now)?|nothing (?:should be|is|needs to be) locked(?: any ?more)?)",
        low,
    ):
        return Wish(kind="unlock", parts=("all",))
    low = re.sub(
        r"\b(?:unlock|release|lift|undo|forget|remove|drop|open|free|clear) the locks? (?:on|from|of|off|for) ",
        "unlock ",
        low,
    )
    if match := re.fullmatch(
        rf"{_NOW}(?:unlock|unfreeze|unpin|unfix|release|free(?: up)?|stop (?:locking|keeping|protecting|freezing)|(?:remove|lift|drop|take|open|clear|undo)(?: off)? the lock(?:s)? (?:on|from|of|off|for)|take the lock off(?: of)?|don't (?:lock|keep|protect)) (.+?)(?: (?:again|now|any ?more|please))*",
        low,
    ) or re.fullmatch(
        rf"{_NOW}(?:(?:you|we|it) (?:can|may|could|are allowed to|are free to) |feel free to |it's (?:ok|okay|fine|alright) to |let's )(?:change|touch|alter|modify|edit|replace) ((?:the|my|his|her|its|that|those) .+?)(?: (?:again|now|any ?more|if you (?:want|like)))*",
        low,
    ):
        return Wish(kind="unlock", parts=_parts(match[1], plain))
    if match := re.fullmatch(
        rf"{_NOW}(the .+?) (?:can|may) be (?:changed|touched|altered)(?: (?:again|now))*|{_NOW}(the .+?) (?:can|may) (?:be )?(?:change|changed|go|vary|touched|altered|move)(?: (?:again|now))+|{_NOW}(the .+?) (?:is|are) (?:free|unlocked|not locked)(?: (?:again|now|any ?more))*|{_NOW}(the .+?) (?:doesn't|don't|does not|do not|no longer) (?:have|has|needs?|need) to (?:stay|be locked|remain)(?: .*)?|{_NOW}let (the .+?) (?:change|go|vary)(?: again)?",
        low,
    ):
        return Wish(kind="unlock", parts=_parts(next(part for part in match.groups() if part), plain))
    return None


# What points at locks without naming them; only the conversation tells which
POINTED = ("it", "them", "both", "first", "last")


def _pointed(said: str) -> str:
    """ "that one" → "it", "the last lock" → "last"."""
    if re.search(r"\b(?:both|two)\b", said):
        return "both"
    if match := re.search(r"\b(first|last|newest|latest)\b", said):
        return "first" if match[1] == "first" else "last"
    return "them" if re.search(r"\b(?:them|those|these|ones)\b", said) else "it"


def _keeping(low: str, plain: str) -> Wish | None:
    """Locks; "it stays as it is" and "keep the rest" wish for nothing that is not so anyway."""
    low = re.sub(r"(?: from now on|,? (?:ok(?:ay)?|from here on|for good|forever|for the rest))$", "", low)
    low = re.sub(rf"^({_NOW})(?:fix|nail) (the [\w -]+?) (?:in place|down)$", r"\1lock \2", low)
    low = re.sub(
        rf"^({_NOW})(?:hands off|paws off|no touching|no changes? to|stay away from|steer clear of) (?=(?:the|my|his|her|its) )",
        r"\1don't touch ",
        low,
    )
    low = re.sub(
        rf"^({_NOW})(?:make sure|ensure|see to it|take care|be careful)(?: that)? (?:you (?:don't|do not|never) (?:change|touch|lose) )?((?:the|my|his|her|its) [\w -]+?) (?:stays?|remains?|is kept|doesn't change|does not change|don't change|isn't changed|keeps?)(?: .*)?$",
        r"\1lock \2",
        low,
    )
    low = re.sub(
        rf"^({_NOW})(?:take care|be careful|make sure)(?: that you| to| you)? (?:not to |don't |do not |never )(?=change|touch|alter|lose)",
        r"\1don't ",
        low,
    )
    match = re.fullmatch(rf"{_NOW}(?:keep|leave|hold|preserve|let)(?: on)? (.+?){_AS_IS}", low) or re.fullmatch(
        rf"{_NOW}(?:(?:don't|do not|never|not|please don't|without|you (?:must|should|may) (?:not|never)|you can't|mustn't|shouldn't)(?: ever)? (?:chang(?:e|ing)|touch(?:ing)?|alter(?:ing)?|mov(?:e|ing)|los(?:e|ing)|mess(?:ing)?(?: (?:with|up))?|modify(?:ing)?|edit(?:ing)?|replac(?:e|ing)|remov(?:e|ing)|drop(?:ping)?|affect(?:ing)?)) (.+?)(?: (?:ever|any ?more|again|please|now|from now on|for now|at all))*",
        low,
    )
    match = match or re.fullmatch(
        rf"{_NOW}nothing (?:about|of|on|in) (.+?) (?:may|should|must|can|shall|is to)(?: ever)? (?:be )?changed?(?: .*)?",
        low,
    )
    match = match or re.fullmatch(
        rf"{_NOW}i (?:want|need|would like|'d like|wish) (.+?) to (?:stay|remain|be kept|be left)(?:{_AS_IS}| in (?:it|the picture))*",
        low,
    )
    if match:
        said = match[1]
        if re.fullmatch(rf"{_EVERYTHING}", said) and re.search(r"else|rest|other|remaining", said):
            return Wish(kind="stay")
        if re.fullmatch(r"it|this|that|them|this one|that one|(?:the|my|all the) (?:words|wording|text|prompt)", said):
            return Wish(kind="stay") if not low.startswith("save") else None
        if re.fullmatch(_EVERYTHING, said):
            return Wish(kind="lock", parts=("everything",))
        return Wish(kind="lock", parts=_parts(said, plain))
    if match := re.fullmatch(
        rf"{_NOW}(?:lock|freeze|pin|protect|secure|lock down|lock in|put a lock on|hold on to|hang on to|preserve|fixate|lock up)(?: down| in)? (.+?)(?: (?:down|in|in place|for (?:now|me)|too|as well|so .+|{_EVERYTHING}))*",
        low,
    ):
        if re.fullmatch(rf"{_EVERYTHING}|it|this|that|it all|(?:the )?(?:prompt|picture|image)", match[1]):
            return Wish(kind="lock", parts=("everything",))
        return Wish(kind="lock", parts=_parts(match[1], plain))
    if match := re.fullmatch(
        rf"{_NOW}((?:the|my|his|her|its|that|those|these) .+?|['\"].+?['\"]|.+? and .+?) (?:(?:should|must|has to|have to|needs? to|shall|is to|are to|can) )?(?:stays?|remains?|be kept|keeps?|not (?:be )?change[ds]?|be (?:locked|preserved|fixed|untouched|left alone|unchanged)|never change[sd]?)(?: (?:exactly|just))*(?: (?:(?:as|how|the way|like) (?:it|they|he|she)(?:'s| is| are)(?: now)?|the same|unchanged|like (?:this|that)|fixed|put|where (?:it|they) (?:is|are)|locked|there|in))?",
        low,
    ):
        if re.fullmatch(_EVERYTHING, match[1]):
            return Wish(kind="stay")
        return Wish(kind="lock", parts=_parts(match[1], plain))
    if match := re.fullmatch(
        rf"{_NOW}(?:i (?:want|need|would like|'d like) (?:you )?to keep|keep) ((?:the|his|her|its|my|that|those|these|both|only|just) .+|['\"].+['\"])",
        low,
    ):
        said = match[1]
        if re.search(r"\b(?:rest|else|everything|seed|size|format|prompt)\b", said):
            return Wish(kind="stay")
        if reference(said) is None and not re.search(r"favou?rite|library|\bpicture|\bone\b", said):
            return Wish(kind="lock", parts=_parts(said, plain))
    if re.fullmatch(
        rf"{_NOW}{_EVERYTHING}(?: else)? (?:should|must|has to|needs to|shall|can)? ?(?:stays?|remains?|be kept)(?: .*)?|{_NOW}keep {_EVERYTHING}.*|{_NOW}(?:nothing else|everything else stays?)(?: .*)?|the rest (?:is|was) (?:fine|good|ok|okay|great|perfect)|{_NOW}(?:leave|keep) (?:it|this|that)(?: {_AS_IS})?",
        low,
    ) and not re.fullmatch(rf"{_NOW}keep (?:it|this|that)", low):
        return Wish(kind="stay")
    return None


def _parts(said: str, plain: str) -> tuple[str, ...]:
    """ "the sofa and the cat" → each by itself, as written; what stands in quotation marks stays whole."""
    quoted = re.findall(r"['\"]([^'\"]{2,})['\"]", said)
    pieces = quoted or re.split(r",|\band\b|&|\bplus\b|\bas well as\b|\bnor\b|\bor\b", said)
    named = (re.sub(r"^(?:both|only|just|also|the (?:words?|phrases?)) ", "", piece.strip(" '\"")) for piece in pieces)
    named = (re.sub(r" (?:phrase|part|bit|too|as well|either|also)$", "", piece) for piece in named)
    return tuple(dict.fromkeys(tail(plain, piece) for piece in named if piece)) or (tail(plain, said),)


_LISTING = re.compile(
    rf"{_NOW}(?:(?:un)?(?:lock|freeze|pin)|protect|secure|put a lock on|hold on to|keep both) ", re.IGNORECASE
)
OTHER_WISH = re.compile(  # how another wish begins than one more thing to keep
    r"(?:make|turn|add|remove|delete|drop|take|change|replace|swap|put|draw|paint|render|show|save|go|back|undo|use|try|give|check|fix|do|let|set|move|find|search|"
    r"why|what|how|which|is|are|can|could|please|then|now|more|less|no|not|without|with|another|again|everything|nothing|the rest|keep|lock|unlock|it|that|this|i|you)\b"
)


def goes_on(piece: str, before: str = "", separator: str = " and ") -> bool:
    """Whether a piece after "keep the sofa and …" only names another thing to keep.

    A bare word does where locking is said in so many words, and an "and" joins it or it follows a list: "lock castle and
    neon". "keep the castle, neon" asks for neon.
    """
    said = piece.strip().lower()
    bare = re.sub(rf"{_AS_IS}$", "", said)
    if re.search(r"\b(?:is|are|was|should|must|stays?|instead|looks?|to)\b", bare):
        return False
    if re.fullmatch(
        r"(?:also )?(?:the|his|her|its|my|that|those|these|both) (?:[\w'-]+ ){0,4}[\w'-]+|['\"][^'\"]+['\"]", bare
    ):
        return True
    joined = re.search(r"\band\b|&|,", separator)
    if "," in separator and PREPOSITION.match(bare):
        return False  # "lock the sofa, and at night please"
    return bool(
        joined and _LISTING.match(before.strip()) and re.fullmatch(r"(?:[\w'-]+ ){0,2}[\w'-]+[.! ]*", bare)
    ) and not OTHER_WISH.match(bare)
