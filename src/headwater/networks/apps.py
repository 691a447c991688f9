from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "headwater.networks"
    label = "headwater_networks"
    verbose_name = "Headwater: Bayesian networks"
    default_auto_field = "django.db.models.BigAutoField"
