"""Who may do what with claims (style.md, habit 8): asked by actions and by templates.

Scope is not asked here: rows come from ``visible_to`` and from row-level security, strangers get 404.
"""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Permission, UserRole
from accounts.models import Organization, RightGrant, User
from accounts.policies import require_manage
from claimflow.lib.permissions import Forbidden, Refusal, WrongState, require
from claims import workflow
from claims.enums import ClaimState, ProposalState
from claims.models import Assignment, Claim

MAX_IN_HAND = 10


def can_view(user: User) -> bool:
    """Look at the claims of one's own organization, from the provider's side."""
    return user.role == UserRole.PROVIDER and user.has(Permission.VIEW_CLAIMS)


def can_submit(user: User) -> bool:
    """Write drafts and submit them."""
    return user.role == UserRole.PROVIDER and user.has(Permission.SUBMIT_CLAIMS)


def can_withdraw(user: User, claim: Claim) -> bool:
    """Take back a claim before it is decided, and while nobody works on it (ruling 27)."""
    return may_withdraw(user) and workflow.allows("withdraw", ClaimState(claim.state))


def may_withdraw(user: User) -> bool:
    """The same whatever the state."""
    return user.role == UserRole.PROVIDER and user.has(Permission.WITHDRAW_CLAIMS)


def can_copy(user: User, claim: Claim) -> bool:
    """Open a new draft with the data of a rejected claim."""
    return can_submit(user) and claim.state == ClaimState.REJECTED


def require_view(user: User) -> None:
    require(
        can_view(user),
        _("This page needs the right to view claims. Ask an administrator of your organization for it."),
    )


def require_submit(user: User) -> None:
    require(
        can_submit(user),
        _(
            "Entering claims needs the right to submit claims. Ask an administrator of your organization for it."
        ),
    )


def require_withdraw(user: User) -> None:
    require(
        may_withdraw(user),
        _(
            "Withdrawing needs the right to withdraw claims. Ask an administrator of your organization for it."
        ),
    )


# --- The payer's side


def can_work_queue(user: User) -> bool:
    return user.role == UserRole.PAYER and user.has(Permission.WORK_QUEUE)


def can_read_desk(user: User) -> bool:
    """Read the payer's claims, also those on nobody's or somebody else's desk."""
    return user.role == UserRole.PAYER and (user.has(Permission.VIEW_CLAIMS) or can_work_queue(user))


def can_decide(user: User) -> bool:
    return user.role == UserRole.PAYER and user.has(Permission.DECIDE_CLAIMS)


def can_supervise(user: User) -> bool:
    return user.role == UserRole.PAYER and user.has(Permission.SUPERVISE)


def can_see_numbers(user: User) -> bool:
    """How good the suggestions are: the payer's supervisors, and whoever reads the platform's trail."""
    return can_supervise(user) or (user.role == UserRole.ADMIN and user.has(Permission.READ_AUDIT))


def can_assign(user: User) -> bool:
    """Give a claim to a colleague."""
    return can_supervise(user)


def can_export(user: User) -> bool:
    return bool(user.has(Permission.EXPORT_CLAIMS))


def is_adjudicator(person: User) -> bool:
    """Whether a limit would bind this person's decisions."""
    return person.role == UserRole.PAYER and Permission.DECIDE_CLAIMS.value in person.permissions


def require_set_authority(user: User, person: User) -> None:
    """Raise ``Forbidden`` for whoever does not keep the payer's people, and for one's own limit."""
    require(user.role == UserRole.PAYER, _("Only payers set limits of adjudicators."), code="no_authority")
    require_manage(user, person)


# --- The platform's side


def can_break_glass(user: User) -> bool:
    """Open the health data of one claim in an emergency."""
    return user.role == UserRole.ADMIN and user.has(Permission.BREAK_GLASS)


def can_review_glass(user: User) -> bool:
    """Sign off what somebody else opened."""
    return user.role == UserRole.ADMIN and user.has(Permission.REVIEW_BREAK_GLASS)


def require_glass(user: User) -> None:
    require(
        can_break_glass(user) or can_review_glass(user),
        _("Emergency openings are for the platform's administrators, auditors and security officers."),
        code="no_glass",
    )


def require_break_glass(user: User) -> None:
    require(can_break_glass(user), _("You need the right to break the glass."), code="no_glass")


def require_review_glass(user: User, opened_by: UUID) -> None:
    require(can_review_glass(user), _("You need the right to sign off emergency openings."), code="no_review")
    require(opened_by != user.pk, _("Another person signs off what you opened."), code="own_glass")


class NotYours(WrongState):
    """The claim is on somebody else's desk, or on nobody's."""


def require_worker(user: User) -> None:
    """Raise ``Forbidden`` for somebody who does not work the queue."""
    if not can_work_queue(user):
        raise Forbidden(_("Only adjudicators work on claims in the queue."), code="no_queue")


