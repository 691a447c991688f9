"""Settings of the property tests: no deadline, since machines differ."""

import os

from hypothesis import settings

# A push is judged by the same examples each time; at home new ones are looked for.
settings.register_profile(
    "headwater", deadline=None, max_examples=60, derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("headwater")
