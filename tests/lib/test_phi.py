"""Encrypted values: AES-256-GCM, bound to row and column, rotated online, never pickled (ruling 30)."""

import base64
import datetime as dt
import io
import pickle
import uuid
from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps.registry import Apps
from django.core.exceptions import FieldError, ImproperlyConfigured, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.db.migrations.writer import MigrationWriter

from audit.management.commands import phi_rekey
from audit.models import Event
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from claimflow.lib.db.roles import role
from claimflow.lib.management.commands import phi_check
from claimflow.lib.phi import fields as phi_fields
from claimflow.lib.phi import rekey as walks
from tests.harness import admin_connection

OLD, NEW = (base64.b64encode(bytes([n]) * 32).decode() for n in (7, 9))
ROW = uuid.UUID("01939aa0-0000-7000-8000-000000000001")
ORGANIZATION = uuid.UUID("01939aa0-0000-7000-8000-00000000000a")


class Probe(models.Model):  # noqa: DJ008
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organization_id = models.UUIDField(default=ORGANIZATION)
    last_name = phi.EncryptedTextField(label="probe.last_name", max_length=100)
    first_name = phi.EncryptedTextField(label="probe.first_name", max_length=100, blank=True)
    birth_date = phi.EncryptedDateField(label="probe.birth_date", null=True)
    extra = phi.EncryptedJSONField(label="probe.extra", null=True, blank=True)
    name_bidx = models.CharField(max_length=32, null=True, blank=True)
    bi_key_id = models.SmallIntegerField(default=1)

    blind_indexes = (
        phi.Indexed("name_bidx", "name", organization="organization_id", parts=("last_name", "first_name")),
    )

    class Meta:
        apps = Apps()
        app_label = "kernel"
        db_table = "phi_probe"


@pytest.fixture(autouse=True)
def keys(settings):
    settings.PHI_KEYS = f"1:{OLD}"
    settings.PHI_INDEX_KEYS = f"1:{NEW}"


@pytest.fixture
def table(real_db, monkeypatch) -> Iterator[None]:
    """A table for the probe, granted to the system alone, and the commands told to see only it."""
    for command in (phi_rekey, phi_check):
        monkeypatch.setattr(command, "encrypted_models", lambda: [Probe])
    with admin_connection(autocommit=True) as admin:
        admin.execute(
            "CREATE TABLE phi_probe (id uuid PRIMARY KEY, organization_id uuid NOT NULL,"
            " last_name bytea NOT NULL, first_name bytea NOT NULL, birth_date bytea, extra bytea,"
            " name_bidx varchar(32), bi_key_id smallint NOT NULL)"
        )
        admin.execute(f"GRANT SELECT, INSERT, UPDATE ON phi_probe TO {role('system')}")
    yield
    connection.close()
    with admin_connection(autocommit=True) as admin:
        admin.execute("DROP TABLE phi_probe")


def ada(**values) -> Probe:
    probe = Probe(**{"last_name": "Lovelace", "first_name": "Ada", **values})
    phi.fill_blind_indexes(probe)
    return probe


def raw(column: str, key: uuid.UUID) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM phi_probe WHERE id = %s", [key])
        return bytes(cursor.fetchone()[0])


# The cipher


@pytest.mark.parametrize(
    "value", ["Ömer", "", "a\x00b", dt.date(1931, 2, 28), {"a": [1, None, "x"]}, [], 0, True]
)
def test_what_is_sealed_opens(value):
    sealed = phi.seal(value, label="a.b", row_id=ROW)
    assert phi.open(sealed, ROW) == value
    assert type(phi.open(sealed, ROW)) is type(value)


def test_it_is_aes_256_gcm_with_a_derived_key_and_bound_to_label_row_and_key():
    """The value is taken apart by hand, with the library's own AES-GCM."""
    sealed = phi.seal("Lovelace", label="patient.last_name", row_id=ROW)
    key = HKDF(SHA256(), 32, None, b"claimflow|patient.last_name").derive(bytes([7]) * 32)
    assert len(key) * 8 == 256
    head, nonce, secret = sealed.data[:3], sealed.data[3:15], sealed.data[15:]
    assert head == b"\x01\x00\x01"
    assert AESGCM(key).decrypt(nonce, secret, head + f"patient.last_name|{ROW}".encode()) == b'j"Lovelace"'
    with pytest.raises(InvalidTag):
        AESGCM(key).decrypt(nonce, secret, head)
    with pytest.raises(InvalidTag):
        AESGCM(key[:16]).decrypt(nonce, secret, head + f"patient.last_name|{ROW}".encode())


