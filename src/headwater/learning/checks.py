"""System checks of ``settings.HEADWATER`` and of what statistical models write to."""
