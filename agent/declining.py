"""What is clearly an order and still cannot be done: how to tell, and what to say instead of drawing it. Pure.

An order that is not understood never ends up in a prompt. Whatever a rule made of a message, words that only point
("it back", "picture one"), that order, or that are another language's orders are given back to the person with a reason.
"""

import re

from agent import telling, vocabulary
from agent.wording import ORDINAL, Wish

ALL_OF_IT = "all of it"  # a removal that would leave nothing
ALL_OWN = "all own"  # every word of the prompt is the person's already
NOTHING_GONE = "nothing gone"  # "add it back" where nothing was taken out
SAME_AS_WHAT = "same as what"  # "the same for picture 2" where the message before changed nothing
NO_HARM = "no harm"  # "sorry, my mistake"
NEXT = "next message"  # a wish for another picture than the message began with
IS_THERE = "is there"  # "have the fog back" where it never went
NOT_YOURS = "not yours"  # "only my words" of a prompt that was chosen as it is
NOT_THERE = "not there"  # "keep only the dragon" where there is none
_WRITTEN = ("more", "less", "add", "remove", "avoid", "style", "place", "time", "subject", "replace")
_POINTING = (
    r"(?:it|its|this|that|them|these|those|they|him|her|me|you|us|one|ones|thing|things|stuff|something|anything|everything|nothing|all|both|either|"
    r"behind|above|below|beside|two|three|four|five|six|seven|eight|nine|ten|back|again|actually|really|well|now|then|here|there|please|too|also|instead|still|just|only|maybe|perhaps|so|ok|okay|wait|sorry|no|not|yes|"
    r"alternatively|otherwise|rest|other|others|else|same|different|another|previous|before|after|more|less|much|many|lot|whatever|bit|way|of|like|to|for|and|or|but|"
    r"the|a|an|as|with|without|in|on|at|be|is|was|are|can|could|would|should|do|does|did|i|we|my|your|question|change|changes|idea|course|anyway|though|"
    r"least|first|finally|lastly|next|hm+|uh+|um+|oh|ah|what|which|who|why|how|when|where)"
)
_POINTS = re.compile(rf"(?:{_POINTING}(?:[\s,.!?']+|$))+")
_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
# A picture that is named in the middle of what should be words of a prompt
_NAMES_ONE = re.compile(
    rf"\b(?:the (?:very )?(?:{ORDINAL}|other|one before|previous) (?:one|ones|picture|image|pic|version|render)|(?:this|that|the other) (?:one|picture|image|version)|the [\w'-]+ (?:one|version)|"
    rf"(?:picture|pic|image|version) ?#?{_NUMBER}|#\d+|the (?:first|last|second|third) one)\b(?! (?:can|could|may|might|of (?!(?:the|them)\b)))"
)
_LEADS = re.compile(
    rf"either\b.*\bor\b.*|(?:\w+er|more \w+|less \w+)\W+or\b.*|your (?:own )?(?:ideas?|words|stuff|additions?)$|(?:again|once more|one more time)\b.*|(?:more |a bit |further |over )*(?:to|at|on|in|towards?) the (?:left|right|top|bottom|side|middle|center|centre|front|back)$|(?:with )?(?:other|different|another|new) (?:colou?rs?|style|light|lighting|mood|look|angle|background|place|time)(?: of day)?$|"
    rf"(?:like |as )?(?:pictures?|pics?|images?|versions?|numbers?|no\.?) ?#?{_NUMBER}(?:(?:,| and| or|&)+ (?:picture |number )?#?{_NUMBER})*$"
)
# Words that begin an order in a language that the rules do not know. Those that English has too need a second word behind them.
_ABROAD = re.compile(
    r"(?:bitte |por favor |s'il te plaît |s'il vous plaît |per favore |alsjeblieft |proszę )?(?:"
    r"mach(?:e|en sie|t)? (?:es|das|die|den|dem|ihn|sie|mal|bitte|alles|den hintergrund|ein|eine)\b|füge\b|fuege\b|entferne?\b|ändere?\b|aendere?\b|ersetze?\b|speicher[en]?\b|zeig(?:e|t)?(?: mir)?\b|"
    r"nimm\b|lösche?\b|tausche?\b|kannst du\b|könntest du\b|(?:etwas|ein bisschen|viel|noch) (?:mehr|weniger|\w+er)\b|mehr \w+|weniger \w+|ohne (?:den|die|das|dem)? ?\w+|noch (?:eins|eine|mal|einmal)\b|rückgängig\b|zurück\b|lass (?:es|das|die|den)\b|setz(?:e)? (?:es|das|die|den|ihn)\b|"
    r"rends?(?:[- ]?(?:le|la|les|l'))?\b|fais(?:[- ]?(?:le|la|les|en|moi))\b|ajoute[sz]?\b|enlève[sz]?\b|enleve[sz]?\b|supprime[sz]?\b|remplace[sz] |mets(?:[- ]?(?:le|la|les))?\b|change[sz]? (?:le|la|les|l')\b ?\w+|montre[sz]?(?:[- ]moi)?\b|sauvegarde\b|annule[sz]?\b|"
    r"plus (?:de|sombre|clair|bleu|rouge|lumineux|grand|petit)\b|moins (?:de )?\w+|sans (?:le|la|les|l')\b ?\w+|peux[- ]tu\b|pourrais[- ]tu\b|un peu (?:plus|moins)\b|"
    r"haz(?:lo|la)?(?: (?:que|más|mas|el|la|un|una|menos))?\b(?!e)|añade\b|anade\b|agrega\b|quita(?:r|le)?\b|elimina(?:r)?\b|cambia(?:r|lo|le)? (?:el|la|los|las|a|lo)\b|reemplaza\b|ponlo\b|ponle\b|pon (?:el|la|un|una|más)\b|guárdalo\b|guardalo\b|guarda (?:la|el|esto)\b|deshaz\b|muéstrame\b|muestrame\b|(?:más|mas) \w+|menos \w+|sin (?:el|la|los|las|gente|personas)\b|puedes\b|"
    r"rendil[oa]\b|fall[oa] (?:più|piu|meno)\b|aggiungi\b|togli\b|rimuovi\b|cambia (?:il|lo|la|i|gli|le)\b|salval[oa]\b|annulla\b|mostrami\b|più \w+|senza \w+|puoi\b|metti(?:l[oa])?\b|"
    r"faça\b|faz(?:er)? (?:mais|isso|a|o)\b|deixa (?:mais|o|a|isso)\b|adiciona(?:r)?\b|adicione\b|tira (?:o|a|os|as)\b|mude\b|muda (?:o|a|para)\b|mais \w+|sem (?:o|a|os|as|pessoas)\b|salva (?:isso|a|o)\b|desfaz(?:er)?\b|mostre\b|"
    r"maak (?:het|de|dit|hem)\b|voeg\b|verwijder\b|verander\b|bewaar\b|laat\b|zonder \w+|meer \w+|minder \w+|ongedaan\b|zrób\b|dodaj\b|usuń\b|zmień\b|zapisz\b|cofnij\b|pokaż\b|bardziej\b|mniej\b|bez \w+|daha \w+|ekle\b|kaldır\b|gör det\b|gør det\b|lägg till\b|ta bort\b|"
    r"сделай|добавь|убери|удали|измени|замени|сохрани|отмени|покажи|больше |меньше |без |зроби|додай)",
    re.IGNORECASE,
)
_ABROAD_ANYWHERE = re.compile(
    r"(?:して|にして|ください|追加|削除|を消|解除|해줘|추가|삭제|만들어|添加|删除|去掉|换成|变成|改成|保存|更多|让它|把)"
)
# What people ask to have done to a picture that no rule knows: "unweight the neon", "desaturate the sky"
_PARTS = (
    "background foreground sky ground horizon edge edges border borders corner corners colour colours color colors light lights lighting shadow "
    "shadows highlights contrast picture image photo scene prompt face faces eyes hands top bottom left right middle center centre whole rest weight "
    "weights phrase phrases word words style mood it this that them everything frame perspective camera angle"
).split()
_NO_ORDER = re.compile(
    r"(?:on|in|at|under|over|behind|beside|near|around|across|through|into|inside|outside|above|below|along|after|before|beyond|by|for|from|of|like|"
    r"and|but|or|with|without|to|the|a|an|all|both|half|where|when|who|meet|enter|during|against|toward|towards|between|among|up|down|out|off|as|is|than|via)$"
)