def test_gcm_known_answer():
    """NIST SP 800-38D validation vector (gcmEncryptExtIV256, 96-bit IV, 128-bit text and tag)."""
    key = bytes.fromhex("31bdadd96698c204aa9ce1448ea94ae1fb4a9a0b3c9d773b51bb1822666b8f22")
    nonce = bytes.fromhex("0d18e06c7c725ac9e362e1ce")
    secret = AESGCM(key).encrypt(nonce, bytes.fromhex("2db5168e932556f8089a0622981d017d"), b"")
    assert secret.hex() == "fa4362189661d163fcd6a56d8bf0405ad636ac1bbedd5cc3ee727dc2ab4a9489"


def test_nonces_never_repeat():
    assert len({phi.seal("same", label="a.b", row_id=ROW).data[3:15] for _ in range(2000)}) == 2000


def test_a_value_moved_to_another_row_or_column_refuses():
    sealed = phi.seal("Lovelace", label="a.b", row_id=ROW)
    with pytest.raises(phi.Tampered, match="another row or column"):
        phi.open(sealed, uuid.uuid4())
    with pytest.raises(phi.Tampered):
        phi.open(phi.Sealed(sealed.data, "a.c"), ROW)


def test_every_flipped_bit_is_noticed():
    sealed = phi.seal("Lovelace", label="a.b", row_id=ROW)
    for position in range(len(sealed.data)):
        broken = bytearray(sealed.data)
        broken[position] ^= 1
        with pytest.raises(phi.PhiError):
            phi.open(phi.Sealed(bytes(broken), "a.b"), ROW)


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x02" + bytes(40), b"\x80" + bytes(80)])
def test_what_is_no_ciphertext_of_ours_is_refused(data):
    with pytest.raises(phi.Tampered):
        phi.open(phi.Sealed(data, "a.b"), ROW)


def test_a_key_that_left_the_ring_is_named(settings):
    sealed = phi.seal("Lovelace", label="a.b", row_id=ROW)
    settings.PHI_KEYS = f"2:{NEW}"
    with pytest.raises(phi.UnknownKey, match="key 1"):
        phi.open(sealed, ROW)


def test_sealed_shows_nothing_and_errors_neither():
    sealed = phi.seal("Lovelace", label="a.b", row_id=ROW)
    assert repr(sealed) == "Sealed()"
    assert str(sealed) == f"{sealed}" == "(encrypted)"
    with pytest.raises(phi.PhiError) as refused:
        phi.open(sealed, None)
    assert "Lovelace" not in str(refused.value)


def test_no_pickle_is_written_or_loaded(monkeypatch):
    def forbidden(*_args, **_kwargs):
        raise AssertionError("pickle was used")

    for name in ("loads", "load", "dumps", "dump", "Unpickler"):
        monkeypatch.setattr(pickle, name, forbidden)
    field = Probe._meta.get_field("extra")
    bound = phi_fields._Bound({"a": 1}, ROW)
    stored = field.get_db_prep_save(bound, connection)
    assert phi.open(field.from_db_value(stored), ROW) == {"a": 1}
    with pytest.raises(phi.Tampered):
        phi.open(field.from_db_value(b"\x80\x04\x95cos\nsystem\n(S'true'\ntR." + bytes(40)), ROW)


# Keys


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        "1:" + base64.b64encode(bytes(16)).decode(),
        "1:!!!",
        f"x:{OLD}",
        f"0:{OLD}",
        f"1:{OLD},1:{NEW}",
        OLD,
    ],
)
def test_a_ring_that_cannot_work_is_refused_without_showing_it(settings, text):
    settings.PHI_KEYS = text
    with pytest.raises(ImproperlyConfigured) as refused:
        phi.seal("x", label="a.b", row_id=ROW)
    assert "PHI_KEYS" in str(refused.value)
    assert OLD not in str(refused.value)
    assert "phi.E003" in {error.id for error in phi_fields.check_keys_and_labels()}


# Blind indexes


def test_blind_indexes_fold_what_people_write_differently():
    def index(*parts):
        return phi.blind_index("name", ORGANIZATION, *parts)

    assert index("Lovelace", "Ada") == index(" lovelace ", "ADA")
    assert index("De  la Cruz", "Ana") == index("de la cruz", "ana")
    assert index("José", "X") == index("JOSE\u0301", "x")
    assert index("Straße", "x") == index("STRASSE", "x")
    assert index("ab", "c") != index("a", "bc")
    member = phi.blind_index("member_id", ORGANIZATION, "W-123 456")
    assert member == phi.blind_index("member_id", ORGANIZATION, "w123456")
    assert len(member.value) == 32
    assert member.key_id == 1


