"""django-auditlog, kept from seeing health data (ruling 12)."""


def mask(value: str) -> str:
    """What auditlog stores instead of a masked value: nothing of it, not even its length."""
    return "(hidden)"
