"""An account from its invitation on, against a model: whatever people and administrators do in whatever order, over HTTP
and the real database, the door is open exactly when the model says so, and the trail says exactly what happened."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.actions import forgotten
from accounts.models import Credential, OutgoingMail, PasswordReset, Role, Session, User
from audit.models import Event
from claimflow.lib import ids, phi
from claimflow.lib.db.context import acting_as
from tests.accounts import account_model as model
from tests.accounts.account_model import DAY, HOUR, MINUTE, SECOND, Account
from tests.accounts.test_sign_in import code_of
from tests.harness import truncate_tenants
from tests.signed_in import client_of, make_organization, make_user, set_policy

pytestmark = [pytest.mark.usefixtures("real_db"), pytest.mark.slow]
EMAIL, NAME = "ada@example.com", {"first_name": "Ada", "last_name": "Marsh"}
PLACES = ("192.0.2.1", "192.0.2.2")
ELSEWHERE = "192.0.2.3"
BILLER, ADMINISTRATOR = "Biller", "Organization administrator"
NO_BACKUP_CODE, WRONG = "0000-0000-0000-0000", "not the password at all"
SHOWN_CODE = r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}"
SPANS = [2 * SECOND, 31 * SECOND, 61 * SECOND, 5 * MINUTE, 29 * MINUTE, 31 * MINUTE, 2 * HOUR, 12 * HOUR]
SPANS += [DAY, 31 * DAY]
PAGES = (
    "accounts:nothing_yet",
    "claims:list",
    "accounts:backup_codes",
    "accounts:people",
    "accounts:code",
    "accounts:first_password",
)
places = st.sampled_from(PLACES)


class LifeCycle(RuleBasedStateMachine):
    """One person, two browsers, and the administrator of their organization. The clock stands still but where it is
    moved, so that an edge is met to the second."""

    every_page = False
    """Whether each page is asked for after each step, or one of them in one browser, in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.last_ids = ids._last_ms
        start = datetime.now(UTC).replace(microsecond=0) + MINUTE
        self.travel = time_machine.travel(start, tick=False)
        self.clock = self.travel.start()
        self.model = Account(start)
        self.browsers = {place: Client(REMOTE_ADDR=place) for place in PLACES}
        self.on_edge = False
        self.steps = self.passwords = self.seen_events = self.seen_in_chain = 0
        self.typed = ""

    def teardown(self) -> None:
        self.travel.stop()
        ids._last_ms = self.last_ids  # the next identifiers are of the real time again
        truncate_tenants()

    # --- The clock --------------------------------------------------------------------------------------------------

    def move(self, span: timedelta) -> None:
        self.model.now += span
        self.clock.move_to(self.model.now)

    def tick(self) -> None:
        """No two things happen in the same second, but on an edge they happen exactly there."""
        if not self.on_edge:
            self.move(SECOND)
        self.on_edge = False

    @rule(span=st.sampled_from(SPANS))
    def time_passes(self, span: timedelta) -> None:
        self.move(span)

    @precondition(lambda self: self.model.edges())
    @rule(which=st.integers(0, 7))
    def an_edge_comes(self, which: int) -> None:
        edges = self.model.edges()
        self.move(edges[which % len(edges)] - self.model.now)
        self.on_edge = True

    # --- The administrator ------------------------------------------------------------------------------------------

    @initialize(comes=st.booleans())
    def is_invited(self, comes: bool) -> None:
        """``comes``: and comes in at once, so that half of all lives begin inside."""
        clinic = make_organization()
        set_policy(clinic, expiry_days=model.EXPIRY.days)
        self.keeper = make_user("provider", ADMINISTRATOR, organization=clinic)
        with acting_as("login", user=self.keeper, organization=clinic):  # theirs does not expire
            Credential.objects.update(changed_at=self.model.now + 3650 * DAY)
        with acting_as("system", "test"):
            sides = Role.objects.filter(side="provider", name__in=[BILLER, ADMINISTRATOR])
            self.roles = {role.name: str(role.pk) for role in sides}
        password = self.temporary("accounts:invite", email=EMAIL, **NAME, held_roles=[self.roles[BILLER]])
        with acting_as("system", "test"):
            self.person = User.objects.get(email=EMAIL)
        self.model.roles = frozenset({BILLER})
        self.model.give_temporary(password, "user_created")
        if comes:
            self.comes_all_the_way_in(PLACES[0])

    def keep(self, url: str, *args: object, **form: object):
        """What the administrator sends, from a session of their own."""
        client = client_of(self.keeper, is_fresh=True)
        answer = client.post(reverse(url, args=args), form)
        assert answer.status_code == 302, answer.content.decode()
        return client, answer.url

    def temporary(self, url: str, *args: object, **form: object) -> str:
        """The temporary password that a step shows."""
        client, shown = self.keep(url, *args, **form)
        return re.search(r'id="temporary-password">([^<]{16})<', client.get(shown).content.decode())[1]

    @rule()
    def password_is_reset(self) -> None:
        self.tick()
        password = self.temporary("accounts:person_reset_password", self.person.pk)
        self.model.give_temporary(password, "password_reset")

    @rule()
    def factor_is_reset(self) -> None:
        self.tick()
        self.keep("accounts:person_reset_factor", self.person.pk, reason="device_lost")
        self.model.reset_factor()

    @rule()
    def is_unlocked(self) -> None:
        self.tick()
        self.keep("accounts:person_unlock", self.person.pk)
        self.model.unlock()

    @rule()
    def is_turned_away_or_back(self) -> None:
        self.tick()
        self.keep("accounts:person_active", self.person.pk)
        self.model.turn()

    @rule(role=st.sampled_from([BILLER, ADMINISTRATOR]))
    def role_is_given_or_taken(self, role: str) -> None:
        self.tick()
        self.model.roles ^= {role}
        held = [self.roles[name] for name in self.model.roles]
        self.keep("accounts:person", self.person.pk, **NAME, held_roles=held)
        self.model.trail.append("rights_changed")

    # --- The door ---------------------------------------------------------------------------------------------------

    def send(self, place: str, url: str, **form: str):
        self.model.request(place)
        return self.browsers[place].post(reverse(url), form)

    def type_password(self, place: str, typed: str) -> bool:
        answer = self.send(place, "accounts:sign_in", email=EMAIL, password=typed)
        opened = self.model.try_password(place, typed)
        assert answer.status_code == (302 if opened else 200)
        if opened:
            self.typed = typed
        return opened

    @rule(place=places, right=st.booleans())
    def types_a_password(self, place: str, right: bool) -> None:
        self.tick()
        self.type_password(place, (self.model.password if right else None) or self.typed or WRONG)

    @rule(place=places)
    def guesses_passwords(self, place: str) -> None:
        """As patiently as the delays ask for, until nothing is looked at."""
        self.tick()
        for _try in range(model.TRIES):
            self.type_password(place, WRONG)
            self.wait(model.PASSWORD, place, at_most=MINUTE)

    def wait(self, what: str, place: str, *, at_most: timedelta) -> None:
        until = self.model.counts[what, place].until
        if until is not None and timedelta() < until - self.model.now < at_most:
            self.move(until - self.model.now)

    def half_in(self, place: str) -> bool:
        """Whether the password was right and the second factor is missing."""
        visit = self.model.visit(place)
        return visit is not None and not visit.verified

    def type_code(self, place: str, code: str, **meant: object) -> None:
        answer = self.send(place, "accounts:code", code=code)
        opened = self.model.try_code(place, **meant)
        assert answer.status_code == (302 if opened else 200)

    @precondition(lambda self: any(map(self.half_in, PLACES)))
    @rule(which=st.sampled_from(["next", "used", "wrong", "backup", "used backup", "no backup"]))
    def types_a_code(self, which: str) -> None:
        self.tick()
        place = next(filter(self.half_in, PLACES), None)
        if place is None:  # it was over with the last second
            return
        account, present = self.model, int(time.time()) // 30
        if which in {"backup", "used backup", "no backup"}:
            of_kind = {"backup": account.codes, "used backup": account.spent}.get(which)
            code = (of_kind or [NO_BACKUP_CODE])[0]
            self.type_code(place, code, backup=code)
            return
        step = account.last_step if which == "used" else max(present, account.last_step + 1)
        if which == "wrong" or account.secret is None or abs(step - present) > 1:
            near = {code_of(account.secret, ahead=at) for at in (-1, 0, 1)} if account.secret else set()
            wrong = next(code for code in ("000000", "111111", "222222", "333333") if code not in near)
            self.type_code(place, wrong)
        else:
            self.type_code(place, code_of(account.secret, ahead=step - present), step=step)

    @precondition(lambda self: any(map(self.half_in, PLACES)))
    @rule()
    def guesses_codes(self) -> None:
        self.tick()
        for _try in range(model.TRIES):
            place = next(filter(self.half_in, PLACES), None)
            if place is None:
                return
            self.type_code(place, NO_BACKUP_CODE, backup=NO_BACKUP_CODE)
            self.wait(model.CODE, place, at_most=MINUTE)

    def may_choose(self, place: str) -> bool:
        return self.model.step(place) == "accounts:first_password"

    def choose(self, place: str, password: str):
        return self.send(place, "accounts:first_password", new_password=password, again=password)

    def new_password(self) -> str:
        self.passwords += 1
        return f"seventeen green umbrellas {self.passwords}"

    @precondition(lambda self: any(map(self.may_choose, PLACES)))
    @rule(old=st.booleans())
    def chooses_a_password(self, old: bool) -> None:
        self.tick()
        place = next(filter(self.may_choose, PLACES), None)
        if place is None:
            return
        password = self.typed if old else self.new_password()
        assert self.choose(place, password).status_code == (200 if old else 302)
        if not old:
            self.model.choose(password, place=place)

    def may_enroll(self, place: str) -> bool:
        return self.model.step(place) == "accounts:first_factor"

    @precondition(lambda self: any(map(self.may_enroll, PLACES)))
    @rule(finishes=st.booleans())
    def enrolls(self, finishes: bool) -> None:
        self.tick()
        place = next(filter(self.may_enroll, PLACES), None)
        if place is None:
            return
        client, url = self.browsers[place], reverse("accounts:first_factor")
        self.model.request(place)
        page = client.get(url).content.decode()
        self.model.pending = True
        if not finishes:
            return
        secret = re.search(r'class="mono">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
        assert client.post(url, {"code": code_of(secret)}).url == reverse("accounts:backup_codes_shown")
        codes = re.findall(SHOWN_CODE, client.get(reverse("accounts:backup_codes_shown")).content.decode())
        assert len(codes) == 10
        self.model.enroll(place, secret, int(time.time()) // 30, codes)

    @rule(place=places)
    def comes_all_the_way_in(self, place: str) -> None:
        """Whatever the door asks for, as whoever knows it all: so that most walks lead inside."""
        self.tick()
        account = self.model
        if account.password is None or not self.type_password(place, account.password):
            return
        if self.may_choose(place):
            password = self.new_password()
            assert self.choose(place, password).status_code == 302
            account.choose(password, place=place)
        if self.may_enroll(place):
            self.on_edge = True
            self.enrolls(finishes=True)
        elif self.half_in(place):
            if account.last_step > int(time.time()) // 30:
                self.move(30 * SECOND)
            step = max(int(time.time()) // 30, account.last_step + 1)
            self.type_code(place, code_of(account.secret, ahead=step - int(time.time()) // 30), step=step)

    # --- Inside -----------------------------------------------------------------------------------------------------

    @rule(place=places)
    def works(self, place: str) -> None:
        self.tick()
        self.model.request(place)
        answer = self.browsers[place].get(reverse("accounts:nothing_yet"))
        assert (answer.status_code == 200) is self.model.is_in(place)

    @rule(place=places)
    def signs_out(self, place: str) -> None:
        self.tick()
        self.model.trail += ["sign_out"] if self.model.visit(place) else []
        self.send(place, "accounts:sign_out")
        self.model.visits.pop(place, None)

    @precondition(lambda self: any(map(self.model.is_in, PLACES)))
    @rule()
    def signs_out_everywhere_else(self) -> None:
        self.tick()
        place = next(filter(self.model.is_in, PLACES), None)
        if place is None:
            return
        with acting_as("system", "test"):  # rows of sessions that are over count too
            others = Session.objects.filter(user=self.person).count() - 1
        assert self.send(place, "accounts:end_others").url == reverse("accounts:account")
        self.model.visits = {place: self.model.visits[place]}
        self.model.trail += ["session_ended"] if others else []

    # --- By mail ----------------------------------------------------------------------------------------------------

    @rule(place=places)
    def asks_for_a_link(self, place: str) -> None:
        self.tick()
        answer = self.send(place, "accounts:forgotten", email=EMAIL)
        mailed = self.model.ask_for_link(place)
        assert answer.status_code == (200 if mailed is None else 302)
        with acting_as("system", "answer_forgotten"):
            waiting = PasswordReset.objects.filter(token_hash=None, created_at=self.model.now)
            assert [forgotten.answer(reset_id=reset.pk) for reset in waiting] == [mailed] * (
                mailed is not None
            )
            if mailed:
                mail = OutgoingMail.objects.filter(kind="password_forgotten").latest("id")
                token = phi.value(mail, "words")["path"].rstrip("/").rsplit("/", 1)[1]
                self.model.links.append(model.Link(token, self.model.now))

    @precondition(lambda self: self.model.links)
    @rule(which=st.integers(0, 3))
    def follows_a_link(self, which: int) -> None:
        self.tick()
        link = self.model.links[-1 - which % len(self.model.links)]
        client, url = Client(REMOTE_ADDR=ELSEWHERE), reverse("accounts:forgotten_password")
        client.get(reverse("accounts:forgotten_link", args=[link.token]))
        opens = self.model.opens(link)
        assert ("This link is over" in client.get(url).content.decode()) is not opens
        if opens:
            password = self.new_password()
            answer = client.post(url, {"new_password": password, "again": password})
            assert answer.url == reverse("accounts:sign_in")
            link.used = True
            self.model.choose(password, event="password_reset")

    # --- What holds after each step ---------------------------------------------------------------------------------

    def ask(self, place: str, page: str):
        """As a script does it: nothing is renewed by looking."""
        self.model.request(place, background=True)
        return self.browsers[place].get(reverse(page), HTTP_X_BACKGROUND="1")

    def answer_to(self, place: str, page: str) -> tuple[int, str]:
        """What the model says to this page: status, and where it leads."""
        account, visit = self.model, self.model.visit(place)
        ahead = (302, reverse("accounts:next_step"))
        if page == "accounts:code":
            return (200, "") if self.half_in(place) else ahead
        if page == "accounts:first_password":
            return (200, "") if self.may_choose(place) else ahead
        if visit is None:
            return 302, reverse("accounts:sign_in")
        if not account.is_in(place):
            return ahead
        if page == "accounts:backup_codes" and not account.is_fresh(place):
            return 302, reverse("accounts:confirm")
        needed = {"claims:list": BILLER, "accounts:people": ADMINISTRATOR}
        return (200 if needed.get(page, BILLER) in account.roles or page not in needed else 403), ""

    @invariant()
    def the_door_is_as_open_as_the_model_says(self) -> None:
        self.steps += 1
        for at, place in enumerate(PLACES):
            in_turn = [PAGES[self.steps // 2 % len(PAGES)]] if self.steps % 2 == at else []
            leads = self.ask(place, "accounts:next_step").url
            assert leads == reverse(self.model.step(place))
            for page in PAGES if self.every_page else in_turn:
                answer = self.ask(place, page)
                found = answer.status_code, getattr(answer, "url", "").partition("?")[0]
                assert found == self.answer_to(place, page), (place, page)

    @invariant()
    def no_session_lives_that_the_model_does_not_know(self) -> None:
        now = self.model.now
        with acting_as("system", "test"):
            rows = list(Session.objects.filter(user=self.person).values_list("created_at", "last_seen_at"))
        alive = [row for row in rows if row[0] + model.ABSOLUTE >= now and row[1] + model.IDLE >= now]
        assert len(alive) == self.model.living()
        assert self.model.active or not rows

    @invariant()
    def the_trail_says_what_happened(self) -> None:
        with acting_as("auditor"):
            about = Event.objects.filter(subject_kind="user", subject_id=self.person.pk).order_by("id")
            rows = list(about.filter(chain_seq__gt=self.seen_in_chain).values_list("chain_seq", "action"))
        # Refusals are what the looking of the walk itself leaves there.
        new = [action for _number, action in rows if action != "access_denied"]
        assert new == self.model.trail[self.seen_events :]
        self.seen_events += len(new)
        self.seen_in_chain += len(rows)


class EveryPage(LifeCycle):
    every_page = True


WHOLE_LIFE = (
    ("is_invited", {"comes": False}),
    ("types_a_password", {"place": PLACES[0], "right": False}),
    ("types_a_password", {"place": PLACES[0], "right": True}),
    ("types_a_password", {"place": PLACES[1], "right": True}),  # a temporary password is used up
    ("chooses_a_password", {"old": True}),
    ("chooses_a_password", {"old": False}),
    ("types_a_code", {"which": "no backup"}),  # nothing is enrolled yet
    ("enrolls", {"finishes": True}),
    ("comes_all_the_way_in", {"place": PLACES[1]}),
    ("role_is_given_or_taken", {"role": ADMINISTRATOR}),
    ("role_is_given_or_taken", {"role": BILLER}),
    ("signs_out", {"place": PLACES[0]}),
    ("types_a_password", {"place": PLACES[0], "right": True}),
    ("types_a_code", {"which": "used"}),
    ("time_passes", {"span": 2 * SECOND}),  # the second wrong code made the next one wait
    ("types_a_code", {"which": "backup"}),
    ("signs_out_everywhere_else", {}),
    ("an_edge_comes", {"which": 0}),
    ("works", {"place": PLACES[0]}),
    ("asks_for_a_link", {"place": PLACES[1]}),
    ("guesses_passwords", {"place": PLACES[1]}),
    ("types_a_password", {"place": PLACES[1], "right": True}),
    ("is_unlocked", {}),
    ("types_a_password", {"place": PLACES[1], "right": True}),
    ("types_a_code", {"which": "used backup"}),
    ("guesses_codes", {}),
    ("follows_a_link", {"which": 0}),
    ("follows_a_link", {"which": 0}),
    ("time_passes", {"span": 31 * MINUTE}),
    ("comes_all_the_way_in", {"place": PLACES[1]}),
    ("is_turned_away_or_back", {}),
    ("types_a_password", {"place": PLACES[0], "right": True}),
    ("is_turned_away_or_back", {}),
    ("comes_all_the_way_in", {"place": PLACES[0]}),
    ("factor_is_reset", {}),
    ("factor_is_reset", {}),  # there is none any more
    ("comes_all_the_way_in", {"place": PLACES[0]}),
    ("time_passes", {"span": 31 * MINUTE}),  # idle
    ("password_is_reset", {}),
    ("time_passes", {"span": DAY}),  # a second too long: nothing happens in the second of the reset
    ("types_a_password", {"place": PLACES[0], "right": True}),
    ("password_is_reset", {}),
    ("comes_all_the_way_in", {"place": PLACES[0]}),
    ("time_passes", {"span": 31 * DAY}),  # over, and the password with it
    ("types_a_password", {"place": PLACES[0], "right": True}),
    ("types_a_code", {"which": "next"}),
    ("chooses_a_password", {"old": True}),
    ("chooses_a_password", {"old": False}),
    ("works", {"place": PLACES[0]}),
)


def walk(machine: type[LifeCycle], **size: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(deadline=None, suppress_health_check=list(HealthCheck), database=None, **size),
    )


def test_a_whole_life() -> None:
    """Every step once, in an order that people know."""
    life = LifeCycle()
    try:
        for step, given in WHOLE_LIFE:
            getattr(life, step)(**given)
            life.the_door_is_as_open_as_the_model_says()
            life.no_session_lives_that_the_model_does_not_know()
            life.the_trail_says_what_happened()
    finally:
        life.teardown()
    assert {step for step, _given in WHOLE_LIFE} == {
        name for name, value in vars(LifeCycle).items() if hasattr(value, "hypothesis_stateful_rule")
    } | {"is_invited"}
    assert {"new_device", "backup_code_used", "locked", "second_factor_failed"} <= set(life.model.trail)
    assert life.model.is_in(PLACES[0])


def test_an_account_lives_as_the_model_says() -> None:
    walk(LifeCycle, max_examples=4, stateful_step_count=12)


@pytest.mark.nightly
def test_many_accounts_live_as_the_model_says() -> None:
    walk(EveryPage, max_examples=150, stateful_step_count=60)