def test_blind_indexes_differ_by_purpose_organization_and_key(settings):
    first = phi.blind_index("name", ORGANIZATION, "Lovelace")
    assert first.value != phi.blind_index("name_birth", ORGANIZATION, "Lovelace").value
    assert first.value != phi.blind_index("name", uuid.uuid4(), "Lovelace").value
    settings.PHI_INDEX_KEYS = f"2:{OLD},1:{NEW}"
    assert phi.blind_indexes("name", ORGANIZATION, "Lovelace")[1] == first
    assert phi.blind_index("name", ORGANIZATION, "Lovelace").key_id == 2


def test_nothing_cannot_be_indexed():
    with pytest.raises(ValueError, match="not empty"):
        phi.blind_index("member_id", ORGANIZATION, " - ")


@pytest.mark.parametrize(
    ("text", "shown"), [("W123456789", "6789"), ("W-12 345", "2345"), ("1234", ""), ("", "")]
)
def test_last4_never_shows_a_whole_value(text, shown):
    assert phi.last4(text) == shown


# The fields


def test_only_isnull_can_be_asked():
    asked = ["", "__icontains", "__in"]
    for lookup in [f"last_name{each}" for each in asked] + [
        "birth_date__year",
        "birth_date__gt",
        "extra__key",
    ]:
        with pytest.raises(FieldError):
            Probe.objects.filter(**{lookup: "x"})
    assert "IS NULL" in str(Probe.objects.filter(birth_date__isnull=True).query)


def test_migrations_are_stable():
    for field in phi.encrypted_fields(Probe):
        text, _imports = MigrationWriter.serialize(field)
        assert f"label='{field.label}'" in text
        assert "claimflow.lib.phi.fields.Encrypted" in text
        copy = field.clone()
        assert copy.deconstruct()[1:] == field.deconstruct()[1:]
        assert field.db_type(connection) == "bytea"


def test_forms_validate_as_the_plain_field_would():
    name = Probe._meta.get_field("last_name").formfield()
    assert name.widget.input_type == "text"
    with pytest.raises(ValidationError):
        name.clean("x" * 101)
    with pytest.raises(ValidationError):
        Probe(last_name="x" * 101, first_name="y").clean_fields()
    with pytest.raises(ValidationError):
        Probe(last_name="x", birth_date="1931-02-30").clean_fields()
    probe = Probe(first_name="Ada", birth_date="1931-02-28")
    probe.last_name = phi.seal("Lovelace", label="probe.last_name", row_id=probe.pk)
    probe.clean_fields()
    assert isinstance(probe.last_name, phi.Sealed)
    assert probe.birth_date == dt.date(1931, 2, 28)


def test_checks_refuse_shared_labels_unique_columns_and_database_made_keys():
    class Bad(models.Model):  # noqa: DJ008
        first = phi.EncryptedTextField(label="bad.first", unique=True)

        class Meta:
            apps = Apps()
            app_label = "kernel"

    assert {error.id for error in Bad._meta.get_field("first").check()} >= {"phi.E001", "phi.E002"}
    assert [error for field in phi.encrypted_fields(Probe) for error in field.check()] == []
    with pytest.raises(ImproperlyConfigured):
        phi.EncryptedTextField(label="Not a label")


def test_serializers_get_ciphertext_only():
    probe = ada()
    field = Probe._meta.get_field("last_name")
    assert field.value_to_string(probe) == ""
    probe.last_name = phi.seal("Lovelace", label="probe.last_name", row_id=probe.pk)
    assert base64.b64decode(field.value_to_string(probe)) == probe.last_name.data


def test_the_change_log_shows_no_value():
    from auditlog.diff import get_field_value

    probe = ada()
    for name in ("last_name", "extra"):
        field = Probe._meta.get_field(name)
        setattr(probe, name, phi.seal("Lovelace", label=field.label, row_id=probe.pk))
        assert "Lovelace" not in str(get_field_value(probe, field))
    assert phi.mask("Lovelace") == "********"


# In the database


