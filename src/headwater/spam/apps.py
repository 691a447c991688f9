from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SpamConfig(AppConfig):
    name = "headwater.spam"
    label = "headwater_spam"
    verbose_name = "Headwater: spam"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Judge rows of models that only name their filter; say which fields are guesses."""
        from headwater.spam import checks  # noqa: F401
        from headwater.spam.connect import connect_models
        from headwater.spam.guesses import mark_guesses
        from headwater.spam.reviewers import make_group

        connect_models()
        mark_guesses()
        post_migrate.connect(make_group, sender=self)
