"""Whether words describe a picture of their own: a new idea, or nothing that was understood. Pure."""

import re

from agent import vocabulary
from agent.mending import mend_styles
from agent.wording import COUNT, Wish, counted, tail

_DRAW = re.compile(
    r"^(?:(?:draw|paint|sketch|render|generate|create|make|show|imagine|picture|give|design|illustrate|do|drawing|painting|sketching|making)(?: me| us)?(?: up)? (?=an? |the |some |two |three |my |one |\w+s? (?:on|in|at|with|under|of) )"
    r"|(?:draw|paint|sketch|illustrate)(?: me| us)? (?!it\b|this\b|that\b|them\b|me\b|us\b)(?=[a-z])"
    r"|i(?:'d| would)? (?:like|love|want|wish|need)(?: to (?:see|have|get|draw|make))? |(?:i am|i'm) (?:wanting|wishing for|craving) |i(?: was|'m| am| had been)? (?:hoping|looking|longing|dying|wishing) (?:for|to (?:see|have|get)) |(?:i(?:'m| am|'ve been| was) )?thinking (?:about|of) (?=an? |the |some )|let me (?:see|have) (?=an? |some |two |three )|all (?:that )?i (?:want|need|wish for|would like|'d like)(?: to see)? is (?=an? |the |some |two |three |my )|i(?:'d| would) be (?:\w+ )?(?:happy|glad|delighted|thrilled|grateful) to (?:see|have|get) |my \w+ (?:wants|would like|'d like|asks? for|asked for|is asking for) (?=an? |the |some )|(?:picture|imagine) this: ?|(?:make|do|draw|paint|create|show me|give me)(?: me)? something (?:like|of|about) (?=\S)|i have (?:in (?:my )?mind|an idea(?: of)?:?) (?=an? |the |some |two )|(?:make|draw|paint|do) for me (?=an? |one |some |the )|(?:today )?i feel like (?=an? |some )|(?:let's )?(?:try|have|go for) (?=an? )|(?:let's |lets )?(?:begin|start|kick off)(?:ning|ing)? with (?=an? |some |two )|(?:draw|paint|sketch|render|generate|create|show)(?: me)?: ?|(?:i am|i'm) (?:looking for|thinking of|dreaming of|after|imagining|in the mood for|picturing) |i(?:'d| would)? (?:fancy|imagine|picture|have in mind|wanted|was after) |surprise me with |how about (?=an? )|(?:let's )?(?:fresh start|start(?:ing)? (?:over|fresh|again)|from scratch)[:,-]* (?:with )?(?=an? )|(?:a |an )?(?:totally |completely |brand |entirely |whole )+(?:new|different|other) (?:idea|picture|image|one|thing|subject)[:,?!. -]+|let's (?:see|draw|make|do) |can i (?:see|have|get) |(?:a )?(?:new|next|another|other|different) (?:idea|picture|image|one|subject)(?:[:,]| -) ?|next[:,] |new[:,] |something (?:with|about|showing) |now (?=an? )|i was thinking (?:about|of) |i(?:'d| would) rather (?:have|see|do) |something (?:else|completely different|different|new)[:,-]+ ?|(?:forget (?:that|it|this|about (?:it|that)),? (?:and )?(?:draw|do|make|show me|let's do|i want)? ?)(?=an? ))"
)
_OF = re.compile(
    r"^(?:an? |the |some )?(?:new |nice |beautiful |little |quick |cute |cool |something )?(?:picture|image|photo|drawing|pic|illustration|render|scene|prompt)s? (?:of|with|showing|for) "
)
# A remark about what is there, which is no new idea: "I can't see the cat", "the cat is missing", "use it"
_STATEMENT = (
    r"i|i'm|i've|i'd|she|he|she's|he's|you|you're|it|it's|its|that|that's|this|these|those|they|we|there(?:'s| is| are) no|(?:the|my|his|her) (?:\w+ ){1,2}(?:is|are|was|were|looks?|has|have|isn't|aren't|doesn't|does|seems)|"
    r"write|fix|improve|enhance|combine|mix|merge|blend|rotate|crop|flip|mirror|send|print|copy|share|post|try|use|pick|choose|show me (?:what|how|the)|describe"
)
# Words that begin an order or a remark, and no picture: what no rule understood of them is not drawn
_ORDERS = (
    "instead|redo|brighten|darken|lighten|soften|sharpen|recolou?r|revise|refine|polish|finish|continue|proceed|see|look|watch|view|judge|compare|adopt|before|nothing|nobody|read|zoom|am|show how|show what|rather|match|convert|hide|clear|switch|redraw|repaint|inpaint|outpaint|test|rewrite|rephrase|predict|forget|never|not|can|could|should|would|will|roll|mark|undo|save|keep|lock|unlock|random|everything|"
    "clean|combine|back|display|restore|take|bring|check|rate|like|remember|add|remove|replace|swap|want|need|let me|don't|do not|please|why|who|whose|same|another|similar|more like|less|"
    "select|load|edit|modify|adjust|tweak|increase|decrease|reduce|apply|copy|borrow|export|download|explain|list|find|search|look for|go|wait|stop|help|tell|talk|say|ask|any|anything|which|whatever|if"
)


