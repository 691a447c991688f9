from django.apps import AppConfig


class SegmentationConfig(AppConfig):
    name = "headwater.segmentation"
    label = "headwater_segmentation"
    verbose_name = "Headwater: segments"
    default_auto_field = "django.db.models.BigAutoField"