def test_written_sealed_read_sealed(table):
    with acting_as("system", "test"):
        ada(pk=ROW, birth_date=dt.date(1815, 12, 10), extra={"a": 1}).save()
        stored = Probe.objects.get(pk=ROW)
        assert isinstance(stored.last_name, phi.Sealed)
        assert phi.value(stored, "last_name") == phi.open(stored.last_name, ROW) == "Lovelace"
        assert phi.value(stored, "birth_date") == dt.date(1815, 12, 10)
        assert phi.value(stored, "extra") == {"a": 1}
        assert b"Lovelace" not in raw("last_name", ROW)
        stored.first_name = "Augusta"
        stored.save(update_fields=["first_name"])
        again = Probe.objects.get(pk=ROW)
        assert phi.value(again, "first_name") == "Augusta"
        assert again.last_name == stored.last_name, "an unchanged value keeps its ciphertext"


def test_null_stays_null_and_bulk_create_binds_each_row(table):
    with acting_as("system", "test"):
        Probe.objects.bulk_create([ada(last_name=f"Name {n}") for n in range(5)])
        names = {phi.value(probe, "last_name") for probe in Probe.objects.all()}
        assert names == {f"Name {n}" for n in range(5)}
        assert Probe.objects.filter(birth_date__isnull=True).count() == 5
        assert phi.value(Probe.objects.first(), "birth_date") is None


def test_update_takes_no_plain_value(table):
    with acting_as("system", "test"):
        ada(pk=ROW).save()
        with pytest.raises(phi.PhiError, match="save the instance"), transaction.atomic():
            Probe.objects.update(last_name="Byron")
        Probe.objects.filter(pk=ROW).update(last_name=phi.seal("Byron", label="probe.last_name", row_id=ROW))
        assert phi.value(Probe.objects.get(pk=ROW), "last_name") == "Byron"


def test_a_lent_ciphertext_refuses_to_be_saved(table):
    with acting_as("system", "test"):
        ada(pk=ROW).save()
        stored = Probe.objects.get(pk=ROW)
        other = ada()
        other.last_name = stored.last_name
        with pytest.raises(phi.Tampered):
            other.save()
        stored.first_name = stored.last_name
        with pytest.raises(phi.Tampered):
            stored.save(update_fields=["first_name"])


def test_a_ciphertext_moved_in_the_database_refuses(table):
    with acting_as("system", "test"):
        Probe.objects.bulk_create([ada(pk=ROW), ada(last_name="Byron")])
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE phi_probe SET last_name = (SELECT last_name FROM phi_probe WHERE id = %s)"
                " WHERE id <> %s",
                [ROW, ROW],
            )
        with pytest.raises(phi.Tampered):
            phi.value(Probe.objects.exclude(pk=ROW).get(), "last_name")


# Rotation


def rotate(settings) -> None:
    settings.PHI_KEYS = f"2:{NEW},1:{OLD}"
    settings.PHI_INDEX_KEYS = f"2:{OLD},1:{NEW}"


def trail(*actions: str) -> list[Event]:
    with acting_as("admin"):
        return list(
            Event.objects.filter(action__in=actions or ["purpose_started", "keys_changed"]).order_by("id")
        )


def test_rekey_moves_every_value_and_index_to_the_current_key(table, settings):
    with acting_as("system", "test"):
        others = [ada(last_name=f"N{n}", birth_date=dt.date(1990, 1, 1)) for n in range(7)]
        Probe.objects.bulk_create([ada(pk=ROW), *others])
        before = Probe.objects.get(pk=ROW).name_bidx
    rotate(settings)
    with acting_as("system", "test"):
        assert phi.value(Probe.objects.get(pk=ROW), "last_name") == "Lovelace", "the old key still reads"
    call_command("phi_rekey", batch=3, stdout=io.StringIO())
    settings.PHI_KEYS, settings.PHI_INDEX_KEYS = f"2:{NEW}", f"2:{OLD}"
    with acting_as("system", "test"):
        for probe in Probe.objects.all():
            assert {each.key_id for each in (probe.last_name, probe.first_name)} == {2}
            phi.value(probe, "birth_date")
        kept = Probe.objects.get(pk=ROW)
        assert phi.value(kept, "last_name") == "Lovelace"
        assert kept.bi_key_id == 2
        assert kept.name_bidx == phi.blind_index("name", ORGANIZATION, "Lovelace", "Ada").value != before


