"""What accounts asks of the database before a process serves."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Q

from accounts.models import SecurityPolicy, User
from claimflow.lib import start_checks

# The demonstration's two named accounts; its others end in .example, a domain that nobody can own (RFC 2606).
NAMED = ("demo@claimflow.com", "test@example.com")


@start_checks.also
def no_demonstration_accounts() -> Iterator[str]:
    """Production refuses a database with accounts whose passwords were printed (ruling 1)."""
    if settings.CLAIMFLOW_ENV != "production":
        return
    found = User.objects.filter(Q(email__in=NAMED) | Q(email__endswith=".example"), is_active=True).count()
    if found:
        yield f"This database holds {found} active demonstration accounts. Production needs a database of its own."


@start_checks.also
def a_second_factor_for_everybody() -> Iterator[str]:
    """Production refuses a policy that does without (45 CFR 164.312(d) as proposed in 90 FR 898)."""
    if settings.CLAIMFLOW_ENV != "production":
        return
    if SecurityPolicy.objects.filter(second_factor_required=False).exists():
        yield "A security policy does without a second factor. Production needs it for everybody: check it again."
