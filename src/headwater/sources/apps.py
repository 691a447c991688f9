from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "headwater.sources"
    label = "headwater_sources"
    verbose_name = "Headwater: sources"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from headwater.sources import checks, discarded_files  # noqa: F401

        discarded_files.connect()
