"""What the other apps call: `from audit.actions import record, record_access, Seen`."""

from audit.actions.record import Seen, record, record_access, record_many, told_later

__all__ = ["Seen", "record", "record_access", "record_many", "told_later"]
