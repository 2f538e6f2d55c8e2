"""How far a person decides alone (ruling 22): the lower of the rule set's bound and the person's own limit. What pays
more needs a second look by somebody else, whose own limit holds it."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record
from audit.enums import Action, Severity, SubjectKind
from claimflow.lib.money import dollars, from_cents
from claimflow.lib.permissions import Refusal
from claims.enums import ProposalState
from claims.models import Authority, Claim, Proposal, RuleSetInternal
from claims.policies import require_set_authority
from codes.enums import ProcedureCategory

SECOND_LOOK_ABOVE = "second_look_above_cents"
"""The key in ``RuleSetInternal.authority``: whole cents."""


class NeedsSecondLook(Refusal):
    """The decision pays more than the person may decide alone."""


@dataclass(frozen=True)
class Reach:
    """What bounds a person's decision on a claim; None where nothing does."""

    own: Decimal | None
    alone: Decimal | None

    def holds(self, paid: Decimal, *, second: bool) -> bool:
        """Whether a decision that pays this may be made now; ``second`` when somebody else proposed it."""
        bound = self.own if second else self.alone
        return bound is None or paid <= bound


def authority_of(person: User) -> Authority | None:
    found: Authority | None = Authority.objects.filter(user=person.pk).first()
    return found


def reach_of(claim: Claim, by: User) -> Reach:
    """The person's own limit, and the lower of that and the rule set's bound."""
    authority = authority_of(by)
    own = authority.most_paid if authority else None
    rules = RuleSetInternal.objects.filter(rule_set=claim.rule_set_id, payer=claim.payer_id).first()
    cents = rules.authority.get(SECOND_LOOK_ABOVE) if rules else None
    bounds = [bound for bound in (own, from_cents(cents) if cents is not None else None) if bound is not None]
    return Reach(own=own, alone=min(bounds, default=None))


def is_second_look(proposal: Proposal | None, by: User) -> bool:
    """Whether somebody else proposed what this person looks at."""
    return (
        proposal is not None
        and proposal.state == ProposalState.AWAITING_SECOND
        and proposal.proposer_id != by.pk
    )


def require_within(claim: Claim, paid: Decimal, proposal: Proposal | None, by: User) -> None:
    """Raise ``NeedsSecondLook`` for a decision that pays more than this person may decide now."""
    reach = reach_of(claim, by)
    second = is_second_look(proposal, by)
    if reach.holds(paid, second=second):
        return
    bound = reach.own if second else reach.alone
    raise NeedsSecondLook(
        _("This decision pays %(paid)s, and you decide up to %(bound)s alone.")
        % {"paid": dollars(paid), "bound": dollars(bound or Decimal(0))},
        code="needs_second_look",
    )


def set_authority(
    *, person: User, most_paid: Decimal | None, skills: Collection[ProcedureCategory], by: User
) -> Authority:
    """Set the limit and the skills of one of the payer's people. Raises ``Forbidden`` for a stranger's and one's own."""
    require_set_authority(by, person)
    authority = authority_of(person)
    chosen = sorted(skill.value for skill in skills)
    if authority is None:
        authority = Authority(
            organization_id=by.organization_pk, user=person, most_paid=most_paid, skills=chosen, set_by=by
        )
        authority.save(force_insert=True)
        fields = ["most_paid", "skills"]
    else:
        before = {"most_paid": authority.most_paid, "skills": authority.skills}
        authority.most_paid, authority.skills, authority.set_by = most_paid, chosen, by
        fields = [name for name, value in before.items() if value != getattr(authority, name)]
        if not fields:
            return authority
        authority.touch("most_paid", "skills", "set_by")
    record(Action.AUTHORITY_CHANGED, SubjectKind.USER, person.pk, fields=fields, severity=Severity.WARNING)
    return authority