def idea(plain: str, low: str, has_draft: bool) -> Wish:
    """A new idea, if it can be one; otherwise the words are not understood."""
    lead = _DRAW.match(low)
    text = tail(plain, low[lead.end() :]) if lead else plain
    if of := _OF.match(text.lower()):
        text = text[of.end() :]
    count = 1
    if match := re.match(
        rf"(?:{COUNT} )(?:variations?|versions?|pictures|images|different pictures) of ", text.lower()
    ):
        count, text = counted(match["count"], 4), text[match.end() :]
    text = re.sub(r"(?<=\w),? instead$", "", text.strip(" ,.!?"), flags=re.IGNORECASE)
    if lead and re.match(r"to [a-z]+ (?:it|this|that|them|these)\b", text.lower()):
        return Wish(kind="unknown", text=plain)  # "i want to print it"
    for mark in "\"'":
        if text.count(mark) % 2 or (text.count(mark) == 2 and text[0] == text[-1] == mark):
            text = text.strip(mark)
    text = mend_styles(text)
    letters = re.findall(r"[^\W\d_]{2,}", text)
    question = low.endswith("?") and (has_draft or not re.match(r"(?:an?|the|two|three|some) ", low))
    if not letters or (question and not lead):
        return Wish(kind="unknown", text=plain)
    if match := re.fullmatch(r"(?:show me |tell me )?what (.+) looks? like", text.lower()):
        text = tail(text, match[1])
    inside = re.fullmatch(
        r"(.{2,60}?) (?:in|into|to) (?:it|there|here|the (?:picture|image|scene|shot|frame))(?: too| as well)?",
        text.lower(),
    )
    if has_draft and inside and not re.match(rf"(?:{_ORDERS}|{_STATEMENT}|put|get|set|move|let|make)\b", text.lower()):
        return Wish(kind="add", text=text[: len(inside[1])])
    if has_draft and (lead or len(letters) <= 6):
        if re.sub(r"^(?:some|more|a bit of) ", "", text.lower()) in (
            *vocabulary.WEATHER,
            "snow",
            "clouds",
            "stars",
            "mist",
            "rain",
        ) or (lead and re.match(r"(?:some|more) (?:[\w-]+ ?){1,3}$", text.lower())):
            return Wish(kind="add", text=re.sub(r"^(?:some|more) ", "", text))
        if re.fullmatch(
            r"(?:an?|some|two|three) .+ (?:in the (?:background|foreground|sky|distance|corner|air)|(?:next to|beside|behind|near|on|above|below|under|around) (?:it|him|her|them))",
            text.lower(),
        ):
            return Wish(kind="add", text=text)
    if re.match(r"i (?:really |just |do )?(?:like|love) (?!to\b)", low):
        return Wish(kind="unknown", text=plain)  # what is liked, and nothing to draw
    if has_draft and re.match(
        r"[\w' -]{2,30}? (?:should|must|needs? to|ha(?:s|ve) to|(?:are|is|would be|looks?) (?:better|nicer))\b",
        text.lower(),
    ):
        return Wish(kind="unknown", text=plain)
    if has_draft and not lead and re.match(rf"(?:{_ORDERS})\b", low):
        return Wish(kind="unknown", text=plain)
    verb = re.match(
        r"(?:make|turn|change|do|set|move|put|let|get|give|tell|explain|stop|open|close|run|is|are|does|did|who|what|when|where|how|which)\b",
        low,
    )
    if has_draft and not lead and re.match(rf"(?:{_STATEMENT})\b", low):
        return Wish(kind="unknown", text=plain)
    if verb and not lead and not (verb[0] == "make" and not has_draft):
        return Wish(kind="unknown", text=plain)
    if (
        not has_draft
        or lead
        or len(letters) >= 3
        or re.search(r"[^\W\d_a-z\u00c0-\u024f]{4,}", text.lower())  # a script that puts no spaces between words
        or re.match(r"(?:an?|two|three|the|my|some) ", text.lower())
        or vocabulary.is_subject(text)
    ):
        return Wish(kind="idea", text=text, count=min(count, 4))
    if len(letters) == 2 and any(vocabulary.is_known(word) for word in letters):
        return Wish(kind="more", text=text)
    return Wish(kind="unknown", text=plain)
