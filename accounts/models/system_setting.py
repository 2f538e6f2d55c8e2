from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import SettingType
from claimflow.lib.choices import choices_of, one_of
from claimflow.lib.models import Identified, Timed


class SystemSetting(Identified, Timed):
    """What an administrator sets for the whole platform while it runs. The rows come with ``migrate``, from
    accounts/system_setting.py, which also says what each may be; only ``value`` is changed. No secrets: every signed-in
    kind may read all of it, and anybody what ``is_public``."""

    key = models.CharField(_("setting"), max_length=50, unique=True, editable=False)
    type = models.CharField(max_length=10, choices=choices_of(SettingType), editable=False)
    value: models.JSONField[Any, Any] = models.JSONField(_("value"))
    description = models.CharField(_("what it does"), max_length=300, editable=False)
    is_public = models.BooleanField(_("anybody can read it"), default=False, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("changed by"),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("system setting"), _("system settings")
        constraints = [
            one_of("type", SettingType, name="system_setting_type_known"),
            models.CheckConstraint(
                condition=models.Q(
                    type=models.Func(
                        models.F("value"), function="jsonb_typeof", output_field=models.CharField()
                    )
                ),
                name="system_setting_typed",
                violation_error_message="A setting has a value of its own type.",
            ),
        ]

    def __str__(self) -> str:
        return self.key
