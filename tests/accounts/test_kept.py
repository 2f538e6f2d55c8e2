"""A form that comes too late: kept for its person, put back into its page once, and nobody else's business."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions.kept import LONGEST, MOST_FORMS, find_kept, forget_over, keep
from accounts.enums import KeptBecause
from accounts.models import KeptForm, User
from claimflow.lib.db.context import acting_as
from claimflow.lib.forms import MemorableDateField, PlainForm
from claimflow.lib.kept import Kept, put_back
from claimflow.middleware.gate import STANDS_ON
from claimflow.middleware.kept import with_kept
from members.models import Patient
from tests.accounts.test_sign_in import events
from tests.factories.claims import ClaimFactory, lease
from tests.harness import admin_connection
from tests.signed_in import age_session, client_of, make_organization, make_user
from tests.urls.test_urls import LINES, URLS

WORDS = "Your session ended. Nothing was lost. Check and submit again."
PERSON = {
    "last_name": "Okafor-Lindqvist",
    "birth_date_year": "1965",
    "coverage-TOTAL_FORMS": "2",
    "coverage-1-member_id": "AH-KEPT-22",
}


def sent_by(client: Client, url: str, **typed: str) -> dict[str, str]:
    """What a browser sends of a page's form: every box, most of them empty, and what was typed."""
    form = client.get(url).content.decode().partition('class="people-form"')[2].partition("</form>")[0]
    boxes = dict.fromkeys(re.findall(r'<(?:input|select|textarea)[^>]* name="([a-z0-9_-]+)"', form), "")
    boxes |= {name.replace("-0-", "-1-"): "" for name in boxes}
    return boxes | typed


class SampleForm(PlainForm):
    name = forms.CharField()
    born = MemorableDateField(required=False)
    is_new = forms.BooleanField(required=False)
    kinds = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    paper = forms.FileField(required=False)
    password = forms.CharField(widget=forms.PasswordInput)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("name=Lind&born_month=2&born_day=31&born_year=1980&is_new=on&kinds=b", ["Lind", ["2", "31", "1980"], True, ["b"]]),
        ("name=Lind&born_month=&born_day=&born_year=", ["Lind", ["", "", ""], False, []]),
        ("name=Lind", None),  # another form of the page
        ("reason=none", None),
    ],
)  # fmt: skip
def test_a_form_takes_what_is_its_own(query: str, shown: list[object] | None) -> None:
    kept = Kept(QueryDict(query), WORDS, timezone.now())
    with put_back(kept):
        form = SampleForm(initial={"name": "as it was"})
        values = [form[name].value() for name in ("name", "born", "is_new", "kinds")]
        assert form["password"].value() is None
        assert not form.is_bound
        assert not SampleForm(QueryDict("name=typed")).put_back, "what is sent now stands"
    assert kept.is_taken is (shown is not None)
    assert values == (shown or ["as it was", None, None, None])
    assert SampleForm(initial={"name": "as it was"})["name"].value() == "as it was"


@pytest.mark.parametrize(
    ("page", "address"),
    [("/a/", "/a/?kept=1"), ("/a/?b=2", "/a/?b=2&kept=1"), ("/a/?kept=0&b=2", "/a/?b=2&kept=1")],
)
def test_the_address_of_what_is_kept(page: str, address: str) -> None:
    assert with_kept(page, 1) == address  # type: ignore[arg-type]  # any key
    assert "kept" not in with_kept(address, None)


# --- Over HTTP --------------------------------------------------------------------------------------------------------


@pytest.fixture
def biller(real_db: None) -> User:
    return make_user("provider", "Biller", organization=make_organization())


def next_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["next"][0]


def send_too_late(client: Client, url: str, data: dict[str, str]) -> str:
    """The page that signing in leads back to."""
    age_session(client, last_seen_at=31)
    page = client.post(url, data, HTTP_REFERER=f"http://testserver{url}")
    assert page.status_code == 302
    assert urlsplit(page.url).path == reverse("accounts:sign_in")
    return next_of(page.url)


@pytest.mark.slow
def test_what_was_typed_is_put_back_once_for_its_person(biller: User) -> None:
    url = reverse("members:patient_add")
    client = client_of(biller)
    back = send_too_late(client, url, sent_by(client, url, **PERSON))
    assert back.startswith(f"{url}?kept=")
    assert "Your session has ended" in client.get(reverse("accounts:sign_in")).content.decode()
    with admin_connection() as admin:
        stored = bytes(admin.execute("SELECT content FROM accounts_keptform").fetchone()[0])
    assert b"Okafor" not in stored
    colleague = make_user("provider", "Biller", organization=biller.organization)
    for other in (client_of(colleague), client_of(biller, is_verified=False)):
        page = other.get(back)
        assert "Okafor" not in page.content.decode()
    again = client_of(biller)
    page = again.get(back).content.decode()
    for text in (WORDS, "Okafor-Lindqvist", "AH-KEPT-22", 'value="1965"'):
        assert text in page
    assert "Okafor" not in again.get(back).content.decode()
    assert {"form_kept", "form_restored"} <= set(events())
    with acting_as("system", "test"):
        assert not Patient.objects.exists(), "nothing was done with it"


