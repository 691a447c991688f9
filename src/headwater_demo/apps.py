from django.apps import AppConfig


class DemoConfig(AppConfig):
    """What the demo's apps share: the command that loads the data, the frame of the pages."""

    name = "headwater_demo"
    label = "headwater_demo"
    verbose_name = "Demo"
