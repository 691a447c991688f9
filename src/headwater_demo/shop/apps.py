from django.apps import AppConfig


class ShopConfig(AppConfig):
    """A real online shop's customers."""

    name = "headwater_demo.shop"
    label = "shop"
    verbose_name = "Shop"
    default_auto_field = "django.db.models.BigAutoField"
