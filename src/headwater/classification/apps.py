from django.apps import AppConfig


class ClassificationConfig(AppConfig):
    name = "headwater.classification"
    label = "headwater_classification"
    verbose_name = "Headwater: classification"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headwater.classification import checks  # noqa: F401
