"""RULES: which sentences are said of a segment, and when.

The first rule that holds speaks, so the particular ones stand before the general ones; the last
one always holds.
"""

from __future__ import annotations

from headwater.segmentation.rule import ANY, NO_MESSAGE, Rule, when
from headwater.segmentation.rules_of_customers import OF_CUSTOMERS
from headwater.segmentation.rules_of_things import OF_THINGS

OF_ANYTHING: tuple[Rule, ...] = (
    Rule(
        "two_differences",
        "Two columns differ",
        (when(ANY, None, "first"), when(ANY, None, "second")),
        "Two things set this segment ($members, $share) apart most: $first_column is $first_more "
        "($first_value, $first_rest in the rest), and $second_column is $second_more "
        "($second_value, $second_rest in the rest).",
        "Look at the typical row and at the rule of this segment, and decide with somebody who "
        "knows these $rows what follows from it.",
        NO_MESSAGE,
    ),
    Rule(
        "one_difference",
        "One column differs",
        (when(ANY, None, "first"),),
        "One thing sets this segment ($members, $share) apart: $first_column is $first_more "
        "($first_value, $first_rest in the rest).",
        "Look at the typical row of this segment, and decide with somebody who knows these $rows "
        "what follows from it.",
        NO_MESSAGE,
    ),
    Rule(
        "may_be_chance",
        "A large difference that may be chance, as there are few rows",
        (when(ANY, None, "first"),),
        "Nothing sets this segment ($members, $share) clearly apart, as there are few rows. What "
        "differs most, and may be chance: $first_column is $first_more ($first_value, $first_rest "
        "in the rest).",
        "Look at more $rows before anything is done for these alone.",
        NO_MESSAGE,
        is_certain=False,
    ),
    Rule(
        "nothing_in_the_bulk",
        "Nothing distinctive, in a large part of the rows",
        (),
        "Nothing distinctive: no column sets this segment ($members, $share) clearly apart from "
        "the rest. It is what the other segments differ from.",
        "Treat them as you treat everybody; what is done for the other segments can be compared "
        "with them.",
        NO_MESSAGE,
        least_share=0.4,
    ),
    Rule(
        "nothing",
        "Nothing distinctive",
        (),
        "Nothing distinctive: no column sets this segment ($members, $share) clearly apart from "
        "the rest.",
        "Do nothing particular for them; fewer segments, or other columns, may tell more.",
        NO_MESSAGE,
    ),
)

RULES: tuple[Rule, ...] = (*OF_CUSTOMERS, *OF_THINGS, *OF_ANYTHING)
