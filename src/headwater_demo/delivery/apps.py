from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """A food delivery's customers."""

    name = "headwater_demo.delivery"
    label = "delivery"
    verbose_name = "Food delivery"
    default_auto_field = "django.db.models.BigAutoField"
