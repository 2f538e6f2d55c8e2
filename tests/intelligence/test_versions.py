"""Which version answers: proposed by one, activated by another, taken back with one click; the next submission knows."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from claimflow.lib.db.context import acting_as
from claimflow.lib.permissions import Forbidden, Refusal, WrongState
from intelligence import scorecard
from intelligence.actions import versions
from intelligence.enums import VersionKind
from intelligence.models import LedgerEntry, ModelVersion
from tests.claims.cast import make_cast
from tests.intelligence.remote.arrangement import administrators
from tests.signed_in import client_of, make_user

pytestmark = pytest.mark.usefixtures("real_db")
NAME = "openai:gpt-4o-mini"


@pytest.fixture
def two(real_db: None) -> tuple[User, User]:
    return administrators()


@pytest.fixture
def second_scorecard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A program that brings another scorecard: half as sure of everything."""
    content = json.loads(scorecard.PATH.read_text())
    (tmp_path / "scorecard-1.json").write_text(json.dumps(content))
    for entries in content["weights"].values():
        for entry in entries.values():
            entry["weight"] /= 2
    (tmp_path / "scorecard-2.json").write_text(json.dumps({**content, "version": "scorecard-2"}))
    monkeypatch.setattr(scorecard, "DATA", tmp_path)
    scorecard.installed.cache_clear()
    yield "rules:scorecard-2"
    monkeypatch.undo()
    scorecard.installed.cache_clear()


def test_a_scorecard_that_cannot_be_read_is_left_out(second_scorecard: str) -> None:
    for at, content in enumerate(
        ("{", "[]", "{}", '{"version": "x", "where_from": "", "weights": {"soon": {}}}')
    ):
        (scorecard.DATA / f"scorecard-bad-{at}.json").write_text(content)
    assert sorted(scorecard.installed()) == ["scorecard-1", "scorecard-2"]


def test_the_rules_of_an_updated_program_are_told_apart_from_approved_ones(
    monkeypatch: pytest.MonkeyPatch, two: tuple[User, User]
) -> None:
    """They answer, because something has to, and the pages say that nobody approved them."""
    told = "Answering: rules-99 with scorecard-1, not approved here."
    for version, is_told in (("rules-3", False), ("rules-99", True)):
        monkeypatch.setattr("intelligence.actions.answering.VERSION", version)
        for page in ("/numbers/", reverse("admin:intelligence_modelversion_steps")):
            assert (told in client_of(two[0]).get(page).content.decode()) is is_told, page


def do(step: Any, by: User, **told: Any) -> ModelVersion:
    with acting_as("admin", user=by):
        return step(by=by, **told)


def state(version: ModelVersion) -> str:
    with acting_as("admin"):
        return ModelVersion.objects.get(pk=version.pk).state


def active_rules() -> ModelVersion:
    with acting_as("admin"):
        return ModelVersion.objects.active(VersionKind.RULES)


def test_the_program_brings_the_first_version() -> None:
    first = active_rules()
    assert (first.rules, first.scorecard, str(first)) == (
        "rules-3",
        "scorecard-1",
        "rules-3 with scorecard-1",
    )
    with acting_as("admin"):
        assert "rules:scorecard-1" not in versions.proposable()


def test_four_eyes(two: tuple[User, User]) -> None:
    proposer, other = two
    version = do(versions.propose, proposer, name=NAME)
    assert state(version) == "shadow"
    with pytest.raises(Forbidden, match="another administrator"):
        do(versions.activate, proposer, version_id=version.pk)
    do(versions.activate, other, version_id=version.pk)
    assert state(version) == "active"
    with pytest.raises(WrongState, match="already"):
        do(versions.activate, other, version_id=version.pk)
    with acting_as("auditor", user=proposer):
        told = [(each.action, each.actor_id, each.old_status, each.new_status) for each in events(version)]
    assert told == [
        ("version_proposed", proposer.pk, None, "shadow"),
        ("version_activated", other.pk, "shadow", "active"),
    ]


def events(version: ModelVersion) -> list[Event]:
    return list(Event.objects.filter(subject_id=version.pk).order_by("pk"))


