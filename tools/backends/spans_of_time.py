"""Times as people say them: "yesterday", "this morning", "two hours ago", "Monday's". Pure; the caller says what now is."""

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PARTS = {"morning": (4, 12), "afternoon": (12, 18), "evening": (17, 24), "night": (18, 29), "noon": (11, 14)}  # hours
NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_COUNTS = {word: n for n, word in enumerate(NUMBER_WORDS, 1)} | {"a": 1, "an": 1, "couple": 2, "few": 3, "half": 0.5}
_MINUTES = {"minute": 1, "min": 1, "hour": 60, "day": 1440, "week": 10080}
_YESTERDAY = r"(?:yesterday|yesteday|yestarday|yesterdy|yesterady)"
_PHRASE = re.compile(
    r"\b(?:(?:from|of|on|made|earlier|back|sometime) )*(?:"
    rf"(?P<before>(?:the )?day before {_YESTERDAY})|(?P<yesterday>{_YESTERDAY})(?:'?s)?(?: (?P<part>morning|afternoon|evening|night))?"
    r"|(?P<last_night>last night)|this (?P<today_part>morning|afternoon|evening|noon)|(?P<tonight>tonight)|(?P<today>today)"
    r"|(?P<week>last|this) week"
    r"|(?:about |around |some )?(?:a )?(?P<count>\d{1,3}|[a-z]+)(?: of)?(?: an)? (?P<unit>minute|min|hour|day|week)s? ago"
    rf"|(?:(?:on|from|last|this) )?(?P<weekday>{'|'.join(_DAYS)})"
    r")(?:'?s)?\b"
)


class Span(NamedTuple):
    """From `start` (included) to `end` (not included)."""

    start: datetime
    end: datetime


def take_time(said: str, now: datetime) -> tuple[Span | None, str]:
    """The span of time that lower-case words name, if any, and the other words.

    `now` must know its zone: days begin where the person is.
    """
    for match in _PHRASE.finditer(said):
        span = _span(match, now)
        if span is not None:
            return span, f"{said[: match.start()]} {said[match.end() :]}".strip()
    return None, said


def _span(match: re.Match[str], now: datetime) -> Span | None:
    today = now.date()
    if match["before"]:
        return _day(today - timedelta(days=2), now)
    if match["yesterday"]:
        return _day(today - timedelta(days=1), now, match["part"])
    if match["last_night"]:
        return _day(today - timedelta(days=1), now, "night")
    if match["today_part"] or match["tonight"]:
        return _day(today, now, match["today_part"] or "evening")
    if match["today"]:
        return _day(today, now)
    if match["week"]:
        monday = today - timedelta(days=today.weekday() + (7 if match["week"] == "last" else 0))
        return Span(_at(monday, 0, now), _at(monday + timedelta(days=7), 0, now))
    if match["unit"]:
        return _ago(match["count"], match["unit"], now)
    days = (today.weekday() - _DAYS.index(match["weekday"])) % 7 or 7
    return _day(today - timedelta(days=days), now)


def _ago(count: str, unit: str, now: datetime) -> Span | None:
    """Days ago mean that day; hours and minutes are never meant to the minute."""
    number = float(count) if count.isdecimal() else _COUNTS.get(count)
    if number is None:
        return None
    if unit in ("day", "week"):
        day = now.date() - timedelta(days=round(number * _MINUTES[unit] / 1440))
        return (
            _day(day, now)
            if unit == "day"
            else Span(_at(day - timedelta(days=3), 0, now), _at(day + timedelta(days=4), 0, now))
        )
    away = timedelta(minutes=number * _MINUTES[unit])
    return Span(now - away * 1.5 - timedelta(minutes=1), now - away * 0.5)


def _day(day: date, now: datetime, part: str | None = None) -> Span:
    first, last = _PARTS[part] if part else (0, 24)
    return Span(_at(day, first, now), _at(day, last, now))


def _at(day: date, hour: int, now: datetime) -> datetime:
    return datetime.combine(day, time(), tzinfo=now.tzinfo) + timedelta(hours=hour)