def test_rekey_resumes_after_a_kill(table, settings):
    with acting_as("system", "test"):
        Probe.objects.bulk_create([ada() for _ in range(10)])
    rotate(settings)
    run = walks.rekey(Probe, batch=4)
    next(run)
    run.close()  # what a kill leaves: one committed batch
    with acting_as("system", "test"):
        moved = {probe.pk: probe.last_name for probe in Probe.objects.all() if probe.last_name.key_id == 2}
    assert len(moved) == 4
    assert walks.count_stale(Probe) == 6
    list(walks.rekey(Probe, batch=4))
    assert walks.count_stale(Probe) == 0
    with acting_as("system", "test"):
        assert {pk: Probe.objects.get(pk=pk).last_name for pk in moved} == moved, "done rows are left alone"


def test_rekey_reports_what_does_not_open_and_goes_on(table, settings):
    with acting_as("system", "test"):
        Probe.objects.bulk_create([ada(), ada(), ada()])
        broken = Probe.objects.order_by("pk")[1]
        foreign = phi.seal("x", label="probe.last_name", row_id=uuid.uuid4())
        Probe.objects.filter(pk=broken.pk).update(last_name=foreign)
    rotate(settings)
    errors = io.StringIO()
    with pytest.raises(CommandError, match="1 rows"):
        call_command("phi_rekey", stdout=io.StringIO(), stderr=errors)
    assert str(broken.pk) in errors.getvalue()
    assert walks.count_stale(Probe) == 1
    (told,) = trail("keys_changed")
    assert (told.outcome, told.severity) == ("failure", "critical")
    assert (told.details["rows"], told.details["refused"]) == (2, 1)


def test_an_exchange_of_keys_leaves_its_trace(table, settings):
    with acting_as("system", "test"):
        Probe.objects.bulk_create([ada() for _ in range(5)])
    call_command("phi_rekey", stdout=io.StringIO())
    assert trail() == [], "nothing to do, nothing to tell"
    rotate(settings)
    call_command("phi_rekey", batch=2, stdout=io.StringIO())
    began, ended = trail()
    assert (began.action, began.details) == ("purpose_started", {"command": "phi_rekey", "rows": 5})
    assert (ended.action, ended.kind, ended.purpose) == ("keys_changed", "system", "rekey")
    assert ended.details == {
        "key_id": 2,
        "index_key_id": 2,
        "rows": 5,
        "tables": ["kernel.Probe:5"],
        "refused": 0,
    }


def test_an_exchange_that_is_stopped_tells_what_it_did(table, settings, monkeypatch):
    with acting_as("system", "test"):
        Probe.objects.bulk_create([ada() for _ in range(5)])
    rotate(settings)

    def stopped(model, *, batch):
        yield next(walks.rekey(model, batch=2))
        raise KeyboardInterrupt

    monkeypatch.setattr(phi_rekey, "rekey", stopped)
    with pytest.raises(KeyboardInterrupt):
        call_command("phi_rekey", stdout=io.StringIO())
    assert [event.details["rows"] for event in trail("keys_changed")] == [2]


def test_an_exchange_that_cannot_be_recorded_changes_nothing(table, settings, monkeypatch):
    with acting_as("system", "test"):
        Probe.objects.bulk_create([ada()])
    rotate(settings)

    def refused(*_args, **_kwargs):
        raise ConnectionError

    monkeypatch.setattr(phi_rekey, "record", refused)
    with pytest.raises(ConnectionError):
        call_command("phi_rekey", stdout=io.StringIO())
    assert walks.count_stale(Probe) == 1


def test_check_counts_by_key_and_fails_on_a_bad_value(table, settings):
    with acting_as("system", "test"):
        Probe.objects.bulk_create([ada() for _ in range(6)])
    rotate(settings)
    with acting_as("system", "test"):
        ada().save()
    out = io.StringIO()
    call_command("phi_check", "--all", stdout=out)
    assert "7 rows, key 1: 12, key 2: 2, 0 that do not open" in out.getvalue()
    out = io.StringIO()
    call_command("phi_check", "--sample", "4", stdout=out)
    assert "4 rows" in out.getvalue()
    with acting_as("system", "test"):
        bad = Probe.objects.order_by("pk")[3]
        with connection.cursor() as cursor:
            cursor.execute("UPDATE phi_probe SET first_name = last_name WHERE id = %s", [bad.pk])
    errors = io.StringIO()
    with pytest.raises(CommandError, match="1 encrypted values"):
        call_command("phi_check", "--all", stdout=io.StringIO(), stderr=errors)
    assert str(bad.pk) in errors.getvalue()
