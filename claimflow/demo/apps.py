from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Invented organizations, people and claims. Not installed in production."""

    name = "claimflow.demo"
    label = "demo"
