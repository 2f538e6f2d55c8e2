"""The reserved account that automatic steps act as; it cannot sign in (ruling 36)."""

import uuid

SYSTEM_USER_ID = uuid.UUID("00000000-0000-7000-8000-000000000001")
