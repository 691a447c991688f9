"""REPRESENTATION: the settings of how a text becomes numbers. Import-light."""

from __future__ import annotations

from headwater.engines.parameters import Parameter, Parameters

_CLEANING = [
    Parameter(
        "kind",
        "Representation",
        "choice",
        "bag_of_words",
        "What stands for a text: how often words and pieces of words occur in it, wherever they "
        "stand, or the code number of each of its first characters. Words nearly always tell more.",
        choices=(
            ("bag_of_words", "Bag of words: counts of words, characters and features"),
            ("code_points", "Code points: the number of each character in its place"),
        ),
    ),
    Parameter(
        "normalise",
        "Undo disguises",
        "boolean",
        True,
        "Before counting: look-alike letters of other alphabets inside a word become the letters "
        "that they imitate, invisible characters go, fancy letters become plain ones. Honest "
        "Russian, Greek, Persian and the like stay as they are.",
    ),
    Parameter(
        "max_length",
        "Characters looked at",
        "integer",
        20_000,
        "Only so many characters of a text count, from its beginning, which bounds the time that "
        "a huge text can take.",
        minimum=10,
        maximum=1_000_000,
        advanced=True,
    ),
    Parameter(
        "lowercase",
        "Lower case",
        "boolean",
        True,
        "Count “Free” and “FREE” as “free”. The hand-made features see the capitals all the same.",
    ),
    Parameter(
        "strip_accents",
        "Remove accents",
        "boolean",
        False,
        "Count “canción” as “cancion”. Useful where people often leave accents out.",
    ),
]

_TERMS = [
    Parameter(
        "words",
        "Count words",
        "boolean",
        True,
        "Count words of two or more letters or digits.",
    ),
    Parameter(
        "word_ngram_min",
        "Words in a row, from",
        "integer",
        1,
        "The fewest words in a row that are counted as one term. 1 counts single words.",
        minimum=1,
        maximum=5,
    ),
    Parameter(
        "word_ngram_max",
        "Words in a row, to",
        "integer",
        2,
        "The most words in a row that are counted as one term. 2 adds pairs such as “my channel”; "
        "more makes many more columns and needs many more texts.",
        minimum=1,
        maximum=5,
    ),
    Parameter(
        "characters",
        "Count pieces of words",
        "choice",
        "char_wb",
        "Count characters in a row too. They catch misspelt, disguised and joined words and "
        "languages that write no spaces, and make many columns.",
        choices=(
            ("none", "No"),
            ("char_wb", "Within words, with the spaces around them (char_wb)"),
            ("char", "Anywhere, across words (char)"),
        ),
    ),
    Parameter(
        "character_ngram_min",
        "Characters in a row, from",
        "integer",
        2,
        "The fewest characters in a row that are counted as one term.",
        minimum=1,
        maximum=10,
    ),
    Parameter(
        "character_ngram_max",
        "Characters in a row, to",
        "integer",
        4,
        "The most characters in a row that are counted as one term.",
        minimum=1,
        maximum=10,
    ),
    Parameter(
        "features",
        "Hand-made features",
        "boolean",
        True,
        "Add figures about the whole text: its length, links, capitals, digits, punctuation, "
        "repeated and hidden characters and the like.",
    ),
]

_CHOICE_OF_TERMS = [
    Parameter(
        "min_df",
        "Least texts with a term",
        "number",
        2,
        "Leave out terms that occur in fewer texts. Below 1 it is a share of the texts (0.01 is "
        "one in a hundred); from 1 it is a number of texts.",
        minimum=0,
    ),
    Parameter(
        "max_df",
        "Most texts with a term",
        "number",
        0.85,
        "Leave out terms that occur in more texts, for they tell little. Up to 1 it is a share of "
        "the texts (1 keeps all); above 1 it is a number of texts.",
        minimum=0,
        exclusive_minimum=True,
    ),
    Parameter(
        "stop_words",
        "Stop words",
        "choice",
        "none",
        "Words that are not counted, such as “the” and “and”. Pieces of words are not affected.",
        choices=(
            ("none", "Count all words"),
            ("english", "Leave out common English words"),
            ("given", "Leave out the words given below"),
        ),
    ),
    Parameter(
        "given_stop_words",
        "Stop words, given",
        "text",
        None,
        "Words to leave out, with spaces, commas or line breaks between them.",
        optional=True,
    ),
    Parameter(
        "max_features",
        "Most terms",
        "integer",
        None,
        "Keep only so many of the most frequent terms: of the words, and again of the pieces of "
        "words. Empty: no limit.",
        minimum=1,
        maximum=1_000_000,
        optional=True,
    ),
    Parameter(
        "vocabulary",
        "Fixed vocabulary",
        "text",
        None,
        "Count just these words or rows of words, with commas or line breaks between them, "
        "instead of those that the texts have. Empty: learn them from the texts.",
        optional=True,
        advanced=True,
    ),
]

_WEIGHTS = [
    Parameter(
        "binary",
        "Only whether a term occurs",
        "boolean",
        False,
        "Count a term once per text, however often it occurs.",
        advanced=True,
    ),
    Parameter(
        "tf_idf",
        "Weigh by rarity (TF-IDF)",
        "boolean",
        True,
        "Rare terms weigh more than those that most texts have, and long texts no more than short "
        "ones. Without it the plain counts are used.",
    ),
    Parameter(
        "sublinear_tf",
        "Dampen repetition",
        "boolean",
        True,
        "With TF-IDF: a term that occurs ten times weighs 3.3 times as much as one that occurs "
        "once, not ten times (1 + the logarithm of the count).",
        advanced=True,
    ),
    Parameter(
        "code_points_length",
        "Characters in place",
        "integer",
        256,
        "For code points: how many characters have a column each. Shorter texts are filled with "
        "spaces, longer ones are cut.",
        minimum=1,
        maximum=10_000,
        advanced=True,
    ),
]

REPRESENTATION = Parameters([*_CLEANING, *_TERMS, *_CHOICE_OF_TERMS, *_WEIGHTS])
"""What ``Representation(**values)`` takes."""