@pytest.mark.slow
def test_the_claim_form_comes_back_as_it_was(biller: User) -> None:
    data = {"last_name": "Okafor", "lines-TOTAL_FORMS": "2", "lines-1-charge": "15O.00", "do": "submit"}
    back = send_too_late(client_of(biller), reverse("claims:new"), data)
    page = client_of(biller).get(back).content.decode()
    for text in (WORDS, "Okafor", "15O.00"):
        assert text in page


@pytest.mark.slow
def test_what_the_page_sends_at_the_end_is_kept_and_not_done(biller: User) -> None:
    client = client_of(biller)
    url = reverse("members:patient_add")
    typed = sent_by(client, url, **PERSON)
    answer = client.post(url, typed, HTTP_X_KEEP="part", HTTP_ACCEPT="application/json").json()
    assert answer["url"].startswith(f"{url}?kept="), "the session lives: no door"
    page = client.get(answer["url"]).content.decode()
    assert "Okafor-Lindqvist" in page
    assert "Files and passwords are not kept" in page
    with acting_as("system", "test"):
        assert not Patient.objects.exists()


@pytest.mark.slow
def test_a_decision_comes_back_to_the_desk_as_long_as_the_claim_is_there(real_db: None) -> None:
    worker = make_user("payer", "Adjudicator", organization=make_organization("payer"))
    with acting_as("system", "test"):
        claim = ClaimFactory(payer=worker.organization)
        held = lease(claim, worker)
    typed = {"lines-0-allowed": "612.3O", "notes": "Seen on paper", "version": "0", "press": "deny"}
    client = client_of(worker)
    age_session(client, last_seen_at=31)
    back = next_of(client.post(reverse("payer:decide", args=[claim.pk]), typed).url)
    assert back.startswith(f"{reverse('payer:desk', args=[claim.pk])}?kept=")
    with acting_as("system", "test"):
        type(held).objects.filter(pk=held.pk).update(
            adjudicator=make_user("payer", organization=worker.organization)
        )
    page = client_of(worker).get(back).content.decode()
    assert "has no place on this page now" in page
    with acting_as("system", "test"):
        type(held).objects.filter(pk=held.pk).update(adjudicator=worker)
    page = client_of(worker).get(back).content.decode()
    for text in (WORDS, "612.3O", "Seen on paper"):
        assert text in page


# Forms without a page of their own that nobody types in, or that a script sends.
WITHOUT_A_PAGE = {
    "claims:check",
    "members:coverage_check",
    "accounts:session",
    "accounts:sign_out",
    "payer:recategorization_step",
}


def test_every_form_says_on_which_page_it_stands() -> None:
    """A view that answers POST alone has no page to come back to but the one that it names."""
    methods: dict[str, set[str]] = {}
    for line in LINES:
        methods.setdefault(line.name, set()).add(line.method)
    only_post = {name for name, known in methods.items() if known == {"POST"}}
    marked = {name for name, pattern in URLS.items() if hasattr(pattern.callback, STANDS_ON)}
    assert only_post - marked == WITHOUT_A_PAGE & only_post


def test_strangers_and_forged_posts_keep_nothing(biller: User) -> None:
    url = reverse("members:patient_add")
    assert next_of(Client().post(url, PERSON).url) == url
    forged = Client(enforce_csrf_checks=True)
    forged.cookies = client_of(biller).cookies
    age_session(forged, last_seen_at=31)
    assert forged.post(url, PERSON).status_code == 403
    long_ago = client_of(biller)
    age_session(long_ago, last_seen_at=60 * 13)
    assert "kept" not in long_ago.post(url, PERSON).url
    saved = client_of(biller)
    age_session(saved, last_seen_at=31)
    assert "kept" not in saved.post(url, PERSON, HTTP_ACCEPT="application/json").url
    with acting_as("login", user=biller):
        assert not KeptForm.objects.exists()


def test_passwords_too_much_and_too_old_are_not_kept(biller: User) -> None:
    def put(text: str) -> object:
        return keep(
            user=biller,
            page="/a/",
            fields=QueryDict(text),
            because=KeptBecause.SESSION_ENDED,
            is_whole=True,
        )

    assert put("csrfmiddlewaretoken=x&password=secret") is None
    assert put("a=" + "x" * LONGEST) is None
    kept_id = put("a=1&new_password=secret")
    found = find_kept(kept_id=kept_id, path="/a/", of=biller)
    assert (found.fields.dict(), found.is_whole) == ({"a": "1"}, False)
    assert find_kept(kept_id=kept_id, path="/b/", of=biller) is None
    for _ in range(MOST_FORMS + 2):
        put("a=1")
    with acting_as("login", user=biller):
        assert KeptForm.objects.count() == MOST_FORMS
    assert find_kept(kept_id=kept_id, path="/a/", of=biller) is None
    kept_id = put("a=2")
    with admin_connection(autocommit=True) as admin:
        admin.execute("UPDATE accounts_keptform SET until = %s", [timezone.now() - timedelta(seconds=1)])
    assert find_kept(kept_id=kept_id, path="/a/", of=biller) is None
    with acting_as("system", "forget_kept"):
        forget_over()
        assert not KeptForm.objects.exists()
