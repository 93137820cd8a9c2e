"""A condition is read as it was written or refused with its words and an example; nothing else gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.backends.errors import BadInput
from tools.backends.filters import KINDS, LARGEST, OPERATORS, Filter, parse_filter

SAYABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).filter(
    lambda text: text == text.strip() and text[:1] not in ("'", '"', "=")
)
VALUES = {int: st.integers(0, LARGEST), str: SAYABLE, bool: st.booleans()}


@st.composite
def filters(draw) -> Filter:
    column = draw(st.sampled_from(list(KINDS)))
    operator = draw(st.sampled_from(OPERATORS[KINDS[column]]))
    value = draw(VALUES[KINDS[column]].filter(lambda value: operator != "~" or value))
    return Filter(column=column, operator=operator, value=value)


@given(filters(), st.sampled_from(["", " ", "  "]))
def test_what_a_filter_says_of_itself_is_read_as_the_same_filter(condition, space):
    assert parse_filter(str(condition)) == condition
    column, operator, value = condition.column, condition.operator, str(condition).partition(condition.operator)[2]
    assert parse_filter(f"{space}{column.upper()}{space}{operator}{space}'{value}'{space}") == condition


@given(st.text() | st.from_regex(r"\w+ ?[=<>~!]+ ?.*", fullmatch=True))
def test_any_text_is_a_filter_or_bad_input_that_names_it_and_shows_an_example(text):
    try:
        condition = parse_filter(text)
    except BadInput as error:
        assert repr(text[:80])[:-1] in str(error) and "width>=1024" in str(error)
    else:
        assert condition.column in KINDS
        assert condition.operator in OPERATORS[KINDS[condition.column]]
        assert type(condition.value) is KINDS[condition.column]


@pytest.mark.parametrize(
    ("expression", "column", "operator", "value"),
    [
        ("width>=1024", "width", ">=", 1024),
        (" Height < 0512 ", "height", "<", 512),
        ("source_site=lexica.art", "source_site", "=", "lexica.art"),
        ("source_site!=", "source_site", "!=", ""),
        ("prompt~a = b", "prompt", "~", "a = b"),
        ('prompt~"\' OR 1=1 --"', "prompt", "~", "' OR 1=1 --"),
        ("favourite=Yes", "favourite", "=", True),
    ],
)
def test_conditions_are_read(expression, column, operator, value):
    assert parse_filter(expression) == Filter(column=column, operator=operator, value=value)


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("", "is no condition"),
        ("width", "is no condition"),
        ("width>=wide", "cannot be compared with 'wide'"),
        ("width>=-1", "cannot be compared with '-1'"),
        ("width=99999999999", "cannot be compared"),
        ("width=4294967296", "is no size in pixels"),
        ("width~5", "cannot be compared by '~'"),
        ("prompt<x", "cannot be compared by '<'"),
        ("prompt~", "should contain"),
        ("favourite=maybe", "cannot be compared with 'maybe'"),
        ("content_key=x", "'content_key' is no column"),
        ("1=1 OR width=1", "'1' is no column"),
        ("width=1; DROP TABLE examples", "cannot be compared"),
    ],
)
def test_what_is_no_condition_is_refused_with_its_words(expression, says):
    with pytest.raises(BadInput, match=says) as caught:
        parse_filter(expression)
    assert repr(expression) in str(caught.value)
