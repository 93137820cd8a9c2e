"""What people say around their wishes, and run together in a hurry: emoji, fillers, courtesy, ideas given up at once. Pure.

Nothing here knows what is wished for. A message comes out as the same words with less around them, cut where a new sentence
begins; and of a piece of it is known whether it only says once more what was said before.
"""

import re

# Thumbs are wishes; every other emoji at the edge of a sentence is a face that somebody makes while saying it.
_EMOJI = r"[\U0001F300-\U0001F44C\U0001F44F-\U0001FAFF\u2600-\u27BF\u2B50\u2B55\u200D\uFE0F]+"
_FACES = re.compile(rf"\s*{_EMOJI}(?=\s*(?:[.,;!?]|$))|^{_EMOJI}\s*")
_FILLERS = re.compile(
    r"(?:(?<=\s)|^)(?:u+m+|u+h+m*|e+r+m+)(?:,|\.{2,}|…)?\s+|,? (?:you know|i mean|sort of|kind of|like),(?= )",
    re.IGNORECASE,
)
_VERBS = r"(?:make|add|remove|put|turn|change|give|take|replace|swap|draw|paint|render|show|save|lock|keep|undo|fix|try|move|set|delete|drop)"
_ASKS = rf"(?:(?:can|could|would|will) (?:you|u|ya|we) (?:please |pls |plz |just |also |maybe )*|(?:please|pls|plz) (?:just |also )?){_VERBS}\b"
# "it's a bit boring can you make it livelier": a remark, and at once a wish
_RUN_ON = re.compile(
    rf"(?:^|(?<=[.,;!?] ))((?!(?:what|which|who|how|why|when|where|if)\b)[^.,;!?\s][^.,;!?]{{3,80}}?)(?<!\bif)(?<!\band)(?<!\bor)(?<!\bbut)(?<!\bso)(?<!\bok)(?<!\bnow)(?<!\bthen)(?<!\bthat)(?<!\bhow)(?<!\balso)(?<!\bwonder)(?<!\bwondering)(?<!\bwhether)(?<!\bsaying)(?<!\byou)(?<!\bu)(?<!\bya)(?<!\bwe)(?<!\bto)(?<!\bjust)(?<!\bmaybe) (?={_ASKS})",
    re.IGNORECASE,
)
_SOFTLY = re.compile(
    r"\b((?:can|could|would|will|might) (?:you|u|ya|we)),? (?:(?:kindly|perhaps|possibly|maybe),? )+", re.IGNORECASE
)
_THUMB_AND = re.compile(r"^([👍👎]+) +(?=\w)(?!(?:for|to|on|picture|the|this|that|it)\b)")
_NO_LIST = re.compile(r"\b(no [\w-]+) (?=no [\w-]+)", re.IGNORECASE)
# "forget the cat, draw a submarine": what follows is a new idea, and says so itself
_GIVEN_UP = re.compile(
    r"^(?:(?:ok(?:ay)?|no|nah|hm+|well|actually|you know what|alright)[,.! ]+)*(?:scrap|forget(?: about)?|ditch|drop|bin|toss|leave|abandon|never ?mind|screw|enough (?:of|with)|no more(?: of)?|away with|done with)"
    r" (?:all (?:of )?)?(?:that|this|it|everything|those|these|the [\w -]{2,30}?|[\w-]{3,20}s)(?: (?:idea|stuff|one|picture|completely|entirely|altogether|for now))*[,.;:!]+ *(?:and |now |then |instead )*"
    r"(?=(?:let's|lets|draw|paint|sketch|render|show me|give me|i want|i'd like|id like|make me|do an?|how about) )",
    re.IGNORECASE,
)
COURTESY = re.compile(
    r"\W*(?:please|pls|plz|plese|thanks?(?: you| a lot| so much)?|thx|ty|ta|cheers|(?:would|will|could|can) (?:you|u|ya)|if you (?:can|could|would|will|don't mind)|kindly|mate|lol|haha|ok(?:ay)?|right)\W*",
    re.IGNORECASE,
)
# "save that one, the neon i mean"; "I liked the first one best, let's go back to that"; "… just a guess"
MEANT = re.compile(r"(?:i mean(?:t)?,? )?(the .{2,40}?),? (?:i mean(?:t)?|that is)[.!]*")
BACK_TO_IT = re.compile(
    r"\W*(?:so |and |now |please )*(?:let's |lets |can we )?(?:go |take me |get )?(?:back )?(?:(?:to|from) (?:that|it|there|this)(?: one)?|there)(?: again| please)?\W*"
)
# "lose the lamp, it's ugly", "the cat got lost, bring it back": said already
WHY_SO = re.compile(
    r"\W*(?:because |since )?(?:(?:it|they|that|this)(?:'s| is| are|'re| looks?) (?:(?:way|too|so|really|just|very|quite) )*(?:ugly|distracting|annoying|much|bad|silly|unnecessary|boring|kitschy|horrible|weird|not (?:nice|good|needed))|(?:please )?(?:bring|put|get) (?:it|them) back(?: in)?(?: please)?)\W*"
)
ROUGHLY = re.compile(
    r"\W*(?:(?:it's )?(?:just|only) )?(?:an? )?(?:rough |quick |wild )*(?:guess|idea|estimate|impression|hunch|roughly)(?: (?:will do|is enough|is fine|please))?\W*"
)


def without(text: str) -> str:
    """The message without faces and fillers, with a full stop where somebody ran two sentences together."""
    text = re.sub("[\U0001f3fb-\U0001f3ff\ufe0f]", "", text)  # the colour of a thumb says nothing
    text = _THUMB_AND.sub(r"\1. ", _FACES.sub("", text).strip() or text)
    text = " ".join(_FILLERS.sub(" ", f" {text}").split()) or text
    text = re.sub(r"^\w{3,40}(?=[ ,])", _shortened, text)
    text = re.sub(
        r"^(?:(?:ok(?:ay)?|so|and|now)[, ]+)*(?:next|first|then|finally|lastly|after that), +(?=\S)",
        "",
        text,
        flags=re.I,
    )
    text = _SOFTLY.sub(r"\1 ", text)
    text = _RUN_ON.sub(r"\1. ", text)
    while (listed := _NO_LIST.sub(r"\1, ", text)) != text:
        text = listed
    return text


def _shortened(word: re.Match[str]) -> str:
    """ "sooo" as "so"; a word without a letter three times over as it is."""
    return re.sub(r"([a-z])\1+", r"\1", word[0]) if re.search(r"([a-z])\1\1", word[0]) else word[0]


def given_up(text: str) -> str:
    """What follows where the message begins by giving up what there was; empty where it does not."""
    match = _GIVEN_UP.match(text)
    return re.sub(r",? instead(?=[.! ]*$)", "", text[match.end() :]) if match else ""
