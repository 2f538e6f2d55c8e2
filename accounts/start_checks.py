"""What accounts asks of the database before a process serves."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Q

from accounts.models import User
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
