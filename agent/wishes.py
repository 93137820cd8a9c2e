"""A person's words → what they wish for, as a list of small records. Pure: no model, no library, no randomness.

Reads ordinary English with a few typos, several wishes in a message. What it cannot read comes back as `unknown`, never
as a guess that would cost the person a picture.
"""

import re
from dataclasses import replace
from functools import lru_cache

from agent import chatter, contrasting, examining, judging, locking, prompting, referring, vocabulary
from agent.attached import with_picture
from agent.changing import become, edit, kind_of
from agent.commanding import history, keeping, looking, settings, talk
from agent.mending import mend, mend_styles
from agent.paraphrasing import PADDING, POLITE, POLITE_END, plainly, said_otherwise, unpolite
from agent.wording import COMMANDS, COUNT, EDITS, PREPOSITION, Wish, counted, noun, tail

LONGEST = 600  # characters; a longer message describes a picture, and is not searched for several wishes
MOST_PARTS = 30
_DRAW = re.compile(
    r"^(?:(?:draw|paint|sketch|render|generate|create|make|show|imagine|picture|give|design|illustrate|do|drawing|painting|sketching|making)(?: me| us)?(?: up)? (?=an? |the |some |two |three |my |one |\w+s? (?:on|in|at|with|under|of) )"
    r"|(?:draw|paint|sketch|illustrate)(?: me| us)? (?!it\b|this\b|that\b|them\b|me\b|us\b)(?=[a-z])"
    r"|i(?:'d| would)? (?:like|love|want|wish|need)(?: to (?:see|have|get|draw|make))? |(?:i am|i'm) (?:wanting|wishing for|craving) |i(?: was|'m| am| had been)? (?:hoping|looking|longing|dying|wishing) (?:for|to (?:see|have|get)) |(?:i(?:'m| am|'ve been| was) )?thinking (?:about|of) (?=an? |the |some )|let me (?:see|have) (?=an? |some |two |three )|i(?:'d| would) be (?:\w+ )?(?:happy|glad|delighted|thrilled|grateful) to (?:see|have|get) |my \w+ (?:wants|would like|'d like|asks? for|asked for|is asking for) (?=an? |the |some )|(?:picture|imagine) this: ?|(?:make|do|draw|paint|create|show me|give me)(?: me)? something (?:like|of|about) (?=\S)|i have (?:in (?:my )?mind|an idea(?: of)?:?) (?=an? |the |some |two )|(?:make|draw|paint|do) for me (?=an? |one |some |the )|(?:today )?i feel like (?=an? |some )|(?:let's )?(?:try|have|go for) (?=an? )|(?:let's |lets )?(?:begin|start|kick off)(?:ning|ing)? with (?=an? |some |two )|(?:draw|paint|sketch|render|generate|create|show)(?: me)?: ?|(?:i am|i'm) (?:looking for|thinking of|dreaming of|after|imagining|in the mood for|picturing) |i(?:'d| would)? (?:fancy|imagine|picture|have in mind|wanted|was after) |surprise me with |how about (?=an? )|(?:let's )?(?:fresh start|start(?:ing)? (?:over|fresh|again)|from scratch)[:,-]* (?:with )?(?=an? )|(?:a |an )?(?:totally |completely |brand |entirely |whole )+(?:new|different|other) (?:idea|picture|image|one|thing|subject)[:,?!. -]+|let's (?:see|draw|make|do) |can i (?:see|have|get) |(?:a )?(?:new|next|another|other|different) (?:idea|picture|image|one|subject)(?:[:,]| -) ?|next[:,] |now (?=an? )|i was thinking (?:about|of) |i(?:'d| would) rather (?:have|see|do) |something (?:else|completely different|different|new)[:,-]+ ?|(?:forget (?:that|it|this|about (?:it|that)),? (?:and )?(?:draw|do|make|show me|let's do|i want)? ?)(?=an? ))"
)
_OF = re.compile(
    r"^(?:an? |the |some )?(?:new |nice |beautiful |little |quick |cute |cool |something )?(?:picture|image|photo|drawing|pic|illustration|render|scene|prompt)s? (?:of|with|showing|for) "
)
_SAME = re.compile(
    r"(?:(?:draw|do|make|show me|give me|i want|i'd like|please|now|ok(?:ay)?|and|can you (?:do|make|draw)|keep|use)[, ]+)*(?:exactly )?(?:the )?(?:exact )?same\b"
    r"(?! (?:seed|as|style)\b)(?: (?!(?:but|except|only|just|in|on|at|with|without|by|under|now|again)\b)\w+)?,?(?: (?:but|except|only|just|this time|again|now),?)*[, ]+(?=\S)",
    re.IGNORECASE,
)
# Each hears one kind of wish; the first that understands a piece of the message decides. Files before favourites, because
# "save the conversation" is no picture; what is locked before favourites, because "keep the cat" is none either.
_RULES = (
    talk, prompting.prompt_first, settings, judging.export, judging.taste, locking.locking, referring.undo, referring.tree,
    prompting.render, examining.weigh, examining.mend, examining.foresee, referring.searched, judging.rate, referring.again, history,
    referring.borrowing, referring.back, keeping, examining.check, looking,
)  # fmt: skip
_YES = re.compile(
    r"(?:oh |hm+,? )?(?:yes|yeah|yep|yup|sure|ok(?:ay)?)[,.! ]+(?:please|pls|thanks|do (?:it|that)|of course)[.! ]*"
)
# A remark about what is there, which is no new idea: "I can't see the cat", "the cat is missing", "use it"
_STATEMENT = (
    r"i|i'm|i've|i'd|she|he|she's|he's|you|you're|it|it's|its|that|that's|this|these|those|they|we|there(?:'s| is| are) no|(?:the|my|his|her) (?:\w+ ){1,2}(?:is|are|was|were|looks?|has|have|isn't|aren't|doesn't|does|seems)|"
    r"write|fix|improve|enhance|combine|mix|merge|blend|rotate|crop|flip|mirror|send|print|copy|share|post|try|use|pick|choose|show me (?:what|how|the)|describe"
)
# Words that begin an order or a remark, and no picture: what no rule understood of them is not drawn
_ORDERS = (
    "redo|brighten|darken|lighten|soften|sharpen|recolou?r|revise|refine|polish|finish|continue|proceed|see|look|watch|view|judge|compare|adopt|before|nothing|nobody|read|zoom|am|show how|show what|rather|match|convert|hide|clear|switch|redraw|repaint|inpaint|outpaint|test|rewrite|rephrase|predict|forget|never|not|can|could|should|would|will|roll|mark|undo|save|keep|lock|unlock|random|everything|"
    "clean|combine|back|display|restore|take|bring|check|rate|like|remember|add|remove|replace|swap|want|need|let me|don't|do not|please|why|who|whose|same|another|similar|more like|less|"
    "select|load|edit|modify|adjust|tweak|increase|decrease|reduce|apply|copy|borrow|export|download|explain|list|find|search|look for|go|wait|stop|help|tell|talk|say|ask|any|anything|which|whatever|if"
)
# "do the castle again but in winter": that picture, or this one where it shows a castle
_ONCE_MORE = re.compile(
    r"(?:do|make|draw|paint|show|render|try|redo|repeat)(?: me)? (?:it|this|that|this one|the (?:picture|image|same)|(?P<of>(?:the|that|my) [\w-]+(?: [\w-]+)?))(?: (?:again|once more|one more time|over)),? (?:(?:but|and|only|just|except|this time|now),? )*(?P<rest>\S.{1,80})",
    re.IGNORECASE,
)
# "the same style, but a dog", "a dog in this style": the style stays, and the picture shows something else
_SAME_STYLE = re.compile(
    r"(?:(?:in|with|keep|use) )?(?:exactly )?(?:the )?same (?:style|look)(?:, ?| )(?:but |and |only |just |now |for )*(?:with |draw |make it |show |paint )?(?P<after>\S.*)"
    r"|(?:now |and |but |please )?(?:draw |make |paint |show me |do |give me )?(?P<before>(?:an?|two|three|some) \S.*?),? (?:but )?(?:in|with) (?:exactly )?(?:the same|this|that) (?:style|look)",
    re.IGNORECASE,
)


