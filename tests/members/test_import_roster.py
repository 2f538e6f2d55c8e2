"""A roster by file: upload, preview, confirm; whole or not at all, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from claimflow.lib import phi
from claimflow.lib.db.context import acting_as
from members.actions.import_roster import forget_rosters
from members.models import Coverage, Member, RosterUpload
from members.roster.columns import template
from tests.members.pages import ODD, accesses, events, text

HEADING = "member_id,last_name,first_name,birth_date,plan,effective_from,effective_to,copay\n"
ADA = "W1,Okafor,Adaeze,1965-03-14,Silver PPO,2026-01-01,,25.00\n"
MIRA = "W2,Lind,Mira,1980-05-06,Silver PPO,2026-01-01,,\n"


def bring(client: Any, content: str | bytes) -> Any:
    raw = content if isinstance(content, bytes) else content.encode()
    return client.post(reverse("members:roster"), {"file": SimpleUploadedFile("r.csv", raw)})


def confirm(client: Any, content: str) -> Any:
    where = bring(client, content)["Location"]
    assert client.post(f"{where}confirm/").status_code == 302
    return client.get(where)


def latest() -> RosterUpload:
    with acting_as("system", "test"):
        upload: RosterUpload = RosterUpload.objects.order_by("-created_at")[0]
    return upload


def counts(upload: RosterUpload) -> tuple[int, int, int, int]:
    return upload.added, upload.changed, upload.ended, upload.unchanged


def test_nothing_is_written_before_the_confirmation(house: Any) -> None:
    client = house.client("adjudicator")
    answer = bring(client, HEADING + ADA + MIRA)
    assert answer.status_code == 302
    page = text(client.get(answer["Location"]))
    assert "Nothing is written yet." in page
    assert "Apply roster" in page
    assert counts(latest()) == (2, 0, 0, 0)
    with acting_as("system", "test"):
        assert not Member.objects.exists()
    assert accesses("members_listed")[0].subject_kind == "roster"


def test_confirm_writes_once_and_leaves_its_events(house: Any) -> None:
    client = house.client("adjudicator")
    where = bring(client, HEADING + ADA + MIRA)["Location"]
    for _twice in range(2):
        assert client.post(f"{where}confirm/").status_code == 302
    with acting_as("system", "test"):
        assert Member.objects.count() == Coverage.objects.count() == 2
        upload = RosterUpload.objects.get()
    assert (upload.state, upload.content) == ("applied", None)
    assert events("member_added", "coverage_added", "roster_imported").count("member_added") == 2
    with acting_as("system", "verify"):
        told = Event.objects.get(action="roster_imported")
    assert told.details == {"rows": 2, "added": 2, "changed": 0, "ended": 0}
    assert told.payer_id == house.insurer.pk
    # What was written can be found and asked about.
    found = client.post(reverse("members:members"), {"member_id": "w-1"})
    assert found.status_code == 302


def test_new_changed_ended_unchanged(house: Any) -> None:
    client = house.client("adjudicator")
    confirm(client, HEADING + ADA + MIRA)
    bring(client, HEADING + ADA + MIRA)
    assert counts(latest()) == (0, 0, 0, 2)
    married = MIRA.replace("Lind", "Lind-Berg")
    ended = ADA.replace("2026-01-01,,", "2026-01-01,2026-06-30,")
    second = "W3,Diaz,Luz,1990-01-01,Silver PPO,2026-01-01,,\n"
    confirm(client, HEADING + married + ended + second)
    assert counts(latest()) == (1, 1, 1, 0)
    with acting_as("system", "test"):
        assert Member.objects.count() == 3
        names = {phi.value(member, "last_name") for member in Member.objects.all()}
    assert names == {"Okafor", "Lind-Berg", "Diaz"}
    assert events("member_changed", "coverage_ended") == ["coverage_ended", "member_changed"] or sorted(
        events("member_changed", "coverage_ended")
    ) == ["coverage_ended", "member_changed"]


def test_an_empty_cell_takes_nothing_away(house: Any) -> None:
    client = house.client("adjudicator")
    confirm(client, HEADING + ADA)
    confirm(client, HEADING + ADA.replace("25.00", ""))
    with acting_as("system", "test"):
        assert str(Coverage.objects.get().copay) == "25.00"
    assert counts(latest()) == (0, 0, 0, 1)


def test_families_share_a_member_id(house: Any) -> None:
    client = house.client("adjudicator")
    child = ADA.replace("Adaeze,1965-03-14", "Obi,2010-02-03")
    confirm(client, HEADING + ADA + child)
    with acting_as("system", "test"):
        assert Member.objects.count() == 2
        assert Coverage.objects.values("member_bidx").distinct().count() == 1


def test_one_new_member_with_two_coverages(house: Any) -> None:
    confirm(
        house.client("adjudicator"),
        HEADING + ADA.replace(",,", ",2026-03-31,") + ADA.replace("2026-01-01", "2026-04-01"),
    )
    with acting_as("system", "test"):
        assert Member.objects.count() == 1
        assert Coverage.objects.count() == 2
    assert events("member_added") == ["member_added"]


def test_faulty_cells_are_named_and_nothing_can_be_applied(house: Any) -> None:
    client = house.client("adjudicator")
    where = bring(client, HEADING + ADA + MIRA.replace("1980-05-06", "1980-02-31").replace("W2", "<b>W2"))[
        "Location"
    ]
    page = text(client.get(where))
    assert "The calendar has no such day." in page
    assert "birth_date" in page
    assert "&lt;b&gt;W2" in page
    assert "Apply roster" not in page
    client.post(f"{where}confirm/")
    assert "cannot be applied any more" in text(client.get(where))
    with acting_as("system", "test"):
        assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "The file is empty."), (b"a,b\n1,2\n", "Missing: member_id"), (b"PK\x03\x04", "not a CSV file")],
)
def test_files_that_cannot_be_used_are_said_beside_the_field(house: Any, content: bytes, words: str) -> None:
    assert words in text(bring(house.client("adjudicator"), content))
    with acting_as("system", "test"):
        assert not RosterUpload.objects.exists()


def test_too_large_is_refused(house: Any) -> None:
    client = house.client("adjudicator")
    for size in (2 * 1024 * 1024 + 1, 3 * 1024 * 1024):
        assert "larger than 2 MB" in text(bring(client, b"x" * size))


def test_what_waits_is_encrypted_and_goes(house: Any) -> None:
    client = house.client("adjudicator")
    where = bring(client, HEADING + ADA)["Location"]
    with acting_as("system", "test"):
        stored = RosterUpload.objects.get().content
    assert b"Okafor" not in stored.data
    assert client.post(f"{where}discard/").status_code == 302
    with acting_as("system", "test"):
        assert RosterUpload.objects.get().content is None
    with acting_as("system", "forget_rosters"):
        assert forget_rosters(before=timezone.now() - timedelta(days=1)) == 0
        assert forget_rosters(before=timezone.now() + timedelta(seconds=1)) == 1
    assert client.get(where).status_code == 404


def test_a_renamed_plan_stops_the_confirmation(house: Any) -> None:
    client = house.client("adjudicator")
    where = bring(client, HEADING + ADA)["Location"]
    with acting_as("system", "test"):
        house.plan.name = "Gold"
        house.plan.touch("name")
    client.post(f"{where}confirm/")
    assert "A plan of this file was renamed" in text(client.get(where))


def test_the_template_comes_back_without_fault(house: Any) -> None:
    client = house.client("adjudicator")
    answer = client.get(reverse("members:roster_template"))
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    bring(client, answer.content)
    assert (latest().rows, latest().faults) == (1, 0)
    assert template() in answer.content.decode("utf-8-sig")


def test_strangers_and_colleagues(house: Any) -> None:
    where = bring(house.client("adjudicator"), HEADING + ADA)["Location"]
    stranger, colleague = house.client("other_adjudicator"), house.client("insurer_colleague")
    assert stranger.get(where).status_code == 404
    assert stranger.post(f"{where}confirm/").status_code == 404
    assert stranger.post(f"{where}discard/").status_code == 404
    assert colleague.get(where).status_code == 403
    assert colleague.post(f"{where}confirm/").status_code == 403
    for step in ("confirm", "discard"):
        assert house.client("adjudicator").get(f"{where}{step}/").status_code == 405


def test_no_file_breaks_the_page(house: Any) -> None:
    client = house.client("adjudicator")
    assert client.post(reverse("members:roster"), {"file": "text"}).status_code == 200
    for odd in ODD:
        assert bring(client, (HEADING + odd).encode("utf-8", "surrogatepass")).status_code in {200, 302}
        assert bring(client, odd.encode("utf-8", "surrogatepass")).status_code == 200
