"""The pages of a re-categorization: a supervisor's, and the administrator's door to the same."""

import pytest
from django.urls import reverse

from tests.claims.desk_cast import Desk, make_desk
from tests.claims.test_recategorize import now, waiting, work
from tests.signed_in import client_of, make_user

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]


@pytest.fixture
def cast(real_db: None) -> Desk:
    return make_desk()


def runs() -> list:
    from claimflow.lib.db.context import acting_as
    from claims.models import Recategorization

    with acting_as("system", "test"):
        return list(Recategorization.objects.order_by("created_at"))


def test_a_supervisor_asks_looks_starts_and_takes_back(cast: Desk) -> None:
    claim = waiting(cast, "99285")
    client = cast.client(cast.supervisor)
    assert "Priorities of many claims" in client.get(reverse("payer:queue")).content.decode()
    page = client.post(reverse("payer:recategorize"), {"priority": "standard"}, follow=True).content.decode()
    assert "The system works on it in the background" in page
    assert "Another re-categorization" in client.post(reverse("payer:recategorize"), {}).content.decode()
    [run] = runs()
    work(run)
    url, step = (
        reverse(f"payer:{name}", args=[run.pk]) for name in ("recategorization", "recategorization_step")
    )
    assert "Change these priorities" in client.get(url).content.decode()
    table = client.get(url).context["shown"].table
    assert [(row.before, row.then, row.after) for row in table] == [
        (0, [0, 0, 0], 1), (1, [1, 0, 0], 0), (0, [0, 0, 0], 0),
    ]  # fmt: skip
    assert "gone on meanwhile" in client.post(step, {"step": "undo"}, follow=True).content.decode()
    client.post(step, {"step": "start"})
    assert "0 of 1 claims" in client.get(url).content.decode()
    work(run)
    assert "Undo" in client.get(url).content.decode()
    assert cast.now(claim).priority == "urgent"
    client.post(step, {"step": "undo"})
    work(run)
    table = client.get(url).context["shown"].table
    assert [(row.before, row.after) for row in table] == [(0, 0), (1, 1), (0, 0)]
    assert cast.now(claim).priority == "standard"
    assert "Choose what to do" in client.post(step, {"step": "?"}, follow=True).content.decode()
    assert "Taken back" in client.get(reverse("payer:recategorize")).content.decode()


def test_what_cannot_be_read_is_said(cast: Desk) -> None:
    client = cast.client(cast.supervisor)
    page = client.post(
        reverse("payer:recategorize"), {"code": "two codes", "waited_days": "x"}
    ).content.decode()
    assert "Enter one code of letters and digits." in page
    assert "Enter a number of days, for example 3." in page
    assert runs() == []


def test_an_adjudicator_is_refused_and_a_rival_finds_nothing(cast: Desk) -> None:
    cast.client(cast.supervisor).post(reverse("payer:recategorize"), {})
    [run] = runs()
    rival = make_user("payer", "Supervisor", organization=cast.outsider.organization)
    for name in ("recategorization", "recategorization_step"):
        url = reverse(f"payer:{name}", args=[run.pk])
        ask = "get" if name == "recategorization" else "post"
        assert getattr(cast.client(), ask)(url).status_code == 403
        assert getattr(cast.client(rival), ask)(url).status_code == 404


def test_the_administrator_s_door(cast: Desk) -> None:
    waiting(cast, "99285")
    client = client_of(make_user("admin", "Platform administrator"))
    assert "Judge waiting claims again" in client.get(
        reverse("admin:claims_recategorization_changelist")
    ).content.decode()  # fmt: skip
    url = reverse("admin:claims_recategorization_ask")
    assert client.get(url).status_code == 200
    assert client.post(url, {}).status_code == 200
    page = client.post(url, {"payer": str(cast.payer.pk)}, follow=True)
    [run] = runs()
    assert page.redirect_chain == [(reverse("admin:claims_recategorization_run", args=[run.pk]), 302)]
    work(run)
    assert "Look at before and after" in client.get(
        reverse("admin:claims_recategorization_changelist")
    ).content.decode()  # fmt: skip
    run_url = reverse("admin:claims_recategorization_run", args=[run.pk])
    client.post(run_url, {"step": "start"})
    work(run)
    assert now(run).applied == 1
    assert "Undo" in client.get(run_url).content.decode()
    overseer = client_of(make_user("admin", "Auditor"))
    assert overseer.get(run_url).status_code in (302, 403)
    assert overseer.post(run_url, {"step": "undo"}).status_code in (302, 403)
    assert now(run).state == "done"