_SEVERAL = r"\b(?:all|both|every one|each|every)(?: of)? (?:of )?(?:them|these|those|the (?:pictures|images|ones)|pictures|images|ones|picture|image)\b|\b(?:make|turn|render|paint|draw) (?:them|these|those) (?:all|both)\b|^both in\b"


def several(low: str) -> bool:
    """Whether a change is wished for several pictures at once: "make all of them darker", "both in sepia"."""
    other = r"(?:save|keep|rate|show|list|find|search|compare|check|which|what|how|why|like|love|i |thumbs|delete|forget|lock|unlock|see|give me|two|three|four|\d|variations|more|another|again|in all|not in all|(?:put|bring|get|add) (?:them all|all of them|both(?: of them)?) back)\b"
    return bool(re.search(_SEVERAL, low)) and not re.match(other, low)


def unfit(text: str) -> bool:
    """Whether words can be no words of a prompt: they only point, or name one of the conversation's pictures."""
    low = text.lower()
    if re.search(
        r"\b(?:says?|saying|reads?|reading|titled|called|labell?ed|with the (?:words?|text|number|letters?))\b", low
    ):
        return points(text)
    return points(text) or bool(_NAMES_ONE.search(low) or re.fullmatch(r"(?:the )?[\w'-]+ ones?", low))