def read(words: str, *, has_draft: bool = False, attached: int = 0) -> list[Wish]:
    """What the person wishes for, in the order said.

    Args:
        words: The message as it was typed.
        has_draft: Whether the conversation has a prompt that could be changed.
        attached: How many pictures came with the message.
    """
    if not attached and (hand := prompting.by_hand(words)):
        edited, after = hand
        return [edited, *(read(after, has_draft=has_draft) if after else ())]
    text = _tidy(words)
    if attached:
        return with_picture(text)
    if not text:
        return [Wish(kind="unknown")]
    if len(text) > LONGEST or len(re.findall(r"[,;.!?]", text)) > MOST_PARTS:
        return [_idea(text, text.lower(), has_draft)]
    if has_draft and (rest := chatter.given_up(text)) and (new := read(rest))[0].kind == "idea":
        return new
    if has_draft and (whole := _about_the_whole(text)):
        return whole
    wishes: list[Wish] = []
    for piece in _pieces(text, has_draft):
        wish = _one(piece, has_draft)
        last = wishes[-1] if wishes else None
        if last and last.kind == "idea" and wish.kind == "idea":
            wishes[-1] = Wish(kind="idea", text=f"{last.text}, {wish.text}", count=last.count)
        elif wish != last and (wish.kind not in ("thanks", "hello", "yes") or not wishes):
            wishes.append(wish)
    wishes = [
        wish
        for wish, after in zip(wishes, [*wishes[1:], None], strict=True)
        if not (wish.kind == "less" and wish.text in vocabulary.DULL and after and after.kind in EDITS)
    ]  # "it's a bit boring, make it livelier": the complaint says why
    if len(wishes) > 1 and wishes[0].kind in ("thanks", "hello", "yes"):
        wishes = wishes[1:]
    if [wish.kind for wish in wishes[:2]] == ["undo", "idea"]:
        wishes = wishes[1:]  # "scrap that, draw an owl": a new idea leaves everything behind anyway
    return _one_verdict(wishes)


