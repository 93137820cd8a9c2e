"""A condition is read as it was written or refused with its words and an example; nothing else gets through."""

import csv
import io
import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from library_kit import DIMENSIONS, PlainEncoder, rows

from tools.backends import phrases
from tools.backends.clauses import PIECE, other_number
from tools.backends.database import Library
from tools.backends.dialects import FOLDED, TOKENS
from tools.backends.errors import BadInput
from tools.backends.filters import KINDS, LARGEST, MOST, OPERATORS, SHAPES, Filter, parse_filter, parse_filters

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
WORDY = ANY_TEXT.filter(phrases.words)


def values(column: str, operator: str) -> st.SearchStrategy:
    if column == "shape":
        return st.sampled_from(SHAPES)
    if KINDS[column] is str:
        return WORDY if ":" in operator else ANY_TEXT.filter(bool) if "~" in operator else ANY_TEXT
    return {int: st.integers(0, LARGEST), bool: st.booleans(), float: st.floats(0.0, MOST.get(column, 1.0))}[
        KINDS[column]
    ]


@st.composite
def filters(draw) -> Filter:
    column = draw(st.sampled_from(list(KINDS)))
    operator = draw(st.sampled_from(OPERATORS[column]))
    return Filter(column=column, operator=operator, value=draw(values(column, operator)))


@given(filters(), st.sampled_from(["", " ", "  "]))
def test_what_a_filter_says_of_itself_is_read_as_the_same_filter(condition, space):
    assert parse_filter(str(condition)) == condition
    assert parse_filter(f"{space}{condition}{space}") == condition
    column, operator, value = condition.column, condition.operator, str(condition).partition(condition.operator)[2]
    assert parse_filter(f"{space}{column.upper()}{space}{operator}{space}{value}{space}") == condition


@given(ANY_TEXT)
def test_quotation_marks_keep_a_text_as_it_is(text):
    assert parse_filter(f'url = "{text}"').value == text
    assert parse_filter(f"url='{text}'").value == text


@given(st.text() | st.from_regex(r"(\w+|width|prompt|seed|shape|nsfw) ?[=<>~!:]+ ?.*", fullmatch=True))
def test_any_text_is_a_filter_or_bad_input_that_names_it_and_shows_an_example(text):
    try:
        condition = parse_filter(text)
    except BadInput as error:
        assert repr(text[:80])[:-1] in str(error) and "width>=1024" in str(error)
    else:
        assert condition.column in KINDS
        assert condition.operator in OPERATORS[condition.column]
        assert type(condition.value) is KINDS[condition.column]
        assert parse_filter(str(condition)) == condition


@pytest.mark.parametrize(
    ("expression", "column", "operator", "value"),
    [
        ("width>=1024", "width", ">=", 1024),
        (" Height < 0512 ", "height", "<", 512),
        ("source_site=lexica.art", "source_site", "=", "lexica.art"),
        ("source_site!=", "source_site", "!=", ""),
        ("url!~https://images", "url", "!~", "https://images"),
        ("prompt~a = b", "prompt", "~", "a = b"),
        ("prompt !: b", "prompt", "!:", "b"),
        ("prompt: studio ghibli", "prompt", ":", "studio ghibli"),
        ('prompt!:"people"', "prompt", "!:", "people"),
        ('prompt~"\' OR 1=1 --"', "prompt", "~", "' OR 1=1 --"),
        ("favourite=Yes", "favourite", "=", True),
        ("seed=known", "seed", "=", True),
        ("Seed != Unknown", "seed", "!=", False),
        ("shape=WIDE", "shape", "=", "wide"),
        ("nsfw<0.5", "nsfw", "<", 0.5),
        ("rating>=7", "rating", ">=", 7.0),
        ("rating<.5", "rating", "<", 0.5),
    ],
)
def test_conditions_are_read(expression, column, operator, value):
    assert parse_filter(expression) == Filter(column=column, operator=operator, value=value)


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("", "is no condition"),
        ("width", "is no condition"),
        ("width>=wide", "cannot be compared with 'wide'.*whole number of pixels"),
        ("width>=-1", "cannot be compared with '-1'"),
        ("width=99999999999", "cannot be compared"),
        ("width=4294967296", "is no size in pixels"),
        ("width~5", "cannot be compared by '~', only by = != < <= > >="),
        ("prompt<x", "cannot be compared by '<'"),
        ("url:x", "cannot be compared by ':'"),
        ("prompt~", "should contain"),
        ("prompt!:--", "should hold"),
        ("favourite=maybe", "cannot be compared with 'maybe'.*yes or no"),
        ("seed=1234", "cannot be compared with '1234'.*known or unknown"),
        ("shape=round", "'round' is no shape: shape is wide, tall or square"),
        ("nsfw=0.5", "cannot be compared by '='"),
        ("nsfw<2", "2 is no nsfw"),
        ("nsfw<nan", "cannot be compared with 'nan'"),
        ("rating>=-1", "cannot be compared with '-1'"),
        ("rating>=1e999", "inf is no rating"),
        ("rating>=10.5", "10.5 is no rating"),
        ("content_key=x", "'content_key' is no column"),
        ("seed_known=1", "'seed_known' is no column"),
        ("https://lexica.art", "'https' is no column"),
        ("1=1 OR width=1", "'1' is no column"),
        ("width=1; DROP TABLE examples", "cannot be compared"),
    ],
)
def test_what_is_no_condition_is_refused_with_its_words(expression, says):
    with pytest.raises(BadInput, match=says) as caught:
        parse_filter(expression)
    assert repr(expression) in str(caught.value)


