"""What every engine's library does: one class of claims, run on each of them by test_engines.py."""

import numpy as np
import pyarrow as pa
import pytest
from library_kit import DIMENSIONS, PlainEncoder, rows, scene

from tools.backends import phrases
from tools.backends.database import Library, content_key, other_number
from tools.backends.errors import BadInput, BadTable, LibraryError, NotFound
from tools.backends.filters import parse_filter
from tools.backends.links import hash_of
from tools.backends.pictures import thumbnail
from tools.backends.records import Example
from tools.backends.sameness import Gain, Saying, Standing
from tools.backends.tables import COUNTS

PROMPTS = ["a cat on a sofa, watercolor", "a castle in the clouds, studio ghibli", "neon street in rain, watercolor"]
ENCODER = PlainEncoder()
MANY = 400


def open_library(dsn: str, **changes) -> Library:
    facts = {"encoder_name": "plain", "encoder_fingerprint": "plain-1", "dimensions": DIMENSIONS, "timeout": 20.0}
    return Library(dsn, **{**facts, **changes})


def many(count: int = MANY) -> pa.Table:
    """Rows with vectors around a few centres, as prompts lie, and columns to filter by."""
    rng = np.random.default_rng(5)
    centres = rng.normal(size=(8, DIMENSIONS))
    vectors = (centres[np.arange(count) % 8] + 0.6 * rng.normal(size=(count, DIMENSIONS))).astype(np.float32)
    return pa.table(
        {
            "id": [f"{n:05d}" for n in range(count)],
            "prompt": [f"picture {n}, {'castle' if n % 7 else 'rare cottage'}" for n in range(count)],
            "prompt_vector": pa.FixedSizeListArray.from_arrays(vectors.ravel(), DIMENSIONS),
            "picture_vector": pa.FixedSizeListArray.from_arrays(vectors[:, ::-1].ravel(), DIMENSIONS),
            "width": [n % 100 for n in range(count)],
        }
    )


def exact(table: pa.Table, vector: np.ndarray, k: int, keep=lambda row: True) -> list[str]:
    """The answer by plain arithmetic."""
    vectors = np.asarray(table.column("prompt_vector").to_pylist(), np.float32)
    alike = vectors @ vector / np.linalg.norm(vectors, axis=1)
    order = [
        n for n in np.argsort(-alike, kind="stable") if keep({c: table.column(c)[int(n)].as_py() for c in ("width",)})
    ]
    return [table.column("id")[int(n)].as_py() for n in order[:k]]


def counts(library: Library) -> dict[str, dict[str, int]]:
    """Both tables of counts, without what has gone down to nothing."""
    found = {}
    for table in COUNTS:
        name = table.partition("_")[0]
        listed = library._rows(f"SELECT {name}, sum(count) AS all FROM {table} GROUP BY {name} HAVING all != 0")
        found[table] = {key: int(count) for key, count in listed}
    return found


