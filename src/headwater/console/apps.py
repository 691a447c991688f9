from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "headwater.console"
    label = "headwater_console"
    verbose_name = "Headwater: console"
