"""What the site does with a user's group: the front page and the promotion that they get."""

from __future__ import annotations

from dataclasses import dataclass

from headwater_demo.smartdjango.models import UserInfo


@dataclass(frozen=True, slots=True)
class Front:
    """One way to show the front page."""

    template: str
    title: str
    promotion: str


BRIEFING = Front(
    template="smartdjango/front/briefing.html",
    title="Today in five lines",
    promotion="The morning briefing by e-mail, free for a year",
)
GUIDES = Front(
    template="smartdjango/front/guides.html",
    title="Guides picked for you",
    promotion="Every new guide a week before everybody else",
)
MOSAIC = Front(
    template="smartdjango/front/mosaic.html",
    title="A bit of everything",
    promotion="Two sections of your choice without advertisements",
)
LONG_READ = Front(
    template="smartdjango/front/long_read.html",
    title="Take your time",
    promotion="The quarterly magazine, posted to your door",
)
STANDARD = Front(
    template="smartdjango/front/standard.html",
    title="Welcome",
    promotion="",
)


def front_for(user_info: UserInfo | None) -> Front:
    """Return the front page for a user; the standard one for who has no group of the four.

    The label is an ordinary column: the site asks for it as for any other. Letters keep their
    groups over refits, so these lines stay right.
    """
    if user_info is None:
        return STANDARD
    if user_info.cluster_1 == "A":
        return BRIEFING
    if user_info.cluster_1 == "B":
        return GUIDES
    if user_info.cluster_1 == "C":
        return MOSAIC
    if user_info.cluster_1 == "D":
        return LONG_READ
    return STANDARD
