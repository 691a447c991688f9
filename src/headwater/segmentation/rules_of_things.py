"""Rules for rows that are bought, made or eaten: price, rating, effort and taste."""

from __future__ import annotations

from headwater.segmentation.rule import NO_MESSAGE, Rule, when

_PRICE = "$price_column is $price_value on average, $price_rest in the rest"
_RATING = "$rating_column is $rating_value on average, $rating_rest in the rest"
_EFFORT = "$effort_column is $effort_value on average, $effort_rest in the rest"

OF_THINGS: tuple[Rule, ...] = (
    Rule(
        "dear_and_badly_rated",
        "Cost more, had lower ratings",
        (when("price", "high"), when("rating", "low")),
        f"$members ($share) cost more and had lower ratings: {_PRICE}; {_RATING}.",
        "Look at each of them: improve it, or ask whether it should stay at this price.",
        NO_MESSAGE,
    ),
    Rule(
        "cheap_and_well_rated",
        "Cost less, had higher ratings",
        (when("price", "low"), when("rating", "high")),
        f"$members ($share) cost less and had higher ratings: {_PRICE}; {_RATING}.",
        "Put them where new customers look first.",
        "Well rated, and easy on the purse.",
    ),
    Rule(
        "dear_and_laborious",
        "Cost more, took more time or effort",
        (when("price", "high"), when("effort", "high")),
        f"$members ($share) cost more and took more: {_PRICE}; {_EFFORT}.",
        "Check that the price covers the effort, and offer them where there is time for it.",
        "Take your time: this takes its own.",
    ),
    Rule(
        "cheap_and_quick",
        "Cost less, took less time or effort",
        (when("price", "low"), when("effort", "low")),
        f"$members ($share) cost less and took less: {_PRICE}; {_EFFORT}.",
        "Offer them when there is little time, and see what else could be had with them.",
        "Little time? This is quick, and easy on the purse.",
    ),
    Rule(
        "dear_but_quick",
        "Cost more, took less time or effort",
        (when("price", "high"), when("effort", "low")),
        f"$members ($share) cost more and took less: {_PRICE}; {_EFFORT}.",
        "Offer them where there is little time, and keep what they need in stock.",
        "Something out of the ordinary, without the wait.",
    ),
    Rule(
        "cheap_but_laborious",
        "Cost less, took more time or effort",
        (when("price", "low"), when("effort", "high")),
        f"$members ($share) cost less and took more: {_PRICE}; {_EFFORT}.",
        "Work out whether the price still covers the effort.",
        NO_MESSAGE,
    ),
    Rule(
        "badly_rated",
        "Had lower ratings",
        (when("rating", "low"),),
        f"$members ($share) had lower ratings: {_RATING}.",
        "Read what is said about them, and begin with what is said most often.",
        NO_MESSAGE,
    ),
    Rule(
        "well_rated",
        "Had higher ratings",
        (when("rating", "high"),),
        f"$members ($share) had higher ratings: {_RATING}.",
        "Show them first, and see what the others could take over from them.",
        "Well rated by those who know it.",
    ),
    Rule(
        "dear",
        "Cost more",
        (when("price", "high"),),
        f"$members ($share) cost more than the rest: {_PRICE}.",
        "Say what makes the price, and do not hide them among the cheaper ones.",
        "Something out of the ordinary? Have a look at this.",
    ),
    Rule(
        "cheap",
        "Cost less",
        (when("price", "low"),),
        f"$members ($share) cost less than the rest: {_PRICE}.",
        "Use them to begin with, and see what else could be had with them.",
        "Good to begin with, and easy on the purse.",
    ),
    Rule(
        "laborious",
        "Took more time or effort",
        (when("effort", "high"),),
        f"$members ($share) took more: {_EFFORT}.",
        "Plan them for when there is time, and prepare ahead what can be prepared.",
        "Take your time: this takes its own.",
    ),
    Rule(
        "quick",
        "Took less time or effort",
        (when("effort", "low"),),
        f"$members ($share) took less: {_EFFORT}.",
        "Offer them when there is little time.",
        "Little time? This is quick.",
    ),
    Rule(
        "taste",
        "A taste that is stronger",
        (when("taste", "high"),),
        "$members ($share) had more of one taste: $taste_column is $taste_value on average, "
        "$taste_rest in the rest.",
        "Keep them together, and let those who look for this taste find them at once.",
        "Is $taste_column what you look for? Begin here.",
    ),
)
