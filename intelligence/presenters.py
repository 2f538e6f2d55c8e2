"""The ledger's codes in words, and versions of rules and models."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.presenters import Label
from claimflow.lib.sentences import gettext_noop
from intelligence.actions.versions import is_installed
from intelligence.enums import OverrideReason as O
from intelligence.enums import RemoteFailure, VersionKind, VersionState, WaitReason
from intelligence.models import ModelVersion
from intelligence.policies import can_activate, can_manage_versions
from intelligence.priority import PLAIN_WORDS

OVERRIDE_WORDS: Mapping[str, str] = {
    O.PHYSICIAN_SAYS_URGENT: gettext_noop("A physician who knows the patient says it is urgent"),
    O.MORE_URGENT: gettext_noop("More urgent than its codes say"),
    O.LESS_URGENT: gettext_noop("Less urgent than its codes say"),
    O.LEGAL_DEADLINE: gettext_noop("A deadline of law or contract"),
    O.CHARGE_MISLEADS: gettext_noop("The charge says nothing about the urgency"),
    O.CODES_MISLEAD: gettext_noop("The codes do not describe the service"),
    O.BELONGS_WITH_ANOTHER: gettext_noop("It belongs with another claim"),
    O.RUN_UNDONE: gettext_noop("A change of many claims was taken back"),
    O.OTHER: gettext_noop("Another reason"),
}
CHOSEN_BY_HAND = tuple(reason for reason in O if reason != O.RUN_UNDONE)
"""What a person chooses from; taking back a run says its reason itself."""
WAIT_WORDS: Mapping[str, str] = {
    WaitReason.WAITED_7_DAYS: gettext_noop("It has waited for 7 days"),
    WaitReason.WAITED_14_DAYS: gettext_noop("It has waited for 14 days"),
}
REASON_WORDS: Mapping[str, str] = {
    **{str(code): words for code, words in PLAIN_WORDS.items()},
    **OVERRIDE_WORDS,
    **WAIT_WORDS,
}


def in_words(codes: Iterable[str]) -> list[str]:
    """Reasons of a priority in words; a code that has left the list keeps its name."""
    return [_(REASON_WORDS[code]) if code in REASON_WORDS else code for code in codes]


# --- Versions and the remote model ---------------------------------------------------------------------------------

Words = str | Promise
F = RemoteFailure

STATES: Mapping[str, Words] = {
    VersionState.ACTIVE: gettext_lazy("Active"),
    VersionState.SHADOW: gettext_lazy("Shadow"),
    VersionState.RETIRED: gettext_lazy("Retired"),
}
TONES: Mapping[str, str] = {
    VersionState.ACTIVE: "good",
    VersionState.SHADOW: "warning",
    VersionState.RETIRED: "neutral",
}
FAILURES: Mapping[str, Words] = {
    F.SWITCHED_OFF: gettext_lazy("Switched off"),
    F.NO_PRICE: gettext_lazy("No price in the price table"),
    F.OVER_BUDGET: gettext_lazy("The budget is used up"),
    F.CIRCUIT_OPEN: gettext_lazy("Left alone after failures in a row"),
    F.DEADLINE: gettext_lazy("No answer within the deadline"),
    F.UNREACHABLE: gettext_lazy("Could not be reached"),
    F.HUNG_UP: gettext_lazy("Hung up"),
    F.OVER_QUOTA: gettext_lazy("Over its quota"),
    F.SERVER_ERROR: gettext_lazy("An error at the service"),
    F.REFUSED: gettext_lazy("The service refused the request"),
    F.WRONG_PROTOCOL: gettext_lazy("An answer in another form than the protocol's"),
    F.WRONG_ANSWER: gettext_lazy("An answer in another form than agreed"),
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
    """Every version, rules before models, the active ones first."""
    found = ModelVersion.objects.select_related("proposed_by", "activated_by", "replaced")
    kinds, states = list(VersionKind), list(STATES)
    ordered = sorted(found, key=lambda each: (kinds.index(each.kind), states.index(each.state)))
    return [_row(each, by) for each in ordered]


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