def test_the_database_holds_four_eyes_too(two: tuple[User, User]) -> None:
    version = do(versions.propose, two[0], name=NAME)
    mine = ModelVersion.objects.filter(pk=version.pk)
    for changes, rule in (
        ({"activated_by": two[0]}, "four_eyes"),
        ({"state": "active"}, "activated_by_whom"),
        ({"state": "on"}, "version_state"),
    ):
        with pytest.raises(IntegrityError, match=rule), acting_as("admin", user=two[1]):
            mine.update(**changes)
    other = do(versions.propose, two[0], name="openai:gpt-4.1-mini")
    do(versions.activate, two[1], version_id=other.pk)
    with pytest.raises(IntegrityError, match="one_active"), acting_as("admin", user=two[1]):
        mine.update(state="active", activated_by=two[1], activated_at=other.created_at)


def test_only_what_is_installed_or_priced_is_proposed_and_once(two: tuple[User, User]) -> None:
    do(versions.propose, two[0], name=NAME)
    for name in (NAME, "openai:no-price", "rules:scorecard-9"):
        with pytest.raises(WrongState):
            do(versions.propose, two[0], name=name)


def test_others_have_no_hand_in_it(two: tuple[User, User]) -> None:
    clerk = make_user("admin")
    with pytest.raises(Forbidden):
        do(versions.propose, clerk, name=NAME)


def test_one_click_back(two: tuple[User, User], second_scorecard: str) -> None:
    first = active_rules()
    second = do(versions.propose, two[0], name=second_scorecard)
    do(versions.activate, two[1], version_id=second.pk)
    assert (state(first), active_rules().pk) == ("retired", second.pk)
    with pytest.raises(Refusal, match="have to answer"):
        do(versions.retire, two[0], version_id=second.pk)
    do(versions.go_back, two[0], version_id=second.pk)
    assert (state(second), active_rules().pk) == ("retired", first.pk)
    with pytest.raises(WrongState, match="no earlier"):
        do(versions.go_back, two[0], version_id=first.pk)
    do(versions.shadow, two[0], version_id=second.pk)
    do(versions.retire, two[0], version_id=second.pk)
    with pytest.raises(WrongState, match="retired already"):
        do(versions.retire, two[0], version_id=second.pk)


def test_the_next_submission_knows(two: tuple[User, User], second_scorecard: str) -> None:
    """A shadow is heard beside the active one and changes nothing; activated, it answers."""
    cast = make_cast()

    def told() -> list[tuple[str, bool, str]]:
        claim = cast.submit()
        with acting_as("system", "test"):
            entries = LedgerEntry.objects.filter(claim_id=claim.pk, kind="priority").order_by("is_shadow")
            return [(each.model_version, each.is_shadow, str(each.confidence)) for each in entries]

    (before,) = told()
    assert before[:2] == ("scorecard-1", False)
    version = do(versions.propose, two[0], name=second_scorecard)
    active, shadow = told()
    assert active == before
    assert shadow[:2] == ("scorecard-2", True)
    assert shadow[2] < before[2]
    do(versions.activate, two[1], version_id=version.pk)
    (after,) = told()
    assert after == ("scorecard-2", False, shadow[2])


def test_a_version_that_left_the_program_does_not_stand_in_the_way(
    two: tuple[User, User], second_scorecard: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = do(versions.propose, two[0], name=second_scorecard)
    do(versions.activate, two[1], version_id=version.pk)
    monkeypatch.undo()
    scorecard.installed.cache_clear()
    claim = make_cast().submit()
    with acting_as("system", "test"):
        assert LedgerEntry.objects.get(claim_id=claim.pk, kind="priority").model_version == "scorecard-1"


@pytest.mark.slow
def test_the_page_of_steps(two: tuple[User, User]) -> None:
    page = reverse("admin:intelligence_modelversion_steps")
    mine, theirs = client_of(two[0]), client_of(two[1])
    assert mine.post(page, {"name": NAME}).status_code == 302
    with acting_as("admin"):
        version = ModelVersion.objects.get(kind="model")
    own = mine.get(page).content.decode()
    assert "Another administrator has to activate it." in own
    assert "Activate gpt-4o-mini" not in own
    assert "Activate gpt-4o-mini over openai" in theirs.get(page).content.decode()
    press = {"version": str(version.pk), "press": "activate"}
    refused = mine.post(page, press, follow=True).content.decode()
    assert "another administrator has to activate it" in refused
    assert state(version) == "shadow"
    theirs.post(page, press)
    assert state(version) == "active"
    for press in ({"press": "activate", "version": "x"}, {"name": "openai:nothing"}, {}):
        assert "Choose a version" in theirs.post(page, press, follow=True).content.decode()
    gone = {"press": "retire", "version": "00000000-0000-7000-8000-00000000aaaa"}
    assert "is not there" in theirs.post(page, gone, follow=True).content.decode()