def _about_the_whole(text: str) -> list[Wish] | None:
    """What is said of everything that follows: "the same, but …", "in the second one, …", "more like 2 and less like 3"."""
    if wish := referring.blending(mend(text.lower()).rstrip("?.! "), text):
        return [wish]
    if whole := contrasting.contrast(text) or contrasting.all_but(text) or contrasting.mixture(text):
        return whole
    if _one(text, True).kind in COMMANDS:
        return None  # "take the colours from the neon one" is one wish
    if same := _SAME.match(text):
        told = read(text[same.end() :], has_draft=True)
        return [become(wish.text, wish.text) if wish.kind == "idea" else wish for wish in told]
    if like := _SAME_STYLE.fullmatch(text.rstrip(".!")):
        other = like["after"] or like["before"]
        if kind_of(other.lower()) != "style":  # "the same style, but watercolor" contradicts itself
            return [become(w.text, w.text) if w.kind in ("idea", "replace") else w for w in read(other, has_draft=True)]
    if match := _ONCE_MORE.fullmatch(unpolite(text).rstrip("?.! ")):
        wishes = [become(w.text, w.text) if w.kind == "idea" else w for w in read(match["rest"], has_draft=True)]
        said = (match["of"] or "").lower()
        if wishes and all(wish.kind in EDITS for wish in wishes):
            return [Wish(kind="back", picture=said, how="as named"), *wishes] if said else wishes
    if other := referring.other_picture(re.sub(r"^(.*)\?+$", r"\1", unpolite(text))):
        there, rest = other
        wishes = [become(w.text, w.text) if w.kind == "idea" else w for w in read(rest, has_draft=True)]
        if all(wish.kind not in ("unknown", "hello", "thanks") for wish in wishes):
            return [there, *wishes] if there.picture else wishes
    return None


def _one_verdict(wishes: list[Wish]) -> list[Wish]:
    """ "love it, save it" is one pick and not two; "the watercolor is gorgeous, thumbs up" names its picture once."""
    named = {(w.how, w.picture) for w in wishes if w.kind == "rate" and w.picture}
    saved = {w.picture for w in wishes if w.kind == "save"}
    return [
        wish for wish in wishes
        if wish.kind != "rate"
        or not ((not wish.picture and any(how == wish.how for how, _ in named)) or (wish.how == "up" and wish.picture in saved))
    ]  # fmt: skip


def _tidy(words: str) -> str:
    text = words.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return chatter.without(PADDING.sub("", " ".join(text.split())))


