"""Rules for rows that buy: what they spend, how often they come, how long ago, at what time."""

from __future__ import annotations

from headwater.segmentation.rule import Rule, when

_SPENDING = "$spending_column is $spending_value on average, $spending_rest in the rest"
_BASKET = "$basket_column is $basket_value on average, $basket_rest in the rest"
_FREQUENCY = "$frequency_column is $frequency_value on average, $frequency_rest in the rest"
_RECENCY = "$recency_column is $recency_value on average, $recency_rest in the rest"
_HOUR = "$hour_column is $hour_value on average, $hour_rest in the rest"
_DIVERSITY = "$diversity_column is $diversity_value on average, $diversity_rest in the rest"

OF_CUSTOMERS: tuple[Rule, ...] = (
    Rule(
        "loyal_and_valuable",
        "Spent more, came more often and lately",
        (when("spending", "high"), when("frequency", "high"), when("recency", "low")),
        f"$members ($share) spent more, came more often and came more lately: {_SPENDING}; "
        f"{_FREQUENCY}; {_RECENCY}.",
        "Look after them first: ask what they value, tell them of changes before others, and check "
        "with them before a change to what they use.",
        "Thank you for coming back so often. You are the first to hear what is new.",
    ),
    Rule(
        "valuable_but_away",
        "Spent more, has not come for long",
        (when("spending", "high"), when("recency", "high")),
        f"$members ($share) spent more than the rest, and longer ago: {_SPENDING}; {_RECENCY}.",
        "Get in touch with them one by one, and ask why they stay away before anything is offered.",
        "It has been a while. Is there something that we could do better for you?",
    ),
    Rule(
        "often_and_much",
        "Spent more, came more often",
        (when("spending", "high"), when("frequency", "high")),
        f"$members ($share) spent more and came more often: {_SPENDING}; {_FREQUENCY}.",
        "Look after them first: ask what they value, and tell them of changes before others.",
        "Thank you for coming back so often. You are the first to hear what is new.",
    ),
    Rule(
        "fading",
        "Spent less, came less often, has not come for long",
        (when("spending", "low"), when("frequency", "low"), when("recency", "high")),
        f"$members ($share) spent less, came less often and longer ago: {_SPENDING}; "
        f"{_FREQUENCY}; {_RECENCY}.",
        "One friendly reminder is enough; do not spend much on them before some of them answer.",
        "We have not seen you for a while. This is what has changed since.",
    ),
    Rule(
        "large_orders_long_ago",
        "Large orders, has not come for long",
        (when("basket", "high"), when("recency", "high")),
        f"$members ($share) spent more per order, and longer ago: {_BASKET}; {_RECENCY}.",
        "Get in touch ahead of the occasions that bring such orders, and ask the largest ones why "
        "they stay away.",
        "It has been a while. Is there something that we could do better for you?",
    ),
    Rule(
        "drifting_away",
        "Came less often, has not come for long",
        (when("frequency", "low"), when("recency", "high")),
        f"$members ($share) came less often and longer ago: {_FREQUENCY}; {_RECENCY}.",
        "Remind them that you are there, and ask those who answer what kept them away.",
        "We have not seen you for a while. Is there something that we could do better?",
    ),
    Rule(
        "new_or_careful",
        "Came lately, came less often",
        (when("recency", "low"), when("frequency", "low")),
        f"$members ($share) came more lately and less often: {_RECENCY}; {_FREQUENCY}.",
        "Make the next time easy: show where to go on, and ask how the last time was.",
        "How was it? Here is where to go on from.",
    ),
    Rule(
        "active",
        "Came lately, came more often",
        (when("recency", "low"), when("frequency", "high")),
        f"$members ($share) came more lately and more often: {_RECENCY}; {_FREQUENCY}.",
        "They know their way; tell them what is new, and spare them the introductions.",
        "Good to see you again. This is new since the last time.",
    ),
    Rule(
        "often_but_little",
        "Came more often, spent less",
        (when("frequency", "high"), when("spending", "low")),
        f"$members ($share) came more often and spent less: {_FREQUENCY}; {_SPENDING}.",
        "See what they take each time, and whether a set of things that go together suits them.",
        "You know what you like. Here is what goes well with it.",
    ),
    Rule(
        "often_small_orders",
        "Came more often, spent less per order",
        (when("frequency", "high"), when("basket", "low")),
        f"$members ($share) came more often and spent less per order: {_FREQUENCY}; {_BASKET}.",
        "See what they take each time, and whether a set of things that go together suits them.",
        "You know what you like. Here is what goes well with it.",
    ),
    Rule(
        "rare_but_much",
        "Spent more, came less often",
        (when("spending", "high"), when("frequency", "low")),
        f"$members ($share) spent more and came less often: {_SPENDING}; {_FREQUENCY}.",
        "Find out which occasions bring them, and write to them ahead of those rather than often.",
        "The next occasion is on its way. Here is something worth a look.",
    ),
    Rule(
        "rare_large_orders",
        "Spent more per order, came less often",
        (when("basket", "high"), when("frequency", "low")),
        f"$members ($share) spent more per order and came less often: {_BASKET}; {_FREQUENCY}.",
        "Find out which occasions bring them, and write to them ahead of those rather than often.",
        "The next occasion is on its way. Here is something worth a look.",
    ),
    Rule(
        "rare_and_little",
        "Spent less, came less often",
        (when("spending", "low"), when("frequency", "low")),
        f"$members ($share) spent less and came less often: {_SPENDING}; {_FREQUENCY}.",
        "Keep what is sent to them short and rare, and show what others in their place begin with.",
        "Small or large, you are welcome. Here is a good place to begin.",
    ),
    Rule(
        "early_small_orders",
        "Spent less per order, earlier in the day",
        (when("basket", "low"), when("hour", "low")),
        f"$members ($share) spent less per order and came earlier in the day: {_BASKET}; {_HOUR}.",
        "Offer something small and quick at that time of the day, and write to them before it.",
        "Something small for today? Have a look before the break.",
    ),
    Rule(
        "rare_small_orders",
        "Spent less per order, came less often",
        (when("basket", "low"), when("frequency", "low")),
        f"$members ($share) spent less per order and came less often: {_BASKET}; {_FREQUENCY}.",
        "Keep what is sent to them short and rare, and show what others in their place begin with.",
        "Small or large, you are welcome. Here is a good place to begin.",
    ),
    Rule(
        "large_orders_often",
        "Spent more per order, came more often",
        (when("basket", "high"), when("frequency", "high")),
        f"$members ($share) spent more per order and came more often: {_BASKET}; {_FREQUENCY}.",
        "Look after them first: ask what they value, and tell them of changes before others.",
        "Thank you for coming back so often. You are the first to hear what is new.",
    ),
    Rule(
        "large_varied_orders",
        "Spent more per order, on more different things",
        (when("basket", "high"), when("diversity", "high")),
        f"$members ($share) spent more per order, and on more different things: {_BASKET}; "
        f"{_DIVERSITY}.",
        "Show them what is new and what they have not tried yet, rather than the same again.",
        "You like to try things. These are ones that you may not know yet.",
    ),
    Rule(
        "late_large_orders",
        "Spent more per order, later in the day",
        (when("basket", "high"), when("hour", "high")),
        f"$members ($share) spent more per order and came later in the day: {_BASKET}; {_HOUR}.",
        "Have what they choose ready late, and write to them in the evening rather than in the "
        "morning.",
        "The evening is yours. Have a look at what we have for tonight.",
    ),
    Rule(
        "spent_more",
        "Spent more",
        (when("spending", "high"),),
        f"$members ($share) spent more than the rest: {_SPENDING}.",
        "Find out what they come for, and keep that as it is.",
        "Thank you for your trust. Here is a selection that may suit you.",
    ),
    Rule(
        "large_orders",
        "Spent more per order",
        (when("basket", "high"),),
        f"$members ($share) spent more per order than the rest: {_BASKET}.",
        "Find out what they order together, and keep that as it is.",
        "Thank you for your trust. Here is a selection that may suit you.",
    ),
    Rule(
        "often",
        "Came more often",
        (when("frequency", "high"),),
        f"$members ($share) came more often than the rest: {_FREQUENCY}.",
        "Make what they do again and again quick and easy.",
        "Thank you for coming back so often. This is new since the last time.",
    ),
    Rule(
        "away",
        "Has not come for long",
        (when("recency", "high"),),
        f"$members ($share) came longer ago than the rest: {_RECENCY}.",
        "Remind them that you are there, and ask those who answer what kept them away.",
        "We have not seen you for a while. This is what has changed since.",
    ),
    Rule(
        "lately",
        "Came lately",
        (when("recency", "low"),),
        f"$members ($share) came more lately than the rest: {_RECENCY}.",
        "Ask how it was while it is fresh, and show what to do next.",
        "How was it? Tell us while it is fresh.",
    ),
    Rule(
        "seldom",
        "Came less often",
        (when("frequency", "low"),),
        f"$members ($share) came less often than the rest: {_FREQUENCY}.",
        "Find out which occasions bring them, and write ahead of those rather than often.",
        "The next occasion is on its way. Here is something worth a look.",
    ),
    Rule(
        "spent_less",
        "Spent less",
        (when("spending", "low"),),
        f"$members ($share) spent less than the rest: {_SPENDING}.",
        "Show them what others in their place begin with, and keep it small.",
        "Small or large, you are welcome. Here is a good place to begin.",
    ),
    Rule(
        "small_orders",
        "Spent less per order",
        (when("basket", "low"),),
        f"$members ($share) spent less per order than the rest: {_BASKET}.",
        "See what they take each time, and whether a set of things that go together suits them.",
        "Small or large, you are welcome. Here is a good place to begin.",
    ),
    Rule(
        "late",
        "Later in the day",
        (when("hour", "high"),),
        f"$members ($share) came later in the day: {_HOUR}.",
        "Be ready for them late, and write to them in the evening rather than in the morning.",
        "The evening is yours. Have a look at what we have for tonight.",
    ),
    Rule(
        "early",
        "Earlier in the day",
        (when("hour", "low"),),
        f"$members ($share) came earlier in the day: {_HOUR}.",
        "Be ready for them early, and write to them before that time of the day.",
        "An early start? Have a look before the break.",
    ),
    Rule(
        "price_reductions",
        "Used price reductions more",
        (when("discount", "high"),),
        "$members ($share) used price reductions more: $discount_column is $discount_value on "
        "average, $discount_rest in the rest.",
        "Work out what is left of the margin before the next reduction, and try one thing at the "
        "full price.",
        "These are the reductions that run now.",
    ),
    Rule(
        "varied",
        "More different things",
        (when("diversity", "high"),),
        f"$members ($share) took more different things: {_DIVERSITY}.",
        "Show them what is new and what they have not tried yet.",
        "You like to try things. These are ones that you may not know yet.",
    ),
    Rule(
        "one_thing",
        "Fewer different things",
        (when("diversity", "low"),),
        f"$members ($share) took fewer different things: {_DIVERSITY}.",
        "Keep what they take in stock, and show what is near to it rather than all there is.",
        "You know what you like. Here is what goes well with it.",
    ),
    Rule(
        "seasonal",
        "Changed more over the seasons",
        (when("season", "high"),),
        "$members ($share) changed more over the seasons: $season_column is $season_value on "
        "average, $season_rest in the rest.",
        "Write to them when their season begins, and expect little of them outside of it.",
        "The season begins. This is what is new.",
    ),
    Rule(
        "new_here",
        "Has been here for less time",
        (when("tenure", "low"),),
        "$members ($share) came here later than the rest: $tenure_column is $tenure_value on "
        "average, $tenure_rest in the rest.",
        "Show where to begin, and ask how the first time was.",
        "Welcome. Here is a good place to begin.",
    ),
    Rule(
        "here_for_long",
        "Has been here for longer",
        (when("tenure", "high"),),
        "$members ($share) came here before the rest: $tenure_column is $tenure_value on average, "
        "$tenure_rest in the rest.",
        "Thank them, and ask what has changed for better or worse; they can compare.",
        "Thank you for staying with us for so long.",
    ),
)
