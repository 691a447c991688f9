"""SegmentList: the rows of a segment as they were when somebody kept them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils import timezone

from headwater.learning.models import Fit, StatisticalModel


class SegmentListQuerySet(models.QuerySet["SegmentList"]):
    def visible_to(self, user: Any) -> SegmentListQuerySet:
        """Lists that ``user`` may see: the own ones, and those shared with a group of theirs.

        Sharing a list shares its rows' names too, so it takes the right to see the model as well.
        """
        if not user.is_authenticated:
            return self.none()
        shared = SegmentList.shared_with.through.objects.filter(
            group__in=Group.objects.filter(user=user.pk)
        ).values("segmentlist")
        seen = StatisticalModel.objects.visible_to(user).values("pk")
        return self.filter(Q(owner=user.pk) | Q(pk__in=shared), model__in=seen)


class SegmentList(models.Model):
    """A segment kept as a list to work through: who was in it, at that run."""

    name = models.CharField(max_length=100)
    model = models.ForeignKey(
        StatisticalModel, on_delete=models.CASCADE, related_name="segment_lists"
    )
    fit = models.ForeignKey(Fit, on_delete=models.CASCADE, related_name="+")
    letter = models.CharField(max_length=4, blank=True, help_text="Empty: outside of every group.")
    n_rows = models.PositiveBigIntegerField()
    packed = models.BinaryField(editable=False)
    """Keys of the rows, packed as a membership is."""
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    shared_with = models.ManyToManyField(Group, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = SegmentListQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def queryset(self) -> models.QuerySet[Any]:
        """Return the objects of a list of rows of a Django model; see ``queryset_of``."""
        from headwater.segmentation.segment_lists import queryset_of

        return queryset_of(self)
