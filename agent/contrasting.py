"""Messages that set one thing against another, heard as a whole: "not a cat, a dog", "everything but the sky" → wishes. Pure."""

import re

from agent import referring
from agent.changing import become
from agent.mending import mend
from agent.wording import Wish, noun, tail


def contrast(text: str) -> list[Wish] | None:
    """ "not a cat, a dog", "I meant a dog, not a cat", "cat -> dog": one thing for another."""
    low = mend(text.lower()).rstrip("!. ")
    lead = r"(?:(?:no|sorry|oops|well|actually)[,. ]+)*(?:i (?:meant|said|wanted|asked for|want|mean) )?"
    match = re.fullmatch(
        rf"{lead}(?P<new>(?:an? )?[\w -]{{2,40}}?),? (?:and |but )?not (?P<old>(?:an?|the) [\w -]{{2,40}}|[\w-]{{2,30}}s)",
        low,
    )
    match = match or re.fullmatch(
        rf"{lead}not (?P<old>(?:an?|the) [\w -]{{2,40}}?)(?:,| but) (?:but |i want |make it )?(?P<new>(?:an?|the) [\w -]{{2,40}})",
        low,
    )
    match = match or re.fullmatch(
        r"(?:i(?:'d)? |would )*rather (?:have |see )?(?P<new>an? [\w -]{2,40}?) than (?P<old>an? [\w -]{2,40})", low
    )
    match = match or re.fullmatch(r"(?P<old>[\w -]{2,40}?) ?(?:->|=>|→|>|=) ?(?P<new>[\w -]{2,40})", low)
    if match and re.search(r"[=>:]", low) and re.search(r"\d|\b(?:seed|size|steps|guidance|cfg)\b", low):
        return None  # "seed = 555"
    if match is None or re.match(r"(?:make|that|this|it|there|add|keep|why|what)\b", match["new"]):
        return None
    return [Wish(kind="replace", was=noun(match["old"]), text=tail(text, noun(match["new"])))]


def all_but(text: str) -> list[Wish] | None:
    """ "keep everything but the sky": all is locked that does not hold the words."""
    match = re.fullmatch(
        r"(?:please )?(?:(?:don't|do not|never) (?:change|touch|alter)|keep|leave|lock|freeze|preserve) (?:anything|everything|it all|all)(?: else)?(?: (?:the same|as (?:it )?is|unchanged|alone))? (?:but|except(?: for)?|apart from|besides|other than) (?:the |my )?([\w -]{2,40}?)[.! ]*",
        mend(text.lower()),
    )
    if match:
        return [Wish(kind="lock", parts=("everything",), was=match[1])]
    match = re.fullmatch(
        r"(?:please )?(?:everything|anything|all)(?: else)? (?:but|except(?: for)?|apart from|other than|besides) (?:the |my )?([\w -]{2,40}?) (?:may|can|could|is free to|is allowed to) (?:be )?changed?[.! ]*",
        mend(text.lower()),
    )
    if match:
        return [Wish(kind="lock", parts=(match[1],))]
    match = re.fullmatch(
        r"(?:please )?keep ([\w ]{2,50}?),? (?:and |but )?(?:change|make|turn|put|set) (?:the rest|everything else|all else|all the rest) (?:to |into |in )?(.+?)[.! ]*",
        mend(text.lower()),
    )
    if match:
        parts = tuple(part.strip() for part in re.split(r",|\band\b", match[1]) if part.strip())
        return [Wish(kind="lock", parts=parts), become(match[2], text)]
    match = re.fullmatch(
        r"(?:please )?(?:make|turn|paint|render) (?:everything|it all|all of it|the whole (?:picture|thing)) (.+?),? (?:but|except(?: for)?|apart from|other than) (the [\w -]{2,40}?)[.! ]*",
        mend(text.lower()),
    )
    if match:
        return [Wish(kind="lock", parts=(match[2],)), become(match[1], text)]
    match = re.fullmatch(
        r"(?:(?:i )?(?:really )?(?:like|love) )?(the [\w -]{2,40}?)(?: (?:is|are|looks?) (?:\w+ )?(?:perfect|great|good|fine|nice|lovely|right|just right|wonderful|ok|okay|beautiful))?,? (?:so |and |but )?(?:please )?(?:leave|keep|don't (?:change|touch)|lock) (?:it|that|them|him|her)(?: (?:alone|as (?:it is|they are)|like that|that way|exactly so|that way))*[.! ]*",
        mend(text.lower()),
    )
    return [Wish(kind="lock", parts=(match[1],))] if match else None


def mixture(text: str) -> list[Wish] | None:
    """ "mix the style of 1 with the place of 3", "the castle with the style of the neon one"."""
    low = mend(text.lower()).rstrip("!.? ")
    if match := re.fullmatch(
        r"(?:can you )?(?:please )?(?:mix|combine|blend|merge|put together|take) (the [\w ]{3,20} (?:of|from) .{1,40}?) (?:with|and) (the [\w ]{3,20} (?:of|from) .{1,40})",
        low,
    ):
        pieces = [re.sub(r"\b(of|from) #?(\d+)$", r"\1 picture \2", part) for part in match.groups()]
        loans = [referring.borrowing(f"with {part}", text) for part in pieces]
        if all(loans):
            return [loan for loan in loans if loan]
    if match := re.fullmatch(
        r"(?:i )?(?:like|love|prefer) (the [\w ]{3,20} (?:of|from|in) .{1,40}?)(?:,| and|,? so)? (?:please )?(?:use|take|put|do|apply|copy|have) (?:it|them|that|those|these)(?: (?:here|too|in this one|for this one|instead))*",
        low,
    ):
        loan = referring.borrowing(f"use {match[1]}", text)
        return [loan] if loan else None
    if match := re.fullmatch(
        r"(?:(?:draw|make|show me|give me|i want|like|take|use) )?(.{3,40}?),? (?:but )?((?:with|in) the .+)", low
    ):
        loan, named = referring.borrowing(match[2], text), referring.reference(match[1], loose=True)
        if loan and named is not None:
            return [Wish(kind="back", picture=named), loan] if named else [loan]
    return None
