"""Standing: a visitor's mean time on pages of a type, beside that of their group."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Avg

from headwater_demo.smartdjango.models import UserInfo
from headwater_demo.smartdjango.page_types import PAGE_TYPES, time_field, visits_field


@dataclass(frozen=True, slots=True)
class Standing:
    """Times are in seconds."""

    page_type: str
    """"" is pages of any type."""
    own_mean: float
    visits: int
    others_mean: float
    """Mean of the means of the group's users; of everybody's, where the user has no group."""
    letter: str | None
    """The group's, if the user has one."""

    @property
    def others(self) -> str:
        """Whom the visitor is compared with, in words."""
        return f"group {self.letter}" if self.letter else "everybody"


def standing_of(user_info: UserInfo, page_type: str) -> Standing:
    """Return how ``user_info`` stands on pages of ``page_type``."""
    return standings_of(user_info, [page_type])[0]


def standings_of(user_info: UserInfo, page_types: list[str] | None = None) -> list[Standing]:
    """Return how ``user_info`` stands on pages of each type, and of any; in one query."""
    wanted = [*PAGE_TYPES, ""] if page_types is None else page_types
    letter = user_info.cluster_1 or None
    users = UserInfo.objects.filter(cluster_1=letter) if letter else UserInfo.objects.all()
    means = users.order_by().aggregate(**{f"of_{name}": Avg(time_field(name)) for name in wanted})
    return [
        Standing(
            page_type=name,
            own_mean=getattr(user_info, time_field(name)),
            visits=getattr(user_info, visits_field(name)),
            # The visitor is in the mean, unless they changed groups in this moment.
            others_mean=means[f"of_{name}"] or 0.0,
            letter=letter,
        )
        for name in wanted
    ]
