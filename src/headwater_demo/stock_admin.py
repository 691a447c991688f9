"""The second admin site: a section for each stock and flow of the demo, with things to do."""

from __future__ import annotations

from headwater.stockandflow.admin_site import StockAndFlowAdminSite
from headwater_demo.shop.admin import CustomerOptions
from headwater_demo.shop.models import Customer
from headwater_demo.smartdjango.admin import UserInfoOptions
from headwater_demo.smartdjango.models import UserInfo

stock_admin = StockAndFlowAdminSite(options={Customer: CustomerOptions, UserInfo: UserInfoOptions})
