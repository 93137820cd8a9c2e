"""A statement of how the picture should be, with an order around it → the plain order: "make it so that the boat is green". Pure.

What is stated is put as the rules for changes know it: "make the boat green". A statement that is none of these is left.
"""

import re

_DID = {
    "made": "make", "added": "add", "removed": "remove", "took": "take", "put": "put", "turned": "turn", "changed": "change", "replaced": "replace",
    "swapped": "swap", "dropped": "drop", "gave": "give", "painted": "paint", "moved": "move", "deleted": "delete", "undid": "undo",
    "saved": "save", "locked": "lock", "unlocked": "unlock", "kept": "keep", "got rid of": "remove", "drew": "draw", "lost": "lose",
    "used": "use", "went back": "go back",
}  # fmt: skip
_THING = r"(?:the|this|that|his|her|its|their|my) [\w'-]+(?: [\w'-]+)??"
_IS = r"(?:'s|s|'re| is| are| was| were| be| would be| becomes?| became| gets?| got| turns?| turned| looks?| looked| feels?| felt)"
_GONE = r"(?:gone|away|removed|taken out|not there|not in it|no longer there|out of (?:it|there|the picture))"
_WEATHER = {"raining": "rain", "snowing": "snow", "pouring": "rain"}
# "make it so that …", "make sure that …", "I'd appreciate it if …": what follows says how it should be
FRAME = re.compile(
    r"^(?:(?:make|have|get|set|do|let|draw|paint|render)(?: (?:it|this|that|things|everything|the (?:picture|image|scene)))?(?: (?:be|look|seem))? (?:so|such)(?: that)?"
    r"|(?:make|have) (?:it|this|that) (?:look|seem|appear) (?:as (?:if|though)|like)(?= (?:it'?s|it is|its|it was|it were) (?:(?:rain|snow|pour)ing|night|day|dawn|dusk|dark|winter|summer|autumn|spring|foggy|late|early)\b)"
    r"|i(?:'d| would)? (?:want|like|prefer|wish|need) (?:it|this|that)(?: to be| to look)? (?:so|such)(?: that)?"
    r"|(?:make (?:very )?sure|ensure|be sure|see to it|take care)(?: that)?"
    r"|i(?:'d| would) (?:(?:really|very much|greatly|so) )?(?:appreciate|love|like|prefer|enjoy)(?: it)?(?: (?:very much|a lot|so much))? (?:if|when)|i(?:'d| would) be (?:very |really |so )?(?:happy|glad|grateful|thankful|delighted|pleased) if"
    r"|(?:it|this|that)(?:'d| would| might| could) (?:be|look) (?:(?:really|very|so|even|much|kind of|super|quite|more) )*(?:nice|nicer|great|good|better|lovely|cool|perfect|best|wonderful|awesome|fun|sweet|pretty|amazing|kind|fantastic|beautiful) (?:if|when)"
    r"|i wish(?: that)?|(?:what|how about|and) if(?= (?:we|you|i) |.* (?:gone|removed|away)$)) +",
)


def unframed(low: str) -> str:
    """The lower-case words as a plain order; as they are where no frame stands around them or what it holds is no statement."""
    low = re.sub(r"^let there be (?=(?:no|an?|some|two|three|more) )", "make sure there is ", low)
    match = FRAME.match(low)
    return _order(low[match.end() :]) or low if match else low


def in_one_tense(text: str) -> str:
    """ "what if we added a bird and made it night" with "and make it night", which is a wish by itself."""
    if FRAME.match(text.lower()) is None:
        return text
    past = "|".join(sorted(_DID, key=len, reverse=True))
    return re.sub(rf"\b(and|then) ({past})\b", lambda m: f"{m[1]} {_DID[m[2]]}", text)


def _order(said: str) -> str:
    said = re.sub(r"^(it|there|that)s ", r"\1's ", re.sub(r"^that (?=(?:the|there|it) )", "", said))
    if kept := re.fullmatch(
        rf"({_THING}) (?:stays?|remains?|is kept|are kept) .+|(?:to |you |we |that you )(?:keep|lock|leave) ({_THING})(?: (?:as (?:it|they) (?:is|are)|there))?",
        said,
    ):
        return f"lock {kept[1] or kept[2]}"
    if sees := re.fullmatch(
        r"(?:you|we|i|one) (?:can|could|would)(?: also| really| clearly| still)? see ((?:the|an?|some|his|her|its) .+)",
        said,
    ):
        return f"{sees[1]} is missing"
    if re.match(r"(?:nobody|no one|no people)\b", said):
        return "without people"
    if less := re.fullmatch(
        r"(?:it|this|that) (?:wasn't|weren't|isn't|was not|were not|is not) (?:quite )?(?:so|too|that|as) (.+)", said
    ):
        return f"less {less[1]}"
    if done := re.match(
        r"(?:you|we|i|u) (?:(?:could|can|would|will|might|may) (?:also |just |please )*(?=\w)|(?:also |just )*)", said
    ):
        rest = said[done.end() :]
        verb = next((past for past in _DID if re.match(rf"{past}\b", rest)), "")
        if verb:
            return f"{_DID[verb]}{rest[len(verb) :]}"
        return rest if re.search(r"\b(?:could|can|would|will|might|may) ", done[0]) else ""
    if there := re.match(
        r"there(?:'s| is| are| was| were| would be| could be| be) (no |not any |not a )?(?:longer |more )?(?:any )?",
        said,
    ):
        rest = said[there.end() :]
        return "" if not rest else f"without {rest}" if there[1] else f"add {rest}"
    if gone := re.fullmatch(
        rf"({_THING}){_IS} (?:completely |all )?{_GONE}|({_THING}) (?:wasn't|weren't|isn't|aren't|was not|is not|were not) (?:there|in it)",
        said,
    ):
        return f"remove {gone[1] or gone[2]}"
    if like := re.fullmatch(r"(?:it|this|that) (?:looks?|looked|were|was) (?:more )?like (an? .+)", said):
        return f"make it look like {like[1]}"
    if its := re.fullmatch(
        rf"(?:it|this|that|everything|the (?:picture|image|scene)){_IS} (?:like |as if )?(?!no\b|not\b)(.+)", said
    ):
        return f"make it {_WEATHER[its[1]]}" if its[1] in _WEATHER else f"make it {its[1]}"
    if has := re.fullmatch(
        rf"(?:it|{_THING}) (?:had|has|have|wore|wears|held|holds) ((?:an?|some|two|three|more) .+)", said
    ):
        return f"add {has[1]}"
    if thing := re.fullmatch(rf"({_THING}){_IS} (?!no\b|not\b|like\b|there\b|in it\b|visible\b)(.+)", said):
        return f"make {thing[1]} {thing[2]}"
    return ""
