"""Who answers for the next submission: read anew each time, so that a version that was activated answers at once."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from intelligence.enums import VersionKind, VersionState
from intelligence.models import ModelVersion, RemoteBudget, RemoteCircuit
from intelligence.priority import VERSION
from intelligence.scorecard import SCORECARD, Scorecard, installed


@dataclass(frozen=True, slots=True)
class Answering:
    """`scorecard` weighs the answer that counts; `shadows` weigh it for the ledger alone; `models` are the remote
    versions to ask after the submission, by id."""

    scorecard: Scorecard
    shadows: tuple[Scorecard, ...]
    models: tuple[UUID, ...]


def answering(payer_id: UUID) -> Answering:
    """One query, three when a remote model is switched on. A version that the installed program does not have is left
    out; without an active one the program's own scorecard answers."""
    versions = list(ModelVersion.objects.in_use())
    active, shadows = SCORECARD, []
    for version in versions:
        scorecard = installed().get(version.scorecard) if version.rules == VERSION else None
        if scorecard is not None and version.state == VersionState.ACTIVE:
            active = scorecard
        elif scorecard is not None:
            shadows.append(scorecard)
    return Answering(active, tuple(shadows), _models(versions, payer_id))


def answering_unapproved() -> str:
    """The program's own rules and scorecard, when they answer although nobody here activated them: the active version
    is of another program. Empty when the active version answers."""
    active = ModelVersion.objects.filter(
        kind=VersionKind.RULES.value, state=VersionState.ACTIVE.value
    ).first()
    if active is not None and active.rules == VERSION and active.scorecard in installed():
        return ""
    return str(ModelVersion(kind=VersionKind.RULES.value, rules=VERSION, scorecard=SCORECARD.version))


def _models(versions: list[ModelVersion], payer_id: UUID) -> tuple[UUID, ...]:
    """None while the model is switched off or its service left alone, and none for a payer without a budget."""
    asked = [
        version.pk
        for version in versions
        if version.kind == VersionKind.MODEL and version.adapter == settings.REMOTE_MODEL
    ]
    if not asked or not RemoteBudget.objects.filter(pk=payer_id).exists():
        return ()
    left_alone = RemoteCircuit.objects.filter(adapter=settings.REMOTE_MODEL, open_until__gt=timezone.now())
    return () if left_alone.exists() else tuple(asked)
