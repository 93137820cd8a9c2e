"""What people say with a picture that they drop in: recognise it, or draw something like it → wishes. Pure."""

import re

from agent.mending import mend
from agent.paraphrasing import unpolite
from agent.wording import Wish, tail


def with_picture(text: str) -> list[Wish]:
    """A message that came with a picture: about the picture, unless it only commands something else."""
    low = mend(unpolite(text).lower()).rstrip("?.! ")
    if not low or re.fullmatch(
        r".*\b(?:what|which|describe|prompts?|how|reverse|where|recogni[sz]e|tell me|guess|know|similar|find|same)\b.*",
        low,
    ):
        rest = re.search(
            r"\b(?:but|like this|similar(?: ones?)?),? (?:but )?((?:at|in|on|with|without|as|by) .+)$", low
        )
        return [Wish(kind="describe", picture="attached", text=tail(text, rest[1]) if rest else "")]
    if re.match(r"(?:save|keep|help|is this|have i|do i)\b", low):
        return [Wish(kind="describe", picture="attached")]
    if match := re.fullmatch(r"(?:turn|convert|change|transform|make) (?:this|it) (?:in)?to (?:an? )?(.+)", low):
        return [Wish(kind="describe", picture="attached", text=f"as {tail(text, match[1])}", count=2)]
    if re.fullmatch(r"(?:recreate|redraw|remake|reproduce|copy) (?:this|it)(?: picture| image)?", low):
        return [Wish(kind="describe", picture="attached", count=2)]
    if match := re.fullmatch(
        r"use (?:this|it) as (?:an? )?(?:reference|inspiration|base)(?: (?:for|to (?:draw|make)|and (?:draw|make)))?,? ?(.*)",
        low,
    ):
        return [Wish(kind="describe", picture="attached", text=tail(text, match[1]))]
    if match := re.fullmatch(
        r"(?!(?:draw|make|paint|render|create|do|give me|show me|something|one|more)\b)(.+) (?:like (?:this|that)|in (?:this|the same) style)",
        low,
    ):
        return [Wish(kind="describe", picture="attached", text=tail(text, match[1]))]
    like = re.fullmatch(
        r"(?:(?:draw|make|paint|render|create|do|give me|show me|i(?:'d)? (?:like|want)) ?)?(?:me )?(?:something |one |a picture |it |this |more )?(?:like (?:this|that|it)|similar|this|in this style)?[, ]*(?:but |and |only |just |except )?(.*)",
        low,
    )
    words = like[1] if like else low
    draw = bool(re.match(r"(?:draw|make|paint|render|create|do|give me)\b", low))
    return [Wish(kind="describe", picture="attached", text=tail(text, words), count=2 if draw else 1)]