def test_a_text_of_any_length_is_answered_in_a_short_line():
    for expression in ("prompt~" + "x" * 20_000, "x" * 100_000, "width=" + "9" * 100_000):
        with pytest.raises(BadInput) as caught:
            parse_filter(expression)
        assert len(str(caught.value)) < 600


def test_several_conditions_are_read_in_order_and_each_once():
    read = parse_filters(["shape=wide", "seed=known", "Shape = wide"])
    assert [str(condition) for condition in read] == ["shape=wide", "seed=known"]


# --- what a word is, for the filter, for the index of words, and in Python ---


ENCODER = PlainEncoder()


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words") / "library"
    facts = {"encoder_name": "plain", "encoder_fingerprint": "plain-1", "dimensions": DIMENSIONS}
    with Library(f"chdb://{folder}", **facts) as opened:
        yield opened


@pytest.fixture
def engine(library):
    """The engine itself, without a library's care."""
    import chdb

    return chdb.connect(library.place)


def test_every_sign_of_unicode_parts_words_in_the_library_as_it_does_in_python(engine, tmp_path):
    signs = [chr(code) for code in range(1, 0x110000) if unicodedata.category(chr(code)) not in ("Cs", "Cn", "Co")]
    file = tmp_path / "signs.json"
    file.write_text("".join(json.dumps({"prompt": f"a{sign}b"}) + "\n" for sign in signs))
    found = engine.query(
        f"SELECT hex(prompt), hex({FOLDED}), hex(arrayStringConcat({TOKENS}, ' ')) FROM file('{file}', 'JSONEachRow')",
        "CSV",
    )
    said = [[bytes.fromhex(cell).decode() for cell in row] for row in csv.reader(io.StringIO(str(found)))]
    assert len(said) == len(signs)
    for prompt, folded, tokens in said:
        assert folded == phrases.folded(prompt), ascii(prompt)
        assert tokens.split() == PIECE.findall(phrases.folded(prompt)), ascii(prompt)


SIGN = st.characters(exclude_categories=["Cs", "Cn", "Co", "Cc"])
SEPARATOR = st.sampled_from([*" \u00a0\u3000\u2003★☆♥🐈·—'’_-/|&+~#。、，,.", "\u200b", "🐈\u200d⬛", "\ufe0f"])
WORD = st.sampled_from(["cat", "Cats", "été", "Straße", "don't", "夜", "K", "3d", "city", "ＣＡＴ", "ΟΔΟΣ"])
PROMPT = st.lists(WORD | SEPARATOR | SIGN, min_size=1, max_size=9).map("".join)


@settings(max_examples=60)
@given(prompts=st.lists(PROMPT, min_size=1, max_size=8, unique_by=lambda prompt: " ".join(prompt.split())), word=WORD)
def test_a_prompt_has_a_word_in_the_library_where_it_holds_it_in_python(library, prompts, word):
    library._do("TRUNCATE TABLE examples")
    prompts = [prompt for prompt in prompts if prompt.strip()] or ["a cat"]
    library.add(rows(prompts, ENCODER))
    own = phrases.words(word)[0]
    forms = {own, other_number(own)}
    wanted = {prompt for prompt in prompts if forms & {*phrases.words(prompt)}}
    for said, expected in ((f"prompt:{word}", wanted), (f"prompt!:{word}", {*prompts} - wanted)):
        found = library.nearest_prompts(ENCODER.texts(["cat"])[0], 99, [parse_filter(said)])
        assert {example.prompt for example, _ in found} == expected
    assert {prompt for prompt in prompts if phrases.holds(prompt, word)} <= wanted
