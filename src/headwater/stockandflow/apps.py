from django.apps import AppConfig


class StockAndFlowConfig(AppConfig):
    name = "headwater.stockandflow"
    label = "headwater_stockandflow"
    verbose_name = "Headwater: stocks and flows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headwater.stockandflow import checks  # noqa: F401
        from headwater.stockandflow.track import watch_all

        watch_all()
