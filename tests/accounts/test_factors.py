"""Second factors behind one interface: what is typed finds its factor, and each proof works once, also in a race."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts import factors
from accounts.actions.backup_codes import Left, backup_codes_left, make_backup_codes
from accounts.actions.browsers import browser_class, is_cookie
from accounts.models import TotpDevice, User
from claimflow.lib.db.context import acting_as
from tests.accounts.test_sign_in import code_of
from tests.harness import admin_connection
from tests.signed_in import make_organization, make_user


@pytest.fixture
def biller(real_db: None) -> User:
    return make_user("provider", "Biller", organization=make_organization())


def prove(user: User, typed: str) -> str:
    """The name of the factor that this proves now; empty for none."""
    with acting_as("login", user=user, organization=user.organization_id):
        factor = factors.prove(user=user, answer=factors.plain(typed))
    return factor.name if factor else ""


def at_once(*works) -> list:
    def run(work):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result() for each in [pool.submit(run, work) for work in works]]


@pytest.mark.parametrize(
    ("typed", "factor"),
    [
        ("123456", "totp"),
        (" 123 456 ", "totp"),
        ("12345", None),
        ("1234567", None),
        ("١٢٣٤٥٦", None),
        ("7K3M-9Q2R-XW4T-0ABC", "backup_code"),
        ("7k3m9q2rxw4t0abc", "backup_code"),
        ("7K3M 9Q2R XW4T OABC", "backup_code"),  # the letter O is read as zero
        ("7K3M-9Q2R-XW4T-0AB", None),
        ("7K3M-9Q2R-XW4T-0ABU", None),  # no code has a U
        ("", None),
    ],
)
def test_what_is_typed_finds_its_factor(typed: str, factor: str | None) -> None:
    found = factors.factor_of(factors.plain(typed))
    assert (found.name if found else None) == factor


@pytest.mark.parametrize(
    ("agent", "words", "code"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows", "edge-windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) Version/18.0 Safari/605.1", "Safari on macOS", "safari-macos"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) CriOS/140.0 Safari/604.1", "Chrome on iPhone", "chrome-iphone"),
        ("(Android 15) SamsungBrowser/28.0 Chrome/130.0", "Samsung Internet on Android", "samsung_internet-android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox on Linux", "firefox-linux"),
        ("Firefox/1.0", "Firefox", "firefox"),
        ("", "an unknown browser", "unknown"),
    ],
)  # fmt: skip
def test_the_class_of_a_browser(agent: str, words: str, code: str) -> None:
    found = browser_class(agent)
    assert (str(found), found.code) == (words, code)


@pytest.mark.parametrize(
    ("cookie", "is_ours"),
    [("a-_Z9" * 8 + "abc", True), ("", False), ("a" * 42, False), ("a" * 42 + "'", False), ("é" * 43, False)],
)
def test_only_our_own_cookies_are_taken_over(cookie: str, is_ours: bool) -> None:
    assert is_cookie(cookie) is is_ours


def test_ten_codes_are_shown_and_only_hashes_kept(biller: User) -> None:
    assert backup_codes_left(user=biller) == Left(0, None)
    codes = make_backup_codes(user=biller)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)
    with admin_connection() as admin:
        kept = admin.execute("SELECT code_hash FROM accounts_backupcode").fetchall()
    assert all(re.fullmatch("[0-9a-f]{64}", row[0]) for row in kept)
    assert backup_codes_left(user=biller).codes == 10
    assert not backup_codes_left(user=biller).are_few


def test_a_code_works_once_for_its_owner_and_until_the_next_ten(biller: User) -> None:
    colleague = make_user("provider", "Biller", organization=biller.organization)
    code, other = make_backup_codes(user=biller)[:2]
    assert prove(colleague, code) == ""
    assert [prove(biller, code.lower()), prove(biller, code)] == ["backup_code", ""]
    make_backup_codes(user=biller)
    assert prove(biller, other) == ""


def test_of_two_who_bring_the_same_proof_one_comes_in(biller: User) -> None:
    code = make_backup_codes(user=biller)[0]
    assert sorted(at_once(lambda: prove(biller, code), lambda: prove(biller, code))) == ["", "backup_code"]
    digits = code_of()
    assert sorted(at_once(lambda: prove(biller, digits), lambda: prove(biller, digits))) == ["", "totp"]


def test_the_door_takes_no_confirmed_factor_away(biller: User) -> None:
    with acting_as("login", user=biller, organization=biller.organization_id):
        TotpDevice.objects.filter(user=biller).delete()
        assert TotpDevice.objects.filter(user=biller).exists()
