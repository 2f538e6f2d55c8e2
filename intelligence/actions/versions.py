"""Versions of rules and models: proposed by one administrator, activated by another, taken back by either with one
click. Each takes effect with the next submission."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from audit.enums import Action, SubjectKind
from claimflow.lib.permissions import WrongState, require
from intelligence.enums import RemoteAdapter, VersionKind, VersionState
from intelligence.models import ModelVersion
from intelligence.policies import require_activate, require_versions
from intelligence.priority import VERSION
from intelligence.remote.prices import price_table
from intelligence.scorecard import installed

S = VersionState


def proposable() -> dict[str, dict[str, str]]:
    """What could be proposed: each version that this program and its price table bring, by a name for forms."""
    rules = {
        f"rules:{scorecard}": {"kind": VersionKind.RULES.value, "rules": VERSION, "scorecard": scorecard}
        for scorecard in sorted(installed())
    }
    models = {
        f"{adapter}:{model}": {"kind": VersionKind.MODEL.value, "adapter": adapter.value, "model": model}
        for adapter, model in sorted(price_table(settings.REMOTE_MODEL_PRICES).prices)
    }
    there = {
        f"rules:{version.scorecard}"
        if version.kind == VersionKind.RULES
        else f"{version.adapter}:{version.model}"
        for version in ModelVersion.objects.all()
        if version.kind == VersionKind.MODEL or version.rules == VERSION
    }
    return {name: told for name, told in {**rules, **models}.items() if name not in there}


def propose(*, name: str, by: Any) -> ModelVersion:
    """Let a version answer beside the active one, for the ledger alone. Raises ``Forbidden``, and ``WrongState`` for
    one that is not there to propose."""
    require_versions(by)
    told = proposable().get(name)
    if told is None:
        raise WrongState(
            _("This version is not installed, has no price, or was proposed before."), code="unknown"
        )
    version = ModelVersion(**told, state=S.SHADOW.value, proposed_by=by)
    version.save(force_insert=True)
    _record(Action.VERSION_PROPOSED, version, old=None)
    return version


def activate(*, version_id: UUID, by: Any) -> ModelVersion:
    """Let this version answer, and retire the one that did. Raises ``Forbidden`` for whoever proposed it, and
    ``WrongState`` when it is active already."""
    version, active = _locked(version_id)
    require_activate(by, version)
    if version.state == S.ACTIVE:
        raise WrongState(_("This version is active already."), code="active")
    old = version.state
    if active is not None:
        _move(active, S.RETIRED)
    version.activated_by, version.activated_at, version.replaced = by, timezone.now(), active
    _move(version, S.ACTIVE, "activated_by", "activated_at", "replaced")
    _record(Action.VERSION_ACTIVATED, version, old=old)
    return version


def go_back(*, version_id: UUID, by: Any) -> ModelVersion:
    """Take the active version back and let the one before it answer again: that one was activated by four eyes when
    it came. Returns it. Raises ``Forbidden`` and ``WrongState``."""
    require_versions(by)
    version, active = _locked(version_id)
    earlier: ModelVersion | None = (
        ModelVersion.objects.select_for_update().filter(pk=version.replaced_id).first()
    )
    if version != active or earlier is None:
        raise WrongState(_("There is no earlier version to go back to."), code="no_earlier")
    _move(version, S.RETIRED)
    _move(earlier, S.ACTIVE)
    _record(Action.VERSION_RETIRED, version, old=S.ACTIVE)
    _record(Action.VERSION_ACTIVATED, earlier, old=S.RETIRED)
    return earlier


def shadow(*, version_id: UUID, by: Any) -> ModelVersion:
    """Let a retired version answer again, for the ledger alone. Raises ``Forbidden`` and ``WrongState``."""
    require_versions(by)
    version, _active = _locked(version_id)
    if version.state != S.RETIRED:
        raise WrongState(_("Only a retired version becomes a shadow."), code="not_retired")
    _move(version, S.SHADOW)
    _record(Action.VERSION_SHADOWED, version, old=S.RETIRED)
    return version


def retire(*, version_id: UUID, by: Any) -> ModelVersion:
    """Stop asking a version. Raises ``Forbidden``, and ``WrongState`` for the active rules: something has to answer."""
    require_versions(by)
    version, _active = _locked(version_id)
    if version.state == S.RETIRED:
        raise WrongState(_("This version is retired already."), code="retired")
    require(
        version.kind != VersionKind.RULES or version.state != S.ACTIVE,
        _("Some rules have to answer. Activate others instead, or go back."),
        code="rules_needed",
    )
    old = version.state
    _move(version, S.RETIRED)
    _record(Action.VERSION_RETIRED, version, old=old)
    return version


def is_installed(version: ModelVersion) -> bool:
    """Whether this program can ask it: it brings the rules and the scorecard, or its price table names the model."""
    if version.kind == VersionKind.RULES:
        return version.rules == VERSION and version.scorecard in installed()
    return (
        price_table(settings.REMOTE_MODEL_PRICES).of(RemoteAdapter(version.adapter), version.model)
        is not None
    )


def _locked(version_id: UUID) -> tuple[ModelVersion, ModelVersion | None]:
    """The version and the active one of its kind, locked. Raises ``ModelVersion.DoesNotExist``."""
    versions = {version.pk: version for version in ModelVersion.objects.select_for_update().order_by("pk")}
    if version_id not in versions:
        raise ModelVersion.DoesNotExist
    version = versions[version_id]
    same = [each for each in versions.values() if each.kind == version.kind]
    return version, next((each for each in same if each.state == S.ACTIVE), None)


def _move(version: ModelVersion, state: VersionState, *fields: str) -> None:
    version.state = state.value
    version.touch("state", *fields)


def _record(action: Action, version: ModelVersion, *, old: str | None) -> None:
    record(action, SubjectKind.MODEL_VERSION, version.pk, old_status=old, new_status=version.state)
