"""The shop's customers by segment, and one customer month by month."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin
from django.db.models import QuerySet
from django.views.generic import DetailView, ListView

from headwater.learning.models import StatisticalModel
from headwater.stockandflow.views import place_in_stock
from headwater_demo.shop.models import Customer
from headwater_demo.shop.moves import way_of
from headwater_demo.shop.segments import SORTS, customers_for, segments
from headwater_demo.shop.stocks import activity
from headwater_demo.statistical_models import SHOP_CUSTOMERS


class MaySeeCustomers(LoginRequiredMixin, PermissionRequiredMixin):
    """Sends who is not signed in to the sign-in page, and refuses who may not see customers."""

    permission_required = "shop.view_customer"
    permission_denied_message = "You may not see the shop's customers."


class CustomerList(MaySeeCustomers, ListView):
    """The segments, and the customers in one of them or in all."""

    template_name = "shop/customers.html"
    context_object_name = "customers"
    paginate_by = 25

    def get_queryset(self) -> QuerySet[Customer]:
        """Return the customers that the address asks for."""
        self.segment = self._asked("segment")[:4]
        self.search = self._asked("search")[:40]
        self.sort = self._asked("sort") if self._asked("sort") in SORTS else "revenue"
        return customers_for(segment=self.segment, search=self.search, sort=self.sort)

    def _asked(self, name: str) -> str:
        # PostgreSQL takes no text with a NUL in it.
        return self.request.GET.get(name, "").replace("\x00", "").strip()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the segments, the choices, and the statistical model they come from."""
        return super().get_context_data(
            segments=segments(),
            segment=self.segment,
            search=self.search,
            sort=self.sort,
            sorts=[(key, words) for key, (words, _) in SORTS.items()],
            stocks=[
                (activity.stock(state).slug, words) for state, words in Customer.Activity.choices
            ],
            model=StatisticalModel.objects.filter(name=SHOP_CUSTOMERS).first(),
            **kwargs,
        )


class CustomerDetail(MaySeeCustomers, DetailView):
    """One customer."""

    template_name = "shop/customer.html"
    model = Customer
    context_object_name = "customer"
    slug_field = "number"
    slug_url_kwarg = "number"
    queryset = Customer.objects.prefetch_related("months")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the customer's way through the stocks, and the neighbours in one of them."""
        return super().get_context_data(
            way=way_of(self.object),
            place=place_in_stock(self.request, self.object.pk),
            **kwargs,
        )
