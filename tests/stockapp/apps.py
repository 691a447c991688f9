from django.apps import AppConfig


class StockAppConfig(AppConfig):
    name = "tests.stockapp"
    label = "stockapp"
    default_auto_field = "django.db.models.BigAutoField"
