from django.apps import AppConfig


class RestaurantConfig(AppConfig):
    """A restaurant's menu and its orders."""

    name = "headwater_demo.restaurant"
    label = "restaurant"
    verbose_name = "Restaurant"
    default_auto_field = "django.db.models.BigAutoField"