def points(text: str) -> bool:
    """Whether words say nothing by themselves: "it back", "the other", "number three"."""
    low = text.lower().strip(" .,!?")
    return bool(_POINTS.fullmatch(low) or _LEADS.match(low))


def foreign(text: str) -> bool:
    """Whether a message orders a change in another language. A picture described in one is an idea like any other."""
    low = " ".join(text.lower().split()).strip(" .,!?¡¿")
    return bool(_ABROAD.match(low) or _ABROAD_ANYWHERE.search(low))


def unknown_order(text: str, holds: bool) -> bool:
    """Whether "unweight the neon" orders something, rather than names a picture: a word, and what of the picture it is done to.

    `holds`: whether the prompt speaks of what follows the first word.
    """
    match = re.fullmatch(
        r"([a-z]{3,}) (?:(?:up|down|out) )?(?:(the|its|his|her|their|all the|some of the) (.{2,40})|it|this|that|them|everything)(?: .{0,30})?",
        text.lower().strip(" .!?"),
    )
    if match is None or _NO_ORDER.match(match[1]) or vocabulary.is_subject(match[1]):
        return False
    rest = (match[3] or "").split()
    return not rest or holds or rest[0] in _PARTS


def ordered(wish: Wish, piece: str) -> Wish:
    """The wish, or that the piece was not understood, where its words would be no words of a prompt."""
    named = wish.kind == "more" and wish.text.lower().startswith("the ")  # no quality: "make the castle fill the frame"
    if named or (wish.kind in _WRITTEN and unfit(wish.text)) or (wish.kind == "idea" and points(wish.text)):
        return Wish(kind="unknown", text=piece.strip(" .,!?"))
    return wish


