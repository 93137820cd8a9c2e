"""Templates: read safely, filled in the same way by the same seed, counted; and a conversation's prompt as one."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.backends import phrases
from tools.backends.errors import BadInput
from tools.backends.records import Draft
from tools.backends.slots import template_of
from tools.backends.templates import BUILT_IN, count, escape, expand, first, parse, variants, walk, wildcards_in

FLAVOURS = {"flavours": ("chocolate", "vanilla", "{dark|milk} cocoa"), "loop": ("__loop__",), "bomb": ("__bomb__ __bomb__",),
            "a/b": ("deep",), "colors-warm": ("red",), "colors-cold": ("blue",)}  # fmt: skip


def every(text: str, wildcards: dict[str, tuple[str, ...]] | None = None) -> set[str]:
    return {expand(parse(text), seed, wildcards or FLAVOURS) for seed in range(300)}


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("a {cat|dog}", {"a cat", "a dog"}), ("a cat{, film still|}", {"a cat, film still", "a cat"}),
        ("{2$$a|b|c}", {"a, b", "a, c", "b, a", "b, c", "c, a", "c, b"}), ("{2$$ and $$a|b}", {"a and b", "b and a"}),
        ("{1-2$$-$$a|b}", {"a", "b", "a-b", "b-a"}), ("{-1$$a|b}", {"a", "b"}), ("{2-$$a|b}", {"a, b", "b, a"}), ("{9$$a|b}", {"a, b", "b, a"}),
        ("{0-1$$a}", {"", "a"}), ("{a|{b|c}}", {"a", "b", "c"}), ("{0::a|b}", {"b"}), ("__flavours__", {"chocolate", "vanilla", "dark cocoa", "milk cocoa"}),
        ("{2$$__flavours__}", {f"{a}, {b}" for a in ("chocolate", "vanilla", "dark cocoa", "milk cocoa") for b in
                               ("chocolate", "vanilla", "dark cocoa", "milk cocoa") if a.split()[-1] != b.split()[-1]}),
        ("__colors*__", {"red", "blue"}), ("__a/b__", {"deep"}), ("__flavour__!", {"chocolate!", "vanilla!", "dark cocoa!", "milk cocoa!"}),
        ("# a comment\na {cat|dog}", {"a cat", "a dog"}), (r"\{a|b\} \$5", {"{a|b} $5"}), (r"(a:1.2), \(b\), 50% a|b _x_", {r"(a:1.2), \(b\), 50% a|b _x_"}),
    ],
)  # fmt: skip
def test_the_syntax_means_what_it_means_elsewhere_and_all_of_it_can_come_out(text: str, prompts: set[str]):
    assert every(text) == prompts
    assert count(parse(text), FLAVOURS) == len(prompts)


def test_weights_are_kept():
    drawn = [expand(parse("{3::a|b}"), seed) for seed in range(2000)]
    assert 0.72 < drawn.count("a") / 2000 < 0.78


def test_a_seed_gives_the_same_prompt_on_every_machine():
    template = parse("a {red|blue|green} {cat|dog|fox}, {2$$soft light|film grain|bokeh}, __style__")
    assert [expand(template, seed) for seed in (0, 1, 2**31)] == [
        "a green cat, film grain, bokeh, noir",
        "a green cat, film grain, bokeh, low poly",
        "a blue cat, bokeh, soft light, noir",
    ]


def test_variants_differ_as_long_as_there_are_any():
    assert sorted(variants(parse("{a|b|c}"), 3, seed=5)) == ["a", "b", "c"]
    assert sorted(variants(parse("{a|b}"), 5, seed=5)) in (["a", "a", "a", "b", "b"], ["a", "a", "b", "b", "b"])
    assert variants(parse("plain"), 2, seed=0) == ["plain", "plain"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a {cat|dog", "without its }} at character 3"), ("a cat}", "character 6"), ("{" * 11 + "}" * 11, "nested"), ("{3-2$$a|b|c}", "smaller number"),
        ("{0::a|0::b}", "weight above 0"), ("${x=1}", "variables"), ("x" * 20_001, "characters"), ("{a}" * 6_000, "parts"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_place(text: str, said: str):
    with pytest.raises(BadInput, match=said.replace("}}", "}")):
        parse(text)


@pytest.mark.parametrize("text", ["__loop__", "__bomb__", "{a|__loop__}", "__nobody__", "__../../etc/passwd__"])
def test_wildcards_neither_loop_nor_explode_nor_leave_their_folder(text: str):
    with pytest.raises(BadInput, match=r"leads? to|no wildcard|without end"):
        count(parse(text), FLAVOURS)
    with pytest.raises(BadInput):
        for seed in range(40):
            expand(parse(text), seed, FLAVOURS)


def test_what_doubles_with_every_step_is_stopped_and_counted_no_further():
    wildcards = {f"w{n}": (f"{{a|b}}__w{n + 1}__ __w{n + 1}__",) for n in range(60)} | {"w60": ("x",)}
    with pytest.raises(BadInput):
        expand(parse("__w0__"), 1, wildcards)
    assert count(parse("{a|b}" * 2_000)) == 10**12
    assert count(parse("{50$$" + "|".join(str(n) for n in range(100)) + "}")) == 10**12


@settings(max_examples=50)
@given(st.text(max_size=60), st.text(alphabet="{}|$#_:\\ \n0.5ab,()", max_size=40))
def test_escaped_text_stands_for_itself(one: str, other: str):
    for text in (one, other, one + other):
        assert first(parse(escape(text))) == text == expand(parse(escape(text)), 3)
        assert sorted({expand(parse(f"x{{{escape(text)}|}}"), seed) for seed in range(12)}, key=len) in (
            ["x", "x" + text],
            ["x"],
        )


@given(st.text(alphabet="{}|$#_:\\ 012.-ab", max_size=60), st.integers(0, 2**32))
def test_no_text_does_more_than_be_refused(text: str, seed: int):
    try:
        template = parse(text)
        assert count(template, FLAVOURS) >= 1
        assert len(expand(template, seed, FLAVOURS)) <= 20_000
        assert all(isinstance(option, str) for slot in walk(template) for option in slot)
    except BadInput:
        pass


def test_a_folder_of_wildcards_is_read_like_elsewhere(tmp_path: Path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "mood.txt").write_text("# moods\ncalm\n\n  wild  \n")
    (tmp_path / "style.txt").write_text("mine\n")
    (tmp_path / "secret.txt").symlink_to("/etc/passwd")
    (tmp_path / "huge.txt").write_bytes(b"x\n" * 2**20)
    found = wildcards_in(tmp_path)
    assert (found["deep/mood"], found["style"], found["time"]) == (("calm", "wild"), ("mine",), tuple(BUILT_IN["time"]))
    assert not {"secret", "huge"} & set(found)
    assert wildcards_in(tmp_path / "nowhere")["place"] == tuple(BUILT_IN["place"])


def drafts(*steps: tuple[str, int | None]) -> list[Draft]:
    return [Draft(number=n, prompt=prompt, parent=parent) for n, (prompt, parent) in enumerate(steps, 1)]


@pytest.mark.parametrize(
    ("steps", "template"),
    [
        ((("a cat on a sofa", None),), "a cat on a sofa"),
        ((("a cat on a sofa", None), ("a dog on a sofa", 1)), "a {dog|cat} on a sofa"),
        ((("a cat, soft light", None), ("a cat, neon lights", 1)), "a cat, {neon lights|soft light}"),
        ((("a cat", None), ("a cat, film still", 1)), "a cat{, film still|}"),
        ((("a cat", None), ("a cat, watercolor", 1), ("a cat, oil painting", 1)), "a cat, {oil painting|watercolor}"),
        ((("a cat", None), ("a dog", 1), ("a fox", 2)), "a {fox|dog|cat}"),
        ((("a cat", None), ("a castle", None), ("a pink castle", 2)), "a {pink |}castle"),
        ((("a cat {x|y}, 50% \\(soft\\)", None), ("a cat {x|y}, 50% \\(soft\\), film grain", 1)), r"a cat \{x\|y\}, 50% \(soft\){, film grain|}"),
        ((("a cat, (neon:1.2)", None), ("a cat, (neon:1.3)", 1)), "a cat, {(neon:1.3)|(neon:1.2)}"),
    ],
)  # fmt: skip
def test_what_changed_over_the_conversation_becomes_slots(steps: tuple[tuple[str, int | None], ...], template: str):
    made = drafts(*steps)
    assert template_of(made, made[-1]) == template
    assert first(parse(template)) == made[-1].prompt


def test_what_is_locked_is_no_slot():
    made = drafts(("a cat on a sofa, soft light", None), ("a dog on a sofa, neon lights", 1))
    assert template_of(made, made[-1], locks=["dog"]) == "a dog on a sofa, {neon lights|soft light}"


def test_every_earlier_prompt_of_a_straight_line_can_come_out_again():
    made = drafts(
        ("a cat on a sofa", None),
        ("a dog on a sofa", 1),
        ("a dog on a sofa, watercolor", 2),
        ("a dog on a beach, watercolor", 3),
    )
    assert {draft.prompt for draft in made} <= every(template_of(made, made[-1])) | {"a cat on a sofa"}


PIECES = st.sampled_from(
    [
        "a cat",
        "(neon:1.2)",
        "b_",
        "_c",
        "\\",
        "{x|y}",
        "__style__",
        "50%::",
        "#1",
        "BREAK",
        "soft light",
        "“q, r”",
        "<lora:a:1>",
    ]
)


@settings(max_examples=50)
@given(st.lists(st.lists(PIECES, max_size=5), min_size=1, max_size=5), st.data())
def test_the_template_with_its_first_options_is_the_prompt_byte_for_byte(prompts: list[list[str]], data: st.DataObject):
    steps: list[tuple[str, int | None]] = []
    for n, pieces in enumerate(prompts):
        parent = data.draw(st.one_of(st.none(), st.integers(1, n))) if n else None
        steps.append((data.draw(st.sampled_from([", ", ",", "\n", " , "])).join(pieces), parent))
    made = drafts(*steps)
    base = data.draw(st.sampled_from(made))
    template = parse(template_of(made, base))
    assert first(template) == base.prompt
    for seed in range(3):
        assert len(phrases.split(expand(template, seed))) <= 60


def test_wildcards_that_lead_ever_deeper_are_told_and_do_not_crash():
    deep = {f"w{n}": (f"__w{n + 1}__",) for n in range(400)} | {"w400": ("a cat",)}
    for use in (count, first):
        with pytest.raises(BadInput, match="deep"):
            use(parse("__w0__"), deep)
    assert count(parse("__w395__"), deep) == 1 and first(parse("__w395__"), deep) == "a cat"
