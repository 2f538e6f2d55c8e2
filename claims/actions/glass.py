"""Break-glass: the health data of one claim, for one person of the platform, for an hour, with a stated reason; told to
both organizations and signed off by somebody else (ruling 9)."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.mail import post
from accounts.enums import MailKind
from accounts.models import OrganizationProfile, User
from audit.actions import record
from audit.enums import Action, Detail, Severity, SubjectKind
from claimflow.lib.permissions import WrongState
from claimflow.lib.phi import Sealed, encrypted_fields
from claims.enums import GlassVerdict
from claims.models import Claim, GlassGrant, ServiceLine
from claims.policies import require_break_glass, require_review_glass

OPEN_FOR = timedelta(minutes=60)


def break_glass(*, claim: Claim, reason: str, by: User) -> GlassGrant:
    """Open the claim's health data to this person for 60 minutes. The view asks for a fresh second factor first. Raises
    ``Forbidden``."""
    require_break_glass(by)
    grant = GlassGrant(**claim.as_parent(), user=by, reason=reason, until=timezone.now() + OPEN_FOR)
    grant.save(force_insert=True)
    _tell(claim, grant, by)
    record(
        Action.BROKE_GLASS,
        SubjectKind.CLAIM,
        claim.pk,
        provider_id=claim.provider_id,
        payer_id=claim.payer_id,
        details={Detail.DUE_AT: grant.until.isoformat()},
        severity=Severity.CRITICAL,
    )
    return grant


def sides_of(claim: Claim) -> list[OrganizationProfile]:
    """The two organizations, by name. One without a ``privacy_contact`` has nobody who can be told."""
    profiles = OrganizationProfile.objects.filter(pk__in=(claim.provider_id, claim.payer_id))
    return list(profiles.select_related("organization").order_by("organization__name"))


def _tell(claim: Claim, grant: GlassGrant, by: User) -> None:
    """A mail to the privacy contact of each of the two organizations that has named one."""
    for profile in sides_of(claim):
        if not profile.privacy_contact:
            continue
        post(
            MailKind.GLASS_BROKEN,
            to=None,
            address=profile.privacy_contact,
            who=by.full_name,
            number=claim.claim_number or str(claim.pk),
            organization=profile.organization.name,
            until=grant.until,
        )


def open_glass(*, claim: Claim, lines: Collection[ServiceLine], by: User) -> None:
    """Put the ciphertexts into the claim and its lines, where ``phi.value`` opens them. The database records the look
    and refuses without a live grant; so does this, in words. Raises ``Forbidden`` and ``WrongState``."""
    require_break_glass(by)
    if live_grant(claim.pk, by) is None:
        raise WrongState(
            _("Nothing of this claim is open to you now. State a reason again to open it."), code="closed"
        )
    labels = {field.name: field.label for field in encrypted_fields(Claim)}
    line_labels = {field.name: field.label for field in encrypted_fields(ServiceLine)}
    by_key = {line.pk: line for line in lines}
    for name in labels:
        setattr(claim, name, None)
    for line in lines:
        line.authorization_number = None
    with connection.cursor() as cursor:
        cursor.execute("SELECT line, name, data FROM claims.open_glass(%s)", [claim.pk])
        for line_id, name, data in cursor.fetchall():
            if line_id is None:
                setattr(claim, name, Sealed(bytes(data), labels[name]))
            elif line_id in by_key:
                setattr(by_key[line_id], name, Sealed(bytes(data), line_labels[name]))


def live_grant(claim_id: UUID, by: User) -> GlassGrant | None:
    """The person's grant for this claim that ends last, if it has not ended."""
    grants = GlassGrant.objects.visible_to(by).filter(claim=claim_id, user=by, until__gt=timezone.now())
    found: GlassGrant | None = grants.order_by("-until").first()
    return found


def words_of(grants: Collection[GlassGrant]) -> None:
    """Put reason and note into these grants, where ``phi.value`` opens them; only one's own without the right to sign
    off."""
    by_key = {grant.pk: grant for grant in grants}
    labels = {field.name: field.label for field in encrypted_fields(GlassGrant)}
    for grant in grants:
        grant.reason, grant.note = "", None
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, reason, note FROM claims.glass_words(%s::uuid[])", [list(by_key)])
        for key, reason, note in cursor.fetchall():
            by_key[key].reason = Sealed(bytes(reason), labels["reason"])
            by_key[key].note = Sealed(bytes(note), labels["note"]) if note else None


def sign_off(*, grant: GlassGrant, verdict: GlassVerdict, note: str, by: User) -> None:
    """Say what was found of what somebody else opened. Once; whoever comes second is told. Raises ``Forbidden`` and
    ``WrongState``."""
    require_review_glass(by, grant.user_id)
    now = GlassGrant.objects.select_for_update().only("verdict").get(pk=grant.pk)
    if now.verdict:
        raise WrongState(_("This opening was signed off already."), code="signed_off")
    grant.verdict, grant.note = verdict.value, note.strip() or None
    grant.reviewed_by, grant.reviewed_at = by, timezone.now()
    grant.touch("verdict", "note", "reviewed_by", "reviewed_at")
    record(
        Action.GLASS_SIGNED_OFF,
        SubjectKind.CLAIM,
        grant.claim_id,
        provider_id=grant.provider_id,
        payer_id=grant.payer_id,
        details={Detail.ANSWER: verdict.value},
        severity=Severity.INFO if verdict == GlassVerdict.JUSTIFIED else Severity.CRITICAL,
    )