def said(text: str, how: str = "") -> str:
    """The answer to words that were not understood, with the reason where it is known; `how`: one that only the prompt tells."""
    low = text.lower()
    if how == ALL_OF_IT:
        return f'{telling.quoted(text, 80)} is all that the prompt says, so nothing would be left. Say what is to be there instead: "a dog instead of the cat", for example.'
    if how == ALL_OWN:
        return 'There is nothing of mine in the prompt: every word of it is yours. "what\'s the prompt?" shows it.'
    if how == NOTHING_GONE:
        return 'Nothing that I could put back was taken out of this picture. Name the thing: "add a boat", for example, or "back to picture 1".'
    if how == SAME_AS_WHAT:
        return 'The same as what? Your last message changed no picture. Say the change itself, such as "make picture 1 darker".'
    if how == NO_HARM:
        return 'No harm done, and nothing is changed. "undo" takes the last change back.'
    if how == IS_THERE:
        thing = telling.quoted(text, 80)
        return f'{thing} is in the prompt, so there was nothing to bring back. If the picture does not show it, say "fix the {text}".'
    if how == NOT_YOURS:
        return "The prompt began as the example that you chose, so without the words that are not yours nothing would be left. Say your own idea, and I begin with that."
    if how == NOT_THERE:
        return f'The prompt says nothing of {telling.quoted(text, 80)}, so I left it as it is. "what\'s the prompt?" shows it.'
    if foreign(text):
        return (
            f"I am rules, and they know English only, so I left {telling.quoted(text, 80)} alone. Say it in English, such as "
            '"make it bluer", "at night", "without people" or "undo". A picture may be described in any language.'
        )
    if re.search(
        r"\b(?:0|zero|no) (?:more|other|new|another|versions?|variations?|variants?|takes?|tries|times|pictures?|images?)\b",
        low,
    ):
        return 'Then I make none. Say "another one" or "four more" when you want others.'
    if re.search(
        r"\b(?:delete|remove|erase|drop|wipe|destroy|trash|kill|discard|bin|throw (?:away|out)|get rid of)\b.{0,20}\b(?:(?:pictures?|images?|versions?|renders?|drafts?|conversations?|history|chat)\b|(?:first|second|third|fourth|last|other|previous|old) ones?$)",
        low,
    ):
        return (
            'I delete no pictures and no conversation: what was made stays where it is. Say "go back" or "undo" to leave a picture, '
            '"start over" for another idea, or "remove favourite 1" to take one out of your favourites.'
        )
    if re.fullmatch(
        r"(?:.*\b)?(?:that|this|the other) (?:one|picture|image|version)|.*\bback to (?:that|it|there|the other)",
        low.strip(" .!?"),
    ):
        return 'Which one? Say "back to picture 1", "the first one" or "the neon one", for example; "show the tree" lists them.'
    if re.search(
        r"\b(?:to|at|on|in|towards?) the (?:left|right|top|bottom|side|middle|center|centre|front|back|distance|background|foreground)\b",
        low,
    ):
        return 'What is to be there? Name the thing with its place: "put the boat on the left" or "a mountain in the background", for example.'
    if re.search(
        r"\b(?:different|other|another|new) (?:colou?rs?|style|light|lighting|mood|look|angle|background|place|time)\b",
        low,
    ):
        return 'Which? Say what it should be, such as "in blue and gold", "as a watercolor" or "at dawn"; "another one" tries the same prompt again.'
    if re.search(r"\bor\b", low) and (low.startswith("either") or re.search(r"\w+er\W+or\b|more \w+ or\b", low)):
        return "Which of the two? Say the one, and then the other: both stay in the history to compare."
    if re.search(r"\b(?:remove|delete|drop|lose|clear|erase|kill)\b.*\b(?:rest|else|others?)\b", low):
        return 'What is to stay? Say "keep only the castle", for example, and the rest of the prompt goes.'
    if re.search(_SEVERAL, low):
        return 'I change one picture at a time. Name one, such as "make picture 1 darker"; "the same for picture 2" does it there as well.'
    if re.search(r"\b(?:more|less|closer) (?:like|to)\b", low) and _NAMES_ONE.search(low):
        return 'What of it? Say "with the lighting of picture 1", "with its style", or "more like picture 2 and less like 3", for example.'
    if how == NEXT and _NAMES_ONE.search(low):
        return (
            f"I change one picture at a time, so I left {telling.quoted(text, 80)} for the next message. Say it by itself, such as "
            '"make picture 1 darker" or "the first one, but at night".'
        )
    if re.match(
        r"(?:what|which|how|why|where|when|who|is|are|was|were|did|do|does|has|have)\b", low
    ) and _NAMES_ONE.search(low):
        return 'I explain the picture at hand. Say "back to picture 1" and then "what did you change?", or "show the tree" for all the steps.'
    if _NAMES_ONE.search(low):
        return f'I did not understand {telling.quoted(text, 80)}. I change one picture at a time: "make picture 1 darker" or "the first one, but at night", for example.'
    return telling.not_understood(text)