class LibraryContract:
    """Inherit, and give a fixture `library`: an empty one."""

    def test_rows_come_back_whole_and_are_found_at_once(self, library):
        table = rows(
            PROMPTS, ENCODER, {1: scene(1)}, id=["one", "two", "three"], url=["http://x/1", None, ""], width=[512, None, 0],
            source_site=["x.org", None, ""], favourite=[False, True, None], recipe=["", '{"seed": 1}', None],
        )  # fmt: skip
        assert library.add(table) == 3 == library.count()
        assert library.get(["two", "nobody", "one"]) == [
            Example(id="two", prompt=PROMPTS[1], favourite=True, recipe='{"seed": 1}'),
            Example(id="one", prompt=PROMPTS[0], url="http://x/1", width=512, source_site="x.org"),
        ]
        near = library.nearest_prompts(ENCODER.texts([PROMPTS[2]])[0], 2)
        assert [example.id for example, _ in near][0] == "three"
        assert near[0][1] == pytest.approx(0, abs=1e-5)
        assert near[1][1] > 0.1
        seen = library.nearest_pictures(ENCODER.pictures([scene(1)])[0], 5)
        assert [(example.id, round(distance, 4)) for example, distance in seen] == [("two", 0)]
        assert library.thumbnail("two") == thumbnail(scene(1))
        assert library.thumbnail("one") is None
        assert [example.id for example, _ in library.lexical("studio ghibli castles", 5)] == ["two"]
        assert [example.id for example in library.favourites()] == ["two"]
        assert library.phrase_counts(["watercolor", "studio ghibli", "nothing"]) == {
            "watercolor": 2, "studio ghibli": 1, "nothing": 0
        }  # fmt: skip

    def test_what_is_taken_out_leaves_no_trace_in_the_counts(self, library):
        library.add(rows(PROMPTS[:1], ENCODER, id=["one"]))
        before = counts(library)
        assert before["token_counts"] == {
            "": 1,
            " ": len(PROMPTS[0]),
            "a": 1,
            "cat": 1,
            "on": 1,
            "sofa": 1,
            "watercolor": 1,
        }
        library.add(rows(PROMPTS[1:2], ENCODER, {0: scene(1)}, id=["two"], favourite=[True]))
        assert counts(library)["phrase_counts"] == {
            "": 2, "a cat on a sofa": 1, "watercolor": 1, "a castle in the clouds": 1, "studio ghibli": 1
        }  # fmt: skip
        for id in ("one", "nobody", "' OR 1=1"):
            with pytest.raises(NotFound, match="is no favourite"):
                library.remove(id)
        assert library.remove("two").prompt == PROMPTS[1]
        assert (library.count(), library.favourites(), library.thumbnail("two")) == (1, [], None)
        assert counts(library) == before
        assert library.add(rows(PROMPTS[1:2], ENCODER, {0: scene(1)}, id=["two"], favourite=[True])) == 1
        assert library.thumbnail("two") == thumbnail(scene(1))

    def test_the_same_content_is_kept_once_and_under_an_id_of_its_own(self, library):
        twice = rows([PROMPTS[0], PROMPTS[0], f"  {PROMPTS[0]} ".replace(" on ", "  on ")], ENCODER, id=["a", "b", "c"])
        assert library.add(twice) == 1
        assert library.add(twice) == 0
        assert library.add(rows([PROMPTS[0]], ENCODER, id=["a"], url=["http://other"])) == 1
        other = rows(PROMPTS[1:], ENCODER, id=["a", "a"])
        assert (library.add(other), library.add(other), library.count()) == (2, 0, 4)
        ids = [library.lexical(prompt, 1)[0][0].id for prompt in PROMPTS[1:]]
        assert ids == [f"a-{content_key(prompt)[:8]}" for prompt in PROMPTS[1:]]
        assert library.is_known([content_key(PROMPTS[0]), content_key("new")]) == {content_key(PROMPTS[0])}

    def test_a_known_row_gets_its_picture_later(self, library):
        library.add(rows(PROMPTS, ENCODER))
        key = content_key(PROMPTS[1])  # a row without an id is named by its content
        row = Saying(prompt=PROMPTS[1], shows=True)
        assert library.standing([row, Saying(prompt="new")]) == [Standing(known=True, lacks_picture=True), Standing()]
        plain = rows(PROMPTS, ENCODER, {1: scene(1)}).drop_columns(["thumbnail"])
        assert library.add(plain) == 0
        assert library.standing([row]) == [Standing(known=True)]
        assert library.nearest_pictures(ENCODER.pictures([scene(1)])[0], 1)[0][0].id == key

    def test_vectors_that_cannot_be_kept_are_refused_whole_by_us_and_by_the_table(self, library):
        good = ENCODER.texts(["x"])[0]
        for bad, says in (
            (good[:-1], "Row 2 has 63 numbers"),
            (good * np.nan, "row 2 .* no finite"),
            (good * 0, "all zeros"),
        ):
            vectors = pa.array([good, bad], pa.list_(pa.float32()))
            for column in ("prompt_vector", "picture_vector"):
                table = pa.table({"prompt": ["x", "y"], "prompt_vector": pa.array([good, good], vectors.type)})
                named = table.append_column(column, vectors) if column not in table.column_names else None
                named = named or table.set_column(1, column, vectors)
                with pytest.raises(BadTable, match=says):
                    library.add(named)
        with pytest.raises(LibraryError, match="prompt_vector_length"):
            short = pa.array([[1.0]], pa.list_(pa.float32()))
            library._insert("examples", pa.table({"id": ["x"], "prompt_vector": short}))
        assert (library.count(), library.picture_count()) == (0, 0)
        with pytest.raises(BadInput, match=f"A vector of {DIMENSIONS} finite numbers"):
            library.nearest_prompts(good[:-1])

    @pytest.mark.parametrize(
        "words",
        ["", "   ", "!!! ???", "' OR 1=1 --", "{t0:String}", "日本 🐈", "\ud800", "x" * 5_000, "a " * 5_000, "\\"],
    )
    def test_any_words_may_be_looked_for(self, library, words):
        library.add(rows(PROMPTS, ENCODER))
        assert isinstance(library.lexical(words, 5), list)
        assert library.get([words]) == []
        assert library.phrase_counts([words])[words] == 0

    def test_rare_words_count_more_than_common_ones_and_words_of_another_script_are_found(self, library):
        prompts = [
            *(f"the castle of number {n}" for n in range(20)),
            "the ghibli house",
            "the house",
            "日本 の 城, Straße",
        ]
        library.add(rows(prompts, ENCODER))
        assert library.lexical("the castle by ghibli", 5)[0][0].prompt == "the ghibli house"
        for word in ("城", "STRAßE"):
            assert [example.prompt for example, _ in library.lexical(word, 5)] == prompts[-1:]
        assert len(library.lexical("the", 50)) == 22

    def test_conditions_hold_in_every_search(self, library):
        library.add(
            rows(
                PROMPTS, ENCODER, {n: scene(n) for n in range(3)}, id=["one", "two", "three"], width=[512, 1024, 2048],
                height=[512, 1300, 1024], source_site=["Lexica.art", "x.org", None], favourite=[False, True, False],
                recipe=[None, '{"seed": 7}', '{"seed": null}'], nsfw=[0.2, None, 1.5], rating=[float("nan"), 7.5, 3.0],
            )
        )  # fmt: skip
        words, look = ENCODER.texts(["watercolor"])[0], ENCODER.pictures([scene(0)])[0]
        for said, ids in {
            "width>=1024": {"two", "three"},
            "width<1024": {"one"},
            "width=1024": {"two"},
            "height!=512": {"two", "three"},
            "source_site=lexica.art": {"one"},
            "source_site!=": {"one", "two"},
            "source_site~.ORG": {"two"},
            "source_site!~.ORG": {"one", "three"},
            "favourite=yes": {"two"},
            "favourite!=yes": {"one", "three"},
            "prompt~Studio Ghibli": {"two"},
            "prompt~' OR 1=1 --": set(),
            "prompt~100%": set(),
            "url={where0:String}": set(),
            "prompt:cats": {"one"},
            "prompt!:castles": {"one", "three"},
            "prompt:ghibli studio": set(),
            "prompt:sofa watercolor": set(),
            "prompt:neon streets": {"three"},
            "seed=known": {"two"},
            "seed=unknown": {"one", "three"},
            "shape=wide": {"three"},
            "shape=tall": {"two"},
            "shape=square": {"one"},
            "shape!=square": {"two", "three"},
            "nsfw<=0.2": {"one"},
            "nsfw>=1": {"three"},
            "rating>5": {"two"},
            "rating<5": {"three"},
        }.items():
            where = [parse_filter(said)]
            assert {example.id for example, _ in library.nearest_prompts(words, 9, where)} == ids, said
            if said[:4] not in ("widt", "heig", "shap", "sour"):
                assert {example.id for example, _ in library.nearest_pictures(look, 9, where)} == ids, said
                assert {example.id for example, _ in library.lexical("a in neon watercolor", 9, where)} == ids, said
        both = [parse_filter("width>=1024"), parse_filter("prompt~watercolor")]
        assert [example.id for example, _ in library.nearest_prompts(words, 9, both)] == ["three"]

    def test_held_words_are_those_that_the_phrases_of_a_prompt_hold(self, library):
        prompts = [
            "a cat", "two cats, one dog", "a cat's tail", "concatenate", "cat-like", "black cat", "black, cat", "the cat", "(cat:1.3)",
            "CATS and dogs", "‘cat’", "cat", "a black cats", "so black\ncat", "very black  cat", "the blackcat", "city", "cities", "don't",
            "'don't' he said", "dont", "3d render", "3d-renders", "été", "Été à Paris", "cat_like", "ＣＡＴ",
            "a\u00a0cat\u00a0asleep", "夜の\u3000cat", "★cat★", "cat🐈", "🐈‍⬛cat", "so black\u2003cat 8k", "Ⓒat ﬁre", "„cats“", "STRASSE", "Straße",
            "e\u0301te\u0301", "rock ’n’ roll", "l’été", "cat¹", "5½ cats", "cat\u200bfish", "a\u0336cat", "catＢ",
        ]  # fmt: skip
        library.add(rows(prompts, ENCODER, id=[f"{n}" for n in range(len(prompts))]))
        asked = (
            "cat",
            "cats",
            "black cat",
            "city",
            "don't",
            "3d render",
            "été",
            "dog",
            "tail",
            "straße",
            "fire",
            "roll",
            "l’été",
        )
        for phrase in asked:
            *first, last = phrases.words(phrase)
            forms = [" ".join([*first, form]) for form in (last, other_number(last))]
            wanted = {prompt for prompt in prompts if any(phrases.holds(prompt, form) for form in forms)}
            for said, expected in ((f"prompt:{phrase}", wanted), (f"prompt!:{phrase}", set(prompts) - wanted)):
                found = library.nearest_prompts(ENCODER.texts(["cat"])[0], 99, [parse_filter(said)])
                assert {example.prompt for example, _ in found} == expected, said

    def test_everything_is_got_out_again_and_taken_in_again(self, library):
        table = rows(
            PROMPTS, ENCODER, {1: scene(1)}, id=["b", "c", "a"], url=["http://x", "", "日本"], width=[512, 0, 7], nsfw=[0.5, 0, 0],
            favourite=[False, True, False], recipe=['{"seed": 3}', "", ""], rating=[1, 2.5, 0],
        )  # fmt: skip
        library.add(table)
        pages = list(library.export_batches(2, vectors=True))
        assert [page.num_rows for page in pages] == [2, 1]
        whole = pa.concat_tables(pages)
        assert whole.column("id").to_pylist() == ["a", "b", "c"]
        assert whole.column("seed_known").to_pylist() == [False, True, False]
        assert whole.column("thumbnail").to_pylist() == [None, None, thumbnail(scene(1))]
        assert "prompt_vector" not in next(library.export_batches(5)).column_names
        self.emptied(library)
        assert library.add(whole) == 3
        again = pa.concat_tables(library.export_batches(5, vectors=True))
        assert again.drop_columns(["added_at"]) == whole.drop_columns(["added_at"])
        assert counts(library)["phrase_counts"]["watercolor"] == 2

    def test_dead_links_are_known_once_and_until_they_are_forgotten(self, library):
        links = [f"http://x/{n}?q={{a:b}}' OR 1=1" for n in range(25)] + ["http://日本/🐈", "http://x/" + "y" * 3_900]
        library.links.add(dict.fromkeys(links, "x answered 404"))
        library.links.add({links[0]: "x answered 410", "x" * 100_000: "it is no http or https link"})
        assert library.links.among([*links, "http://x/alive", "x" * 100_000]) == {*links}
        assert library.links.hashes() == {hash_of(link) for link in links}
        library.links.forget([*links[:-1], "http://x/alive"])
        assert (library.links.among(links), library.links.among([])) == ({links[-1]}, set())

    def test_an_index_finds_what_a_scan_finds_and_what_came_later(self, library, monkeypatch):
        monkeypatch.setattr("tools.backends.indexing.SAMPLE", 12)
        table = many()
        library.add(table)
        assert (library.build_index().kind, library.index_state().rows) == ("exact", MANY)  # so few are scanned
        said = []
        state = library.build_index(lambda stage, share: said.append((stage, share)), force=True)
        assert (state.kind, state.rows, state.indexed_rows) == ("hnsw", MANY, MANY)
        assert state.recall is not None and state.recall >= 0.97
        assert said[0] == ("merging prompts", 0.0) and said[-1] == ("measuring pictures", 1.0)
        query = ENCODER.texts(["a cat"])[0]
        near = library.nearest_prompts(query, 10)
        assert [example.id for example, _ in near] == exact(table, query, 10)
        assert [distance for _, distance in near] == sorted(distance for _, distance in near)
        own = np.asarray(table.column("prompt_vector")[3].as_py(), np.float32)
        assert library.nearest_prompts(own, 1)[0] == (library.get(["00003"])[0], pytest.approx(0, abs=1e-4))
        assert library.nearest_pictures(own[::-1], 1)[0][0].id == "00003"
        # Conditions that keep little, nothing, or nearly all.
        few = library.nearest_prompts(query, 3, [parse_filter("width=42")])
        assert [example.id for example, _ in few] == exact(table, query, 3, lambda row: row["width"] == 42)
        assert library.nearest_prompts(query, 3, [parse_filter("width>500")]) == []
        most = library.nearest_prompts(query, 30, [parse_filter("width!=7")])
        assert [example.id for example, _ in most] == exact(table, query, 30, lambda row: row["width"] != 7)
        seen = library.nearest_pictures(own[::-1], 3, [parse_filter("width=3")])
        assert seen[0][0].id == "00003" and {example.width for example, _ in seen} == {3}
        # What comes later is found at once, and what goes is gone.
        library.add(rows(["a cat"], ENCODER, {0: scene(1)}, id=["later"], favourite=[True]))
        assert library.nearest_prompts(query, 1)[0][0].id == "later"
        assert library.nearest_pictures(ENCODER.pictures([scene(1)])[0], 1)[0][0].id == "later"
        assert library.index_state().rows == MANY + 1
        library.remove("later")
        assert [example.id for example, _ in library.nearest_prompts(query, 10)] == exact(table, query, 10)
        assert library.index_state().kind == "hnsw" == library.index_state("pictures").kind

    def test_known_rows_get_what_they_lack_and_are_found_as_before_also_by_an_index(self, library, monkeypatch):
        monkeypatch.setattr("tools.backends.indexing.SAMPLE", 5)
        table = many()
        library.add(table)
        library.build_index(force=True)
        query = ENCODER.texts(["a cat"])[0]
        wanted = exact(table, query, 10)
        before = counts(library)
        gains = [Gain(id=id, favourite=n % 2 == 0, rating=n + 1.0, recipe='{"seed": 7}') for n, id in enumerate(wanted)]
        for _ in range(2):  # the same again changes nothing
            assert library.give([*gains, Gain(id="nobody", favourite=True, nsfw=0.5)]) == 11
            found = library.nearest_prompts(query, 10)
            assert [example.id for example, _ in found] == wanted
            assert [example.favourite for example, _ in found] == [True, False] * 5
            assert {example.recipe for example, _ in found} == {'{"seed": 7}'}
            assert (library.count(), library.picture_count(), counts(library)) == (MANY, MANY, before)
        library.give([Gain(id=wanted[0], rating=1.5, recipe="{}")])
        rated = library.nearest_prompts(query, 9, [parse_filter("rating<=2"), parse_filter("seed=known")])
        assert {example.id for example, _ in rated if example.id in wanted} == {*wanted[:2]}
        own = np.asarray(table.column("picture_vector")[int(wanted[0])].as_py(), np.float32)
        assert library.nearest_pictures(own, 1)[0][0].id == wanted[0]
        # More of the nearest are gone than the index names to spare.
        monkeypatch.setattr("tools.backends.indexing.SURE", 7)
        library.give([Gain(id=id, favourite=True) for id in wanted[1:6:2]])
        for id in wanted[:6]:
            library.remove(id)
        assert [example.id for example, _ in library.nearest_prompts(query, 4)] == wanted[6:]

    def emptied(self, library: Library) -> None:
        for table in ("examples", "pictures", *COUNTS):
            library._do(f"TRUNCATE TABLE {table}")
        for table in ("examples", "pictures"):
            library._indexes.forget(table)
