from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "headwater.learning"
    label = "headwater_learning"
    verbose_name = "Headwater: learning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headwater.learning import checks  # noqa: F401
