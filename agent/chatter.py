"""What people say around their wishes, and run together in a hurry: emoji, fillers, courtesy, ideas given up at once. Pure.

Nothing here knows what is wished for. A message comes out as the same words with less around them, cut where a new sentence
begins; and of a piece of it is known whether it only says once more what was said before.
"""

import re

from agent import vocabulary

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
# Words that a picture is to hold, from here on: "a robot that asks …", "a sign that says …"
_OWN_WORDS = re.compile(
    r"^(?:(?:can you |could you |please |now |and |ok(?:ay)? )*(?:draw|paint|make|show|render|add|create|put|i want|i'd like|give me|imagine)(?: me)? )?(?=(?:an?|the|two|three|some|my|one) )[^.;!?]*?\b"
    r"(?:says?|saying|asks?|asking|reads?|reading|shouts?|shouting|whispers?|whispering|sings?|singing|screams?|screaming|spells?|thinks|thinking|wonders|wondering|yells?|yelling|begs?|begging|"
    r"(?:with|has|having|in) (?:the |an? |big |small )*(?:words?|text|slogan|caption|title|letters|inscription|message|lettering|writing|label|phrase|headline)|(?:called|titled|named|labell?ed|captioned|inscribed|lettered|written)(?: with| on it)?)"
    r"(?: to (?:me|us|him|her|them|everybody|everyone))?(?::| |, )\s*(?!(?:is|are|was|were|looks?|should|must|can't)\b)(?=\S)",
    re.IGNORECASE,
)
_SOFTLY = re.compile(
    r"\b((?:can|could|would|will|might) (?:you|u|ya|we)),? (?:please,? )?(?:(?:kindly|perhaps|possibly|maybe),? )+",
    re.IGNORECASE,
)
# "get rid of the boat pls its distracting": an order, and without a comma the reason for it
_BECAUSE = re.compile(
    r"^((?:.{0,30}?\b)?(?:remove|get rid of|take out|delete|drop|lose|make|turn|change|add|replace|swap|less|more|without|no|undo|lighten|darken|brighten|soften)\b.{3,60}?(?<! like)(?<! so)(?<! that)(?<! if)(?<! though)),?(?: (?:please|pls|plz))?(?: (?:because|since|cause|cuz|coz))? "
    r"((?:it'?s|its|they'?re|it is|that'?s|it looks?) (?:(?:way|too|so|really|just|very|quite|kinda|kind of|a bit|still|pretty) )*(?:ugly|distracting|annoying|much|bad|silly|unnecessary|boring|kitschy|horrible|weird|dark|bright|dull|flat|busy|empty|cold|loud)[.!]*)$",
    re.IGNORECASE,
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
# Pieces of a message that wish for nothing: "actually, …", "wait, no, …"
EMPTY = re.compile(
    r"\W*(?:(?:actually|wait|well|hm+|no+|nope|nah|oh|ah|ok(?:ay)?|so|now|then|also|and|but|instead|alternatively|otherwise|anyway|anyways|sorry|please|maybe|perhaps|hey|look|"
    r"listen|see|come on|you know what|on second thou?ghts?|let me think|i changed my mind|one more thing|another thing|by the way|btw|first|next|finally|lastly|i think|i guess|you know|honestly|"
    r"wait a (?:minute|second|sec|moment)|that'?s (?:enough|all|it)|if not,? (?:just )?(?:leave|keep|skip|then|forget).{0,30}|you (?:choose|decide)|hold on|hang on|i (?:don'?t|do not) know|not sure|i'm not sure|hard to say|you choose|scratch that|never ?mind|my bad|oops|whoops|uh+|um+|er+m*|right|alright|all right|too|still|just|let's see|if you (?:can|could|don't mind)|if possible|thanks|for now|as i said|like i said|(?:(?:it|that) was )?my (?:mistake|fault)|sorry about (?:that|it|this)|(?:lots|many|tons|loads|plenty|a (?:lot|few|couple|bunch)) of (?:them|it|those))\W*)+",
    re.IGNORECASE,
)
# What only frames a ban: "try it without the neon", "I want it without cars", "now without the boat"
FRAME = re.compile(
    r"(?:(?:and|but|so|now|then|please|ok(?:ay)?|well|actually|maybe|just|also|again|instead)[, ]*|(?:can|could|would|will|may|shall|should) (?:you|we|i|u|it|this)(?: (?:maybe|please|just|also|perhaps|possibly))* ?)*"
    r"(?:i (?:think i )?(?:liked?|prefer(?:red)?|loved?) it (?:better|more|best) ?|i(?:'d| would|'ll| will)? (?:want|like|love|prefer|need|wish|rather have)(?: to (?:see|have|try))? ?|let me (?:see|have|try) |let's (?:see|have|try|do) |how about |what about |show me |give me )?"
    r"(?:(?:try|make|do(?= (?:it|this|that|the same|one)\b)|draw|have|see|show|render|get|be|put|paint|redo|repeat|the same|same|keep) ?)?(?:it|this|that|this one|that one|the same(?: (?:thing|one|picture))?|one|the (?:picture|image|scene))?(?: (?:but|again|now|done|once|once more|too|please|just))*[, ]*"
)
# "no dogs, but a cat": what is to come in the place of what goes
OTHER = re.compile(
    r"(?:,? but|,? rather|,? instead)(?: (?:rather|instead|please|maybe|with|i want|i'd like|have|there (?:can|may|should) be|draw|show|put|use|add))* ((?:an?|some|two|three|the|one|lots of|only) (?!(?:bit|little|lot|few)\b).{2,60}?|[a-z-]{3,20}s)(?: instead| please|[.!])*",
    re.IGNORECASE,
)
INSTEAD = re.compile(
    r"\W*(?:and |with |add |put |use |make it |rather )*((?:an? |some |the )?[\w' -]{2,40}?),? (?:instead|in (?:its|their) place)[.! ]*",
    re.IGNORECASE,
)
# What is fine as it is: "the orange is nice but …"
FINE = re.compile(
    r"\W*(?:i (?:really )?(?:like|love) )?(?:the|its|his|her|that|this|those|these) [\w' -]{2,40}(?:(?:'s| is| are| looks?) (?:(?:so|really|very|quite|pretty|already|just) )*(?:nice|great|good|perfect|lovely|beautiful|fine|ok|okay|amazing|cool|gorgeous|right|wonderful|cute|pretty|sweet|awesome|funny|fantastic))(?: (?:though|already|now|as (?:it )?is))*\W*",
    re.IGNORECASE,
)
IN_PLACE = "in the place of what was:"
# "save that one, the neon i mean"; "I liked the first one best, let's go back to that"; "… just a guess"
MEANT = re.compile(r"(?:i mean(?:t)?,? )?(the .{2,40}?),? (?:i mean(?:t)?|that is)[.!]*")
BACK_TO_IT = re.compile(
    r"\W*(?:so |and |now |please )*(?:let's |lets |can we )?(?:go |take me |get )?(?:back )?(?:(?:to|from) (?:that|it|there|this)(?: one)?|there)(?: again| please)?\W*"
)
# "lose the lamp, it's ugly", "the cat got lost, bring it back": said already
WHY_SO = re.compile(
    r"\W*(?:because |since )?(?:(?:it|they|that|this)(?:'?s| is| are|'re| looks?) (?:(?:way|too|so|really|just|very|quite) )*(?:ugly|distracting|annoying|much|bad|silly|unnecessary|boring|kitschy|horrible|weird|not (?:nice|good|needed))|(?:please )?(?:bring|put|get) (?:it|them) back(?: in)?(?: please)?)\W*"
)
ROUGHLY = re.compile(
    r"\W*(?:(?:it's )?(?:just|only) )?(?:an? )?(?:rough |quick |wild )*(?:guess|idea|estimate|impression|hunch|roughly)(?: (?:will do|is enough|is fine|please))?\W*"
)


def without(text: str) -> str:
    """The message without faces and fillers, with a full stop where somebody ran two sentences together.

    What a picture is to say, as in "a poster with the words please save water", stays as it was typed.
    """
    if own := _OWN_WORDS.match(text):
        head = _tidied(f"{own[0]}\ue002")
        return f"{head.removesuffix(chr(0xE002))}{text[own.end() :]}" if head.endswith("\ue002") else text
    return _tidied(text)


def _tidied(text: str) -> str:
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
    text = re.sub(
        r"\b(?:plaese|pelase|plase|plese|pleese|pleas|plesae|pleaes|pleasse)(?=[.!? ]*$)", "please", text, flags=re.I
    )
    text = _SOFTLY.sub(r"\1 ", text)
    text = re.sub(r"(?<=\s)w/? (?=(?:an?|the|some|more|no) )", "with ", text)
    text = re.sub(rf"(?<=\w) (?:n|'n|'n'|an|nd) (?={_VERBS}\b)", " and ", text, flags=re.I)
    text = _BECAUSE.sub(r"\1, \2", text)
    text = re.sub(r"^((?:more|less|fewer) [\w-]+) ((?:and )?(?:more|less|fewer) [\w-]+)$", r"\1, \2", text, flags=re.I)
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


def cut(pattern: str, text: str) -> list[str]:
    """The text split as by `re.split`, but never inside of quotation marks."""
    cuts, end = [], 0
    for match in re.finditer(pattern, re.sub(r'"[^"]*"', lambda quoted: "\ue003" * len(quoted[0]), text)):
        cuts += [text[end : match.start()], text[match.start() : match.end()]]
        end = match.end()
    return [*cuts, text[end:]]


def says_why(complaint: str, wished: str) -> bool:
    """Whether a complaint only gives the reason for what is wished next: "it's too dark, lighten it up"."""
    opposite = {vocabulary.OPPOSITES.get(complaint), *(a for a, b in vocabulary.OPPOSITES.items() if b == complaint)}
    return complaint in vocabulary.DULL or wished in opposite