def require_desk_reader(user: User) -> None:
    require(
        can_read_desk(user),
        _("This page needs the right to view claims. Ask an administrator of your organization for it."),
        code="no_desk",
    )


def require_export(user: User) -> None:
    require(
        can_export(user),
        _("Downloading needs the right to export claims. Ask an administrator of your organization for it."),
        code="no_export",
    )


def require_numbers(user: User) -> None:
    require(
        can_see_numbers(user),
        _("The numbers are for supervisors. Ask an administrator of your organization for that role."),
        code="no_numbers",
    )


def require_assign(user: User) -> None:
    require(can_assign(user), _("Only supervisors assign claims to others."), code="no_assign")


PRIORITIZED = (ClaimState.RECEIVED, ClaimState.IN_REVIEW, ClaimState.PENDED)


def can_prioritize(user: User, claim: Claim, lease: Assignment | None) -> bool:
    """Change the priority of a claim that is not decided: one that waits, one's own, or as a supervisor any."""
    mine = lease is None or lease.adjudicator_id == user.pk or can_supervise(user)
    return can_work_queue(user) and claim.state in PRIORITIZED and mine


def require_prioritize(claim: Claim, lease: Assignment | None, user: User) -> None:
    require_worker(user)
    if claim.state not in PRIORITIZED:
        raise WrongState(
            _(
                "The priority was not changed, because the claim is now %(state)s. "
                "It can be changed until a claim is decided."
            )
            % {"state": _(workflow.STATE_WORDS[ClaimState(claim.state)])},
            code="cannot_prioritize",
        )
    if not can_prioritize(user, claim, lease):
        raise NotYours(
            _(
                "Somebody else works on this claim now. Its priority can be changed by them or by a supervisor."
            ),
            code="not_yours",
        )


def can_recategorize(user: User) -> bool:
    """Run the rules again over many claims: a supervisor those of the own payer, an administrator any payer's."""
    return can_supervise(user) or (user.role == UserRole.ADMIN and user.has(Permission.ADMINISTER))


def require_recategorize(payer: Organization, user: User) -> None:
    require(
        can_recategorize(user) and (user.role == UserRole.ADMIN or user.organization_id == payer.pk),
        _("Only supervisors and administrators change the priority of many claims."),
        code="no_recategorize",
    )


def workers_of(user: User) -> QuerySet[User]:
    """The active people of this person's organization who work the queue, by name."""
    return User.objects.filter(
        organization=user.organization_id,
        role=UserRole.PAYER,
        is_active=True,
        pk__in=RightGrant.objects.filter(
            organization=user.organization_id, role__permissions__contains=[Permission.WORK_QUEUE.value]
        ).values("user"),
    ).order_by("last_name", "first_name", "email")


def require_assignable(person: User, user: User) -> None:
    """Raise ``Refusal`` if this person may not be given work by ``user``."""
    if not workers_of(user).filter(pk=person.pk).exists():
        raise Refusal(
            _("This person does not work on the claims of your organization. Choose somebody of the list."),
            code="not_a_worker",
        )


def is_desk_full(user: User) -> bool:
    """What waits for somebody else's second look is not in hand."""
    return bool(
        Assignment.objects.visible_to(user)
        .filter(adjudicator=user)
        .exclude(claim__proposals__state=ProposalState.AWAITING_SECOND)
        .count()
        >= MAX_IN_HAND
    )


def require_room_of(person: User) -> None:
    """Raise ``Refusal`` when the desk of the person who is given a claim is full."""
    if is_desk_full(person):
        raise Refusal(
            _(
                "%(who)s has %(limit)d claims in hand, which is the limit. "
                "Assign the claim to somebody else, or wait until one of those is decided."
            )
            % {"who": person.full_name, "limit": MAX_IN_HAND},
            code="desk_full",
        )


def require_room(user: User) -> None:
    """Raise ``Refusal`` when this person's desk is full: claims in hand wait for nobody else."""
    if is_desk_full(user):
        raise Refusal(
            _("You have %(limit)d claims in hand. Decide, pend or release one before you take another.")
            % {"limit": MAX_IN_HAND},
            code="desk_full",
        )


def require_holder(claim: Claim, user: User) -> Assignment:
    """The person's lease of this claim. Raises ``NotYours`` naming what happened to it instead."""
    lease: Assignment | None = (
        Assignment.objects.visible_to(user).filter(claim=claim).select_for_update().first()
    )
    if lease is not None and lease.adjudicator_id == user.pk:
        return lease
    if lease is not None:
        raise NotYours(
            _(
                "Somebody else works on this claim now. Nothing was changed; take another claim from the queue."
            ),
            code="not_yours",
        )
    raise NotYours(
        _(
            "This claim is not on your desk any more. Nothing was changed; open it again to see where it stands."
        ),
        code="not_yours",
    )