def _pieces(text: str, has_draft: bool) -> list[str]:
    """The message cut where a new wish begins; an idea keeps its own commas."""
    cuts = re.split(
        r"(\s*[;\n]\s*|[.!?]+\s+|,?\s+(?:and|but) then\s+|,?\s+(?:then|but)\s+|,\s+and\s+|,\s+|(?<!black)\s+and\s+(?:also\s+)?|\s+and\s+(?!white)(?:also\s+)?|\s+&\s+)",
        text,
    )
    pieces = [cuts[0]]
    for separator, piece in zip(cuts[1::2], cuts[2::2], strict=True):
        if not piece.strip() or chatter.COURTESY.fullmatch(piece):
            continue
        before, now = _one(pieces[-1], has_draft), _one(piece, has_draft)
        hard = bool(re.search(r"[.;!?\n]|then|but", separator))
        if before.kind in ("lock", "unlock") and not hard and locking.goes_on(piece, pieces[-1], separator):
            pieces[-1] += f"{separator}{piece}"
            continue
        if before.kind in ("save", "rate") and (meant := chatter.MEANT.fullmatch(piece.lower().strip())):
            if not before.picture:
                name = meant[1] if referring.reference(meant[1]) else f"{meant[1]} one"
                pieces[-1] = f"{_VERB_OF[before.kind, before.how]} {name}"
            continue
        if before.kind in ("save", "rate", "check", "mend") and (names := _more_pictures(piece, now)):
            pieces += [f"{_VERB_OF[before.kind, before.how]} {name}" for name in names]
            continue
        if before.kind in ("save", "rate", "check") and before.picture and chatter.BACK_TO_IT.fullmatch(piece.lower()):
            pieces.append(f"back to {before.picture}")
            continue
        if before.kind == "back" and not hard and (_names_it(piece) or chatter.BACK_TO_IT.fullmatch(piece.lower())):
            continue  # "back to where we started, the very first picture"
        if before.kind in ("remove", "less", "avoid", "missing") and chatter.WHY_SO.fullmatch(piece.lower()):
            continue
        if before.kind == "foresee" and chatter.ROUGHLY.fullmatch(piece.lower()):
            continue
        if before.kind == "remove" and re.fullmatch(
            r"\W*(?:so |please |just |now )*(?:remove|delete|drop|take|lose|lock|leave|get) (?:it|that|them|those)(?: out| away| off| of it)?(?: please)?[.! ]*",
            piece.lower(),
        ):
            continue  # said already: "I don't like the glow, remove it"
        if before.kind == "less" and re.fullmatch(
            r"\s*(?:so )?(?:please )?(?:tone|turn|dial|bring|cut|scale) (?:it|that|this) (?:down|back)\b.*",
            piece.lower(),
        ):
            continue  # said already: "the neon is too much"
        if before.kind in ("mend", "missing") and re.fullmatch(
            r"\W*(?:but |with |in |using )*(?:(?:at most|up to|max\w*|no more than|only|budget|within)\b.{0,30}|(?:\d{1,2}|one|two|three|four|five|six) (?:tries|attempts|renders|times|goes|pictures|rounds)(?: (?:at most|max\w*|tops|only))?)\W*",
            piece.lower(),
        ):
            pieces[-1] += f"{separator}{piece}"
            continue
        if (
            before.kind == "replace"
            and re.fullmatch(r"\s*(?:the )?\w+(?: \w+)? (?:to|into|with|for|by) \w.*", piece.lower())
            and now.kind in ("idea", "unknown", "more")
        ):
            pieces.append(f"change {piece.strip()}")
            continue
        if (
            before.kind == "why"
            and before.text
            and re.fullmatch(
                r"\s*(?:then |so |well,? |please )*(?:remove|delete|drop|take|lose) (?:it|that|them)(?: out| away| again)?(?: please)?[.! ]*",
                piece.lower(),
            )
        ):
            pieces.append(f"remove {before.text}")
            continue
        if re.search(r"\bi\b", pieces[-1].lower()) and re.fullmatch(
            r"\W*(?:please )?(?:remember|note|keep) (?:that|this|it)\b.*", piece.lower()
        ):
            pieces[-1] += f"{separator}{piece}"
            continue
        if before.kind in ("idea", "search", "why", "unknown") or (
            before.kind not in EDITS and before.kind not in COMMANDS
        ):
            new = (
                now.kind in COMMANDS
                or now.kind in ("avoid", "thanks")
                or (hard and now.kind in EDITS)
                or before.kind in ("hello", "thanks", "stay")
            )
            new = new or (before.kind == "idea" and now.kind in ("more", "less"))
            new = new or (
                now.kind in EDITS
                and bool(
                    re.match(
                        r"\s*(?:make|turn|put|change|render|paint) (?:it|this|everything|him|her|them)\b", piece.lower()
                    )
                )
            )
            new = new or (hard and now.kind == "idea" and before.kind != "idea")
        elif before.kind in EDITS:
            listed = re.fullmatch(r"\s+(?:and|&)\s+", separator) and not re.match(
                r"(?:as|in|make|more|less|a|an|some|much|it|very|really)\b|\S+er$", piece.lower()
            )
            bare = now.kind in (
                ("place", "subject", "idea", "add", "unknown", "style", "more", "time")
                if listed
                else ("place", "subject", "idea", "add", "unknown")
            ) and not PREPOSITION.match(piece.lower().strip())
            if (
                bare
                and before.kind in ("avoid", "remove")
                and not hard
                and not re.match(
                    r"\s*(?:add|put|include|insert|with|make|turn|give|replace|change|no|draw|show)\b", piece.lower()
                )
            ):
                pieces.append(f"{'without' if before.kind == 'avoid' else before.kind} {piece}")
                continue
            # "red, green and blue" belongs together; a piece that is a wish by itself does not
            new = (
                now.kind in COMMANDS
                or now.kind in ("thanks", "stay")
                or (now.kind in EDITS and _stands_alone(piece, now))
            )
            if (
                before.kind in ("avoid", "remove", "add")
                and now.kind == "add"
                and not re.match(r"\s*(?:add|put|include|insert|with)\b", piece.lower())
            ):
                pieces.append(f"{'without' if before.kind == 'avoid' else before.kind} {piece}")
                continue
            new = new or (now.kind not in ("idea", "unknown") and before.kind in ("style", "time", "place"))
        else:
            new = True
        if new:
            pieces.append(piece)
        else:
            pieces[-1] += f"{separator}{piece}"
    return [
        part.strip()
        for piece in pieces
        if piece.strip()
        for part in (_tries_and_scene(piece.strip()) if has_draft else [piece])
        for part in _scene_and_ban(part)
    ]


