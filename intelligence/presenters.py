"""Versions in words, for the trail and the administration."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.presenters import Label
from intelligence.actions.versions import is_installed
from intelligence.enums import RemoteFailure, VersionKind, VersionState
from intelligence.models import ModelVersion
from intelligence.policies import can_activate, can_manage_versions

Words = str | Promise
F = RemoteFailure

STATES: Mapping[str, Words] = {
    VersionState.ACTIVE: _("Active"),
    VersionState.SHADOW: _("Shadow"),
    VersionState.RETIRED: _("Retired"),
}
TONES: Mapping[str, str] = {
    VersionState.ACTIVE: "good",
    VersionState.SHADOW: "warning",
    VersionState.RETIRED: "neutral",
}
FAILURES: Mapping[str, Words] = {
    F.SWITCHED_OFF: _("Switched off"),
    F.NO_PRICE: _("No price in the price table"),
    F.OVER_BUDGET: _("The budget is used up"),
    F.CIRCUIT_OPEN: _("Left alone after failures in a row"),
    F.DEADLINE: _("No answer within the deadline"),
    F.UNREACHABLE: _("Could not be reached"),
    F.HUNG_UP: _("Hung up"),
    F.OVER_QUOTA: _("Over its quota"),
    F.SERVER_ERROR: _("An error at the service"),
    F.REFUSED: _("The service refused the request"),
    F.WRONG_PROTOCOL: _("An answer in another form than the protocol's"),
    F.WRONG_ANSWER: _("An answer in another form than agreed"),
}


def version_labels(ids: Iterable[UUID]) -> dict[UUID, Label]:
    """Versions by what they are, as far as the reader may see them."""
    return {version.pk: Label(str(version)) for version in ModelVersion.objects.filter(pk__in=list(ids))}


@dataclass(frozen=True)
class VersionRow:
    """A version with the steps that the reader may take."""

    version: ModelVersion
    state: Words
    tone: str
    is_installed: bool
    may_activate: bool
    waits_for_another: bool
    may_go_back: bool
    may_shadow: bool
    may_retire: bool


def version_rows(*, by: Any) -> list[VersionRow]:
    """Every version, the active ones of each kind first."""
    found = ModelVersion.objects.select_related("proposed_by", "activated_by", "replaced")
    order = list(STATES)
    return [_row(each, by) for each in sorted(found, key=lambda each: (each.kind, order.index(each.state)))]


def _row(version: ModelVersion, by: Any) -> VersionRow:
    active, may, there = version.state == VersionState.ACTIVE, can_manage_versions(by), is_installed(version)
    return VersionRow(
        version=version,
        state=STATES[version.state],
        tone=TONES[version.state],
        is_installed=there,
        may_activate=there and not active and can_activate(by, version),
        waits_for_another=there and not active and not can_activate(by, version),
        may_go_back=may and active and version.replaced_id is not None,
        may_shadow=may and there and version.state == VersionState.RETIRED,
        may_retire=may
        and (version.state == VersionState.SHADOW or (active and version.kind == VersionKind.MODEL)),
    )
