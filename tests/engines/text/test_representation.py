"""A text's numbers are those of scikit-learn's vectorisers, in one step or quickly for one text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
import skops.io
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from headwater.engines.parameters import ParameterError
from headwater.engines.text.declared import REPRESENTATION
from headwater.engines.text.features import FEATURES, hand_made
from headwater.engines.text.normalise import normalise
from headwater.engines.text.representation import Representation
from headwater.engines.text.vocabulary import VocabularyError

TEXTS = [
    "Check out my channel, it is the BEST channel ever!!! www.example.com/win",
    "I love this song, it reminds me of the summer of 1999",
    "subscribe to my channel and I will subscribe to yours, subscribe now",
    "canción preciosa, la mejor canción   del año",
    "Это лучшая песня, которую я слышал, спасибо",
    "",
    "😀😀😀",
    "a b c\nd  e\tf",
    "free free free money money, check my channel",
    "the song is good and the video is good",
    "Me encanta esta cancion 100%",
    "<b>check</b> this &amp; that; it's free",
]

SETTINGS = st.fixed_dictionaries(
    {
        "words": st.booleans(),
        "word_ngram_min": st.integers(1, 2),
        "word_ngram_max": st.integers(2, 3),
        "characters": st.sampled_from(["none", "char", "char_wb"]),
        "character_ngram_min": st.integers(1, 3),
        "character_ngram_max": st.integers(3, 5),
        "min_df": st.sampled_from([1, 2, 0.1, 0.2]),
        "max_df": st.sampled_from([1, 0.5, 0.85, 6]),
        "stop_words": st.sampled_from(["none", "english"]),
        "lowercase": st.booleans(),
        "strip_accents": st.booleans(),
        "binary": st.booleans(),
        "tf_idf": st.booleans(),
        "sublinear_tf": st.booleans(),
        "max_features": st.sampled_from([None, 5, 40]),
        "normalise": st.booleans(),
    }
)


def reference(part: str, settings: dict[str, Any], **more: Any) -> CountVectorizer:
    """Return the vectoriser of scikit-learn that someone would write down for ``settings``."""
    group = "word" if part == "words" else "character"
    tf_idf = settings["tf_idf"]
    return (TfidfVectorizer if tf_idf else CountVectorizer)(
        analyzer="word" if part == "words" else settings["characters"],
        ngram_range=(settings[f"{group}_ngram_min"], settings[f"{group}_ngram_max"]),
        lowercase=settings["lowercase"],
        strip_accents="unicode" if settings["strip_accents"] else None,
        stop_words="english" if part == "words" and settings["stop_words"] == "english" else None,
        min_df=settings["min_df"],
        max_df=1.0 if settings["max_df"] == 1 else settings["max_df"],
        max_features=settings["max_features"],
        binary=settings["binary"],
        dtype=np.float64,
        **({"sublinear_tf": settings["sublinear_tf"]} if tf_idf else {}),
        **more,
    )


@given(SETTINGS)
def test_scikit_learns_vocabulary_and_values(settings: dict[str, Any]) -> None:
    parts = [
        part
        for part, counted in (
            ("words", settings["words"]),
            ("characters", settings["characters"] != "none"),
        )
        if counted
    ]
    if not parts:
        return
    read = [normalise(text) for text in TEXTS] if settings["normalise"] else TEXTS
    vectorisers, blocks, counted = [], [], []
    for part in parts:
        vectoriser = reference(part, settings)
        try:
            blocks.append(vectoriser.fit_transform(read))
        except ValueError:  # no term is left
            continue
        vectorisers.append(vectoriser)
        counted.append(part)
    if not counted:
        with pytest.raises(VocabularyError):
            Representation(**settings, features=False).fit(TEXTS)
        return

    fitted = Representation(**settings, features=False).fit(TEXTS)
    X = fitted.transform(TEXTS)

    terms = [term for v in vectorisers for term in v.get_feature_names_out()]
    assert list(fitted.names_) == terms
    assert list(fitted.groups_) == [
        part
        for part, v in zip(counted, vectorisers, strict=True)
        for _ in v.get_feature_names_out()
    ]
    np.testing.assert_allclose(X.toarray(), sp.hstack(blocks).toarray(), atol=1e-12, rtol=0)
    new = ["A brand NEW text: check my channel and the song", "песня año"]
    seen = [normalise(text) for text in new] if settings["normalise"] else new
    np.testing.assert_allclose(
        fitted.transform(new).toarray(),
        sp.hstack([v.transform(seen) for v in vectorisers]).toarray(),
        atol=1e-12,
        rtol=0,
    )


@given(SETTINGS, st.booleans(), st.lists(st.text(max_size=60), max_size=4))
def test_one_text_gets_the_numbers_of_its_row(
    settings: dict[str, Any], features: bool, new: list[str]
) -> None:
    if not (settings["words"] or settings["characters"] != "none" or features):
        return
    try:
        fitted = Representation(**settings, features=features).fit(TEXTS)
    except VocabularyError:
        return
    row = fitted.compile()
    for text, expected in zip(
        [*TEXTS, *new], fitted.transform([*TEXTS, *new]).toarray(), strict=True
    ):
        columns, values = row(text)
        assert (np.diff(columns) > 0).all()
        dense = np.zeros(fitted.n_columns_)
        dense[columns] = values
        np.testing.assert_allclose(dense, expected, atol=1e-12, rtol=0)
        assert (values > 0).all()


@pytest.mark.parametrize(
    "settings",
    [{}, {"kind": "code_points", "code_points_length": 8}, {"characters": "none"}],
    ids=["default", "code points", "words"],
)
def test_a_packed_one_gives_the_same(settings: dict[str, Any]) -> None:
    fitted = Representation(**settings).fit(TEXTS)
    data = skops.io.dumps(fitted)
    own = f"{Representation.__module__}.Representation"
    assert set(skops.io.get_untrusted_types(data=data)) <= {own}
    again = skops.io.loads(data, trusted=[own])
    assert again.names_ == fitted.names_
    assert again.settings == fitted.settings
    assert (again.transform(TEXTS) != fitted.transform(TEXTS)).nnz == 0


def test_features_are_scaled_by_what_was_learned_from() -> None:
    fitted = Representation(words=False, characters="none").fit(TEXTS)
    assert fitted.names_ == FEATURES
    figures = np.array([hand_made(text) for text in TEXTS])
    greatest = np.where(figures.max(axis=0) > 0, figures.max(axis=0), 1)
    np.testing.assert_allclose(fitted.transform(TEXTS).toarray(), figures / greatest)
    assert fitted.transform(["WIN!!! " * 1000]).max() == 1  # no text lies far outside


def test_scikit_learn_takes_the_matrix_and_blocks_change_nothing() -> None:
    fitted = Representation().fit(TEXTS)
    X = fitted.transform(TEXTS * 500)
    assert X.indices.dtype == X.indptr.dtype == np.int32  # its linear machines take no other
    assert X.has_sorted_indices
    assert X.shape == (6000, fitted.n_columns_)
    assert (sp.vstack([fitted.transform(TEXTS)] * 500) != X).nnz == 0
    assert fitted.transform([]).shape == (0, fitted.n_columns_)


def test_code_points_are_those_of_the_characters() -> None:
    fitted = Representation(
        kind="code_points", code_points_length=10, normalise=False, lowercase=False
    ).fit(["Hola!"])
    X = fitted.transform(["Hola!", "Adios!", "     HOLA!"]) * 128
    assert X.toarray().tolist() == [
        [72, 111, 108, 97, 33, 32, 32, 32, 32, 32],
        [65, 100, 105, 111, 115, 33, 32, 32, 32, 32],
        [32, 32, 32, 32, 32, 72, 79, 76, 65, 33],
    ]
    assert fitted.groups_ == ("code point",) * 10


def test_given_stop_words_are_read_like_the_texts() -> None:
    fitted = Representation(
        stop_words="given",
        given_stop_words="The, CANCIÓN\nsong my",
        strip_accents=True,
        word_ngram_max=1,
        min_df=1,
        characters="none",
        features=False,
    ).fit(TEXTS)
    assert not {"the", "cancion", "song", "my"} & set(fitted.names_)
    assert {"channel", "preciosa"} <= set(fitted.names_)


def test_a_fixed_vocabulary_is_counted_and_nothing_else() -> None:
    fitted = Representation(
        vocabulary="my Channel, free\nnever seen", characters="none", features=False, tf_idf=False
    ).fit(TEXTS)
    assert fitted.names_ == ("free", "my channel", "never seen")
    assert fitted.transform(["FREE: free my channel"]).toarray().tolist() == [[2, 1, 0]]


def test_only_the_first_characters_are_looked_at() -> None:
    fitted = Representation(max_length=20, min_df=1).fit(TEXTS)
    long = "check out my channel" + " subscribe" * 100_000
    assert (fitted.transform([long]) != fitted.transform([long[:20]])).nnz == 0
    assert "summer" not in fitted.names_


@pytest.mark.parametrize(
    ("settings", "texts", "names"),
    [
        ({"stop_words": "english"}, ["the and", "and the"], "“Stop words” (stop_words)"),
        ({"min_df": 9}, TEXTS, "“Least texts with a term” (min_df) is 9"),
        ({"min_df": 1_000_000}, TEXTS, "“Least texts with a term” (min_df) is 1,000,000 and"),
        ({"max_df": 0.01, "min_df": 0.001}, TEXTS, "“Most texts with a term” (max_df) is 0.01"),
        ({"min_df": 2}, ["one text"], "“Least texts with a term” (min_df) is 2"),
        ({}, ["", "😀"], "The 2 texts to learn from have no words to count."),
        ({}, [], "There are no texts to learn from."),
        ({"vocabulary": "a, b"}, TEXTS, "“Fixed vocabulary” (vocabulary)"),
    ],
)
def test_nothing_left_to_count_names_the_setting(
    settings: dict[str, Any], texts: list[str], names: str
) -> None:
    with pytest.raises(VocabularyError) as caught:
        Representation(**settings, characters="none").fit(texts)
    assert str(caught.value).startswith(names)


def test_a_part_without_terms_is_told_where_another_has_some() -> None:
    fitted = Representation(min_df=1, max_df=1).fit(["😀", "😀 😀"])
    assert fitted.notes_ == ["The 2 texts to learn from have no words to count."]
    assert "words" not in fitted.groups_
    assert fitted.transform(["😀"]).nnz > 0


@pytest.mark.parametrize(
    ("settings", "name", "words"),
    [
        ({"words": False, "characters": "none", "features": False}, "words", "Nothing is counted"),
        ({"word_ngram_min": 3}, "word_ngram_min", "It can be 2 at most"),
        ({"character_ngram_min": 5}, "character_ngram_min", "It can be 4 at most"),
        ({"min_df": 2.5}, "min_df", "whole number of texts"),
        ({"min_df": 10, "max_df": 5}, "min_df", "above “Most texts with a term”"),
        ({"min_df": 0.9, "max_df": 0.5}, "min_df", "above “Most texts with a term”"),
        ({"words": False, "vocabulary": "free"}, "vocabulary", "is off"),
        ({"stop_words": "given"}, "given_stop_words", "names none"),
        ({"given_stop_words": "the"}, "given_stop_words", "does not use them"),
        ({"characters": "some"}, "characters", "one of"),
    ],
)
def test_settings_that_contradict_each_other(
    settings: dict[str, Any], name: str, words: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        Representation(**settings)
    assert list(caught.value.errors) == [name]
    assert words in caught.value.errors[name]


def test_parts_that_are_off_need_no_fitting_settings() -> None:
    Representation(characters="none", character_ngram_min=9).fit(TEXTS)
    Representation(kind="code_points", words=False, characters="none", features=False).fit(TEXTS)
    assert Representation().settings == REPRESENTATION.defaults()