_VERB_OF = {
    ("save", ""): "save",
    ("rate", "up"): "thumbs up for",
    ("rate", "down"): "thumbs down for",
    ("check", ""): "check",
    ("mend", ""): "mend",
}


def _names_it(piece: str) -> bool:
    """Whether a piece only says once more which picture was meant."""
    said = piece.lower().strip(" .!")
    return referring.reference(said) is not None and not re.match(r"(?:it|this|that)\b", said)


def _more_pictures(piece: str, now: Wish) -> list[str]:
    """The pictures that a piece after "save picture 1 and …" names, when it says nothing else."""
    if now.kind not in ("unknown", "idea", "back", "style", "again"):
        return []
    return referring.several_named(re.sub(r"^(?:also|then|the same for) ", "", piece.lower().strip(" .!?")), piece)


def _scene_and_ban(piece: str) -> list[str]:
    """ "mountain at dawn without any people" → the idea, and what it must not show."""
    match = re.search(
        r",? (?:but )?(?:without|with no) (?:any )?(?=\S)(?!(?:asking|showing|changing|touching|a render|rendering)\b)",
        piece,
    )
    if (
        match is None
        or match.start() < 3
        or _one(piece[: match.start()], False).kind != "idea"
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


def _tries_and_scene(piece: str) -> list[str]:
    """ "two variations of picture 1 in watercolor" → the tries, and what they are to be like."""
    match = _TRIES.fullmatch(unpolite(piece)) or _ANOTHER.fullmatch(unpolite(piece))
    return [match["tries"], match["scene"]] if match else _style_and_scene(piece)


def _style_and_scene(piece: str) -> list[str]:
    """ "as an oil painting at night" → the style and the time by themselves."""
    if len(piece.split()) > 10:
        return [piece]
    for space in re.finditer(r" (?=(?:at|in|on|by|under|during) )", piece):
        style, scene = piece[: space.start()], piece[space.end() :]
        wish = _one(style, True)
        if (
            wish.kind == "style"
            and vocabulary.style_of(wish.text)
            and kind_of(scene.lower().rstrip(".!? ")) in ("time", "place")
        ):
            return [style, scene]
    return [piece]


def _stands_alone(piece: str, wish: Wish) -> bool:
    return wish.kind not in ("add", "subject") or bool(
        re.match(r"\s*(?:also |and )?(?:add|put|include|with|give|make|turn)\b", unpolite(piece).lower())
    )


def _one(piece: str, has_draft: bool) -> Wish:
    """The wish in one piece of a message; what is asked for in a question does not end in its mark."""
    wish = _asked(piece, has_draft)
    if wish.kind in EDITS and wish.text.endswith("?"):
        return replace(wish, text=wish.text.rstrip("? "))
    return wish


@lru_cache(maxsize=256)
def _asked(piece: str, has_draft: bool) -> Wish:
    if _YES.fullmatch(piece.strip().lower()):
        return Wish(kind="yes")
    piece = re.sub(r'^\s*"([^"]*)"\s*$', r"\1", piece)
    plain = POLITE.sub("", piece.strip(), count=1) if POLITE.match(piece.strip().lower()) is None else unpolite(piece)
    plain = re.sub(r"^(?:how|what) (?:about|'?bout) (?=\S)", "", plain, flags=re.IGNORECASE)
    asked = re.match(
        r"(?:please )?(?:can|could|would|will|should|may) (?:you|u|we|i|it|this|there|the|she|he|they)\b|(?:(?:how|what) about|maybe|perhaps)\b",
        piece.strip().lower(),
    )
    plain = POLITE_END.sub("", plain).strip().rstrip(".!?" if asked else ".!").strip()
    plain = re.sub(r"(?<!\w)(['\"])([^'\"]{2,}?)\1(?!\w)", r"\2", plain)  # quotation marks around a phrase
    low = plainly(mend(plain.lower()), has_draft=has_draft)
    for rule in _RULES:
        if wish := rule(low, plain):
            return wish
    if has_draft:
        spoken = said_otherwise(low)
        if wish := edit(spoken, plain):
            return wish
    elif match := re.match(r"(?:without|with no|no|avoid) (?:any )?(.+)$", low):
        return Wish(kind="avoid", text=noun(match[1]))
    elif re.match(r"(?:make|turn|change) (?:it|this|that)\b|(?:more|less|remove|replace|swap|instead)\b", low):
        return edit(low, plain) or Wish(kind="unknown", text=plain)
    if has_draft and (same := _SAME.match(plain)) and (said := _one(plain[same.end() :], True)).kind in EDITS:
        return said  # "thumbs up! now the same in winter"
    wish = _idea(plain, low, has_draft)
    more = re.match(r"\s*(?:and |oh |ok(?:ay)? |please |maybe )*(?:also|plus)\b", piece.lower()) or re.search(
        r"\b(?:too|as well|wouldn't hurt|(?:would|could|might) be (?:nice|nicer|cool|great|lovely|good|fun|better|perfect|sweet))(?:,? (?:please|pls|plz|thanks?))?[.!? ]*$",
        piece.lower(),
    )
    if has_draft and more and wish.kind == "idea":
        return Wish(kind="add", text=wish.text)
    return wish


def _idea(plain: str, low: str, has_draft: bool) -> Wish:
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
    text = mend_styles(text.strip(" ,.!?\"'"))
    letters = re.findall(r"[^\W\d_]{2,}", text)
    if not letters or (low.endswith("?") and not lead):
        return Wish(kind="unknown", text=plain)
    if match := re.fullmatch(r"(?:show me |tell me )?what (.+) looks? like", text.lower()):
        text = tail(text, match[1])
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
        or re.match(r"(?:an?|two|three|the|my|some) ", text.lower())
        or vocabulary.is_subject(text)
    ):
        return Wish(kind="idea", text=text, count=min(count, 4))
    if len(letters) == 2 and any(vocabulary.is_known(word) for word in letters):
        return Wish(kind="more", text=text)
    return Wish(kind="unknown", text=plain)
