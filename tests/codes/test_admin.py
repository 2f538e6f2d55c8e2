"""An administrator brings a release through the admin: upload, difference, load or discard."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claimflow.lib.db.context import acting_as
from codes.models import CodeRelease
from tests.codes.conftest import LINES, order_bytes

pytestmark = pytest.mark.slow

LOAD = "admin:codes_coderelease_load"
LISTS = [
    "adjustmentreason",
    "coderelease",
    "icd10code",
    "icd10section",
    "icd10word",
    "modifier",
    "placeofservice",
    "procedure",
    "reasoncombination",
    "remarkcode",
]


def upload(client, content=None, name="icd10cm_order_2027.txt", day="10/01/2026"):
    file = SimpleUploadedFile(name, order_bytes() if content is None else content)
    return client.post(reverse(LOAD), {"file": file, "effective_from": day})


def statuses():
    with acting_as("admin"):
        return list(CodeRelease.objects.order_by("number").values_list("label", "status"))


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_searches_and_shows_a_row(administrator, name):
    address = reverse(f"admin:codes_{name}_changelist")
    page = administrator.get(address)
    assert page.status_code == 200
    assert administrator.get(address, {"q": "E11"}).status_code in (200, 302)
    with acting_as("admin"):
        row = page.context["cl"].queryset.first()
    assert administrator.get(reverse(f"admin:codes_{name}_change", args=[row.pk])).status_code == 200
    assert administrator.get(reverse(f"admin:codes_{name}_add")).status_code == 403


def test_upload_preview_load(empty_shelf, administrator):
    answer = upload(administrator)
    assert answer.status_code == 302
    page = administrator.get(answer["Location"]).content.decode()
    assert "10 codes added" in page
    assert statuses()[-1] == ("FY2027 October", "staged")
    listed = administrator.get(reverse("admin:codes_coderelease_changelist")).content.decode()
    assert "FY2027 October waits" in listed
    assert administrator.post(answer["Location"], {"load": "1"}).status_code == 302
    assert statuses()[-1] == ("FY2027 October", "loaded")
    assert "Load this release" not in administrator.get(answer["Location"]).content.decode()
    page = administrator.post(answer["Location"], {"load": "1"}, follow=True).content.decode()
    assert "no longer waiting" in page


def test_discard(empty_shelf, administrator):
    answer = upload(administrator)
    page = administrator.post(answer["Location"], {"discard": "1"}, follow=True).content.decode()
    assert "was discarded. Nothing changed." in page
    assert [label for label, _ in statuses()] == ["FY2026 April"]
    assert administrator.get(answer["Location"]).status_code == 404


def test_the_second_upload_shows_what_changed(empty_shelf, administrator):
    administrator.post(upload(administrator)["Location"], {"load": "1"})
    changed = [*LINES[:-1], (1, "T07XXXD", "Unspecified multiple injuries, subsequent encounter")]
    page = administrator.get(upload(administrator, order_bytes(changed), day="10/01/2027")["Location"])
    assert "1 code added" in page.content.decode()
    assert "1 code deleted" in page.content.decode()
    assert "T07XXXD" in page.content.decode()


@pytest.mark.parametrize(
    ("content", "day", "sentence"),
    [
        (None, "10/01/2026", "fewer than 80 percent"),
        (b"rubbish", "10/01/2026", "Line 1: columns 1 to 5"),
        (b"PK\x00", "10/01/2026", "not a text file"),
        (None, "13/45/2026", "The calendar has no"),
        (None, "", "errorlist"),
    ],
)
def test_a_wrong_upload_is_told_beside_the_field(administrator, content, day, sentence):
    page = upload(administrator, content, day=day)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert len(statuses()) == 1


def test_a_file_name_with_a_path_or_marks_is_not_kept(empty_shelf, administrator):
    upload(administrator, name="<b>Okafor 1961.txt")
    with acting_as("admin"):
        assert CodeRelease.objects.order_by("-number").first().source == "upload"


def test_others_are_kept_out(biller, client):
    for who in (biller, client):
        assert who.get(reverse(LOAD)).status_code in (302, 403)
        assert upload(who).status_code in (302, 403)
    assert len(statuses()) == 1
