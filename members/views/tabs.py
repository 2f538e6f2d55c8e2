"""The tabs above the lists of each side."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _


def provider_tabs(current: str) -> list[dict[str, Any]]:
    return _tabs(
        current,
        {
            "patients": _("Patients"),
            "billing_providers": _("Billing providers"),
            "practitioners": _("Practitioners"),
            "facilities": _("Facilities"),
        },
    )


def payer_tabs(current: str) -> list[dict[str, Any]]:
    return _tabs(current, {"members": _("Members"), "plans": _("Plans"), "roster": _("Roster upload")})


def _tabs(current: str, labels: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": reverse(f"members:{name}"), "current": name == current}
        for name, label in labels.items()
    ]
