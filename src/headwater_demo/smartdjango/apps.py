from django.apps import AppConfig


class SmartDjangoConfig(AppConfig):
    """A pretended site that measures how its users use it."""

    name = "headwater_demo.smartdjango"
    label = "smartdjango"
    verbose_name = "SmartDjango"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let Django find the system checks."""
        from headwater_demo.smartdjango import checks  # noqa: F401
