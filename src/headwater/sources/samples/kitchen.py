"""Samples of a kitchen: spices, recipes, flavours, dishes and a menu."""

from __future__ import annotations

from headwater.sources.samples.sample import Sample, columns_of, fixed_rows

_SPICES = columns_of(
    name="spice", features=("sweetness", "spiciness", "aroma_intensity", "price_per_gram")
)
SPICES = Sample(
    key="spices",
    name="Spices",
    summary="Eight spices and sugars by taste, aroma and price.",
    description=(
        "Scores from 0 to 10 for sweetness, spiciness and aroma, and the price of a gram. Three "
        "groups are asked for: see whether they are the sweet ones, the hot ones and the dear ones."
    ),
    columns=_SPICES,
    n_rows=8,
    technique="k_means",
    parameters={"n_clusters": 3},
    encoding={"scale": "standard"},
    frame=fixed_rows(
        _SPICES,
        (
            ("Vanilla", 8, 1, 6, 12),
            ("Cinnamon", 9, 0, 8, 15),
            ("Cayenne", 1, 9, 7, 8),
            ("Paprika", 0, 8, 5, 6),
            ("Saffron", 2, 0, 9, 25),
            ("Truffle salt", 1, 1, 8, 20),
            ("Brown sugar", 7, 2, 4, 5),
            ("White sugar", 8, 1, 5, 3),
        ),
    ),
)

_RECIPES = columns_of(
    name="recipe", features=("prep_minutes", "cook_minutes", "difficulty", "spice_level")
)
RECIPES = Sample(
    key="recipes",
    name="Recipes",
    summary="Eight recipes by how long they take, how hard they are and how hot.",
    description=(
        "Minutes of preparing and cooking, difficulty from 1 to 5 and spice level from 0 to 3. A "
        "tree shows which recipes are alike, and which of these pairs are alike in turn."
    ),
    columns=_RECIPES,
    n_rows=8,
    technique="hierarchical",
    parameters={"n_clusters": 3, "linkage": "ward"},
    encoding={"scale": "standard"},
    frame=fixed_rows(
        _RECIPES,
        (
            ("Pasta carbonara", 15, 30, 2, 1),
            ("Chicken tikka", 20, 25, 3, 2),
            ("Caesar salad", 10, 15, 1, 0),
            ("Beef curry", 30, 60, 4, 3),
            ("Fish tacos", 25, 45, 3, 2),
            ("Fruit smoothie", 5, 10, 1, 1),
            ("Beef Wellington", 40, 90, 5, 1),
            ("Stir fry", 20, 30, 2, 2),
        ),
    ),
)

_FLAVOURS = columns_of(
    name="dish",
    features=(
        "sweet", "salty", "sour", "bitter", "umami", "spicy", "aromatic", "texture", "temperature",
    ),
)  # fmt: skip
FLAVOURS = Sample(
    key="flavours",
    name="Flavour profiles",
    summary="Eight dishes, each tasted in nine ways.",
    description=(
        "Scores from 0 to 10. Nine columns are hard to see at once; the two directions in which "
        "the dishes differ most can be drawn."
    ),
    columns=_FLAVOURS,
    n_rows=8,
    technique="pca",
    parameters={"n_components": 2},
    encoding={"scale": "none"},
    frame=fixed_rows(
        _FLAVOURS,
        (
            ("Chocolate cake", 7, 2, 1, 0, 2, 1, 8, 6, 8),
            ("Beef steak", 1, 8, 2, 0, 7, 0, 4, 3, 9),
            ("Greek salad", 2, 6, 8, 1, 3, 2, 6, 4, 2),
            ("Apple pie", 8, 1, 3, 2, 1, 0, 9, 7, 5),
            ("Mushroom risotto", 0, 7, 1, 3, 8, 1, 5, 2, 9),
            ("Spicy curry", 1, 5, 0, 4, 6, 8, 3, 1, 9),
            ("Fruit tart", 6, 3, 4, 0, 2, 0, 7, 8, 3),
            ("BBQ ribs", 2, 9, 0, 1, 9, 3, 2, 4, 8),
        ),
    ),
)

_DISHES = columns_of(
    name="dish", features=("cooking_minutes", "temperature", "customer_rating", "cost")
)
DISHES = Sample(
    key="dishes",
    name="Dishes from a kitchen",
    summary="Twelve dishes as they were cooked; three of them went wrong.",
    description=(
        "Minutes and temperature of cooking, what customers thought of it from 1 to 5, and cost. "
        "Dishes that lie close together form groups; a dish that has no neighbour is outside of "
        "every group, and worth a look."
    ),
    columns=_DISHES,
    n_rows=12,
    technique="dbscan",
    parameters={"eps": 0.8, "min_samples": 2},
    encoding={"scale": "standard"},
    frame=fixed_rows(
        _DISHES,
        (
            ("Pasta A", 25, 180, 4.5, 12),
            ("Pasta B", 30, 175, 4.7, 14),
            ("Pasta C", 28, 185, 4.3, 13),
            ("Meat A", 45, 200, 4.8, 18),
            ("Meat B", 50, 195, 4.6, 20),
            ("Meat C", 48, 205, 4.9, 19),
            ("Salad A", 15, 160, 4.2, 8),
            ("Salad B", 12, 155, 4.4, 9),
            ("Salad C", 10, 150, 4.1, 7),
            ("Overcooked special", 90, 220, 2.1, 25),
            ("Burnt experiment", 5, 300, 1.8, 30),
            ("Mystery dish", 120, 100, 3.8, 5),
        ),
    ),
)

_MENU = columns_of(
    name="dish",
    features=("price", "prep_minutes", "calories", "spice_level"),
    categories=("cuisine",),
)
MENU = Sample(
    key="menu",
    name="A restaurant's menu",
    summary="Eleven dishes by price, effort, calories, spice and cuisine.",
    description=(
        "Price, minutes of preparing, calories, spice level from 0 to 5, and the cuisine as a "
        "category. Three groups are asked for; whether they are price levels, the data must say."
    ),
    columns=_MENU,
    n_rows=11,
    technique="k_means",
    parameters={"n_clusters": 3},
    encoding={"scale": "standard"},
    frame=fixed_rows(
        _MENU,
        (
            ("Italian pasta", 15.99, 25, 450, 2, "Italian"),
            ("Indian curry", 22.50, 35, 650, 3, "Indian"),
            ("Caesar salad", 12.99, 15, 350, 1, "American"),
            ("Vindaloo curry", 28.99, 45, 800, 4, "Indian"),
            ("Margherita pizza", 18.75, 30, 500, 2, "Italian"),
            ("Club sandwich", 14.50, 20, 300, 1, "American"),
            ("Fish tacos", 25.00, 40, 700, 3, "Mexican"),
            ("Mushroom risotto", 19.99, 25, 450, 2, "Italian"),
            ("Coq au vin", 35.99, 60, 900, 1, "French"),
            ("Chocolate cake", 8.99, 10, 200, 0, "Dessert"),
            ("Chef's challenge", 45.00, 90, 1200, 5, "Chef's own"),
        ),
    ),
)
