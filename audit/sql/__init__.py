"""The SQL of the trail, and the one text of a row that its hash is taken over.

The text is built from expressions, not by a function in the database: whoever verifies must not trust a
function that a tamperer could have replaced. A part is its length in bytes and its text, or "-" for NULL,
so no two rows share a text. A later column means a new format number and a new list; the old list stays for
the rows that were made by it.
"""

from pathlib import Path

SCHEMA = (Path(__file__).parent / "schema.sql").read_text()

_STAMP = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"

EVENT_FORMAT_1 = (
    "{e}.format::text",
    "{e}.id::text",
    _STAMP.format("{e}.at"),
    _STAMP.format("{e}.occurred_at"),
    "{e}.cluster::text",
    "{e}.xid::text",
    "{e}.actor_id::text",
    "{e}.kind",
    "{e}.organization_id::text",
    "{e}.provider_id::text",
    "{e}.payer_id::text",
    "{e}.subject_kind",
    "{e}.subject_id::text",
    "{e}.action",
    "{e}.outcome",
    "{e}.severity",
    "{e}.request_id",
    "{e}.purpose",
    "{e}.fields::text",
    "{e}.old_status",
    "{e}.new_status",
    "{e}.details::text",
    "{e}.chain_seq::text",
    "encode({e}.prev_hash, 'hex')",
)

ACCESS_FORMAT_1 = (
    "{e}.format::text",
    "{e}.id::text",
    "{e}.event_id::text",
    _STAMP.format("{e}.at"),
    "{e}.cluster::text",
    "{e}.xid::text",
    "{e}.actor_id::text",
    "{e}.kind",
    "{e}.organization_id::text",
    "{e}.action",
    "{e}.subject_kind",
    "{e}.subject_id::text",
    "{e}.provider_id::text",
    "{e}.payer_id::text",
    "{e}.person_bidx",
    "{e}.bi_key_id::text",
    "{e}.row_count::text",
    "{e}.request_id",
    "{e}.purpose",
)


def row_hash(parts: tuple[str, ...], alias: str = "e") -> str:
    """An SQL expression: SHA-256 of the row's text, as bytea."""
    encoded = [f"coalesce(octet_length({part}) || ':' || ({part}), '-')" for part in parts]
    text = " || ',' || ".join(encoded).replace("{e}", alias)
    return f"sha256(convert_to({text}, 'UTF8'))"


def schema() -> str:
    """The whole schema with the hash expressions filled in."""
    return SCHEMA.replace("{event_hash}", row_hash(EVENT_FORMAT_1)).replace(
        "{access_hash}", row_hash(ACCESS_FORMAT_1)
    )
