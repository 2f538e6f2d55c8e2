"""An administrator changes what holds for the whole platform (ruling 37)."""

from typing import Any

from django.db import transaction

from accounts import system_setting
from accounts.enums import SettingKey, SettingType
from accounts.models import SystemSetting
from audit.actions import record
from audit.enums import Action, Detail, SubjectKind
from claimflow.lib.permissions import Refusal


def change_setting(*, setting: SystemSetting, value: int | str, by: Any) -> None:
    """Give a setting another value: in force at once in this process, in the others within ``system_setting.AGE``
    seconds. The trail has the figures; of a text, which a person typed, only that it was changed. Raises ``Refusal``
    for a value out of bounds or of another type."""
    setting = SystemSetting.objects.select_for_update().get(pk=setting.pk)
    if not system_setting.SETTINGS[SettingKey(setting.key)].accepts(value):
        raise Refusal("This value is out of bounds.", code="out_of_bounds")
    was, setting.value, setting.changed_by = setting.value, value, by
    setting.touch("value", "changed_by")
    details: dict[str, Any] = {Detail.SETTING: setting.key}
    if setting.type == SettingType.NUMBER:
        details |= {
            Detail.OLD_VALUES: [f"{setting.key}:{was}"],
            Detail.NEW_VALUES: [f"{setting.key}:{value}"],
        }
    record(Action.SETTING_CHANGED, SubjectKind.SETTING, setting.pk, fields=["value"], details=details)
    transaction.on_commit(system_setting.forget)
