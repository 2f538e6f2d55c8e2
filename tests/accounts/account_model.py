"""What an account is and does, said a second time in plain Python: the model that test_life_cycle.py holds the door to.

It knows no Django and none of the product's figures; they stand here as security.md and ruling 43 have them.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
IDLE, ABSOLUTE, FRESH = 30 * MINUTE, 12 * HOUR, 5 * MINUTE
TEMPORARY, LINK, EXPIRY = 24 * HOUR, HOUR, 30 * DAY
TRIES, LOCK, TRIES_ANYWHERE, LINKS = 5, 30 * MINUTE, 20, 3
PASSWORD, CODE = "password", "code"


@dataclass
class Count:
    """Wrong tries for one key: since when, how many, until when nothing is looked at."""

    since: datetime
    last: datetime
    failures: int = 0
    locks: int = 0
    until: datetime | None = None

    def waits(self, now: datetime) -> bool:
        return self.until is not None and now < self.until

    def begin(self, now: datetime, window: timedelta) -> None:
        """Count one more; the window begins with the first wrong try."""
        if self.failures == 0 or now - self.since > window:
            self.failures, self.since = 0, now
        self.failures += 1

    def count_here(self, now: datetime) -> bool:
        """A try from one place; True if it locks."""
        if now - self.last > DAY:
            self.locks = 0
        self.begin(now, 30 * MINUTE)
        self.last = now
        if self.failures < TRIES:
            self.until = now + (2 ** (self.failures - 1) if self.failures > 1 else 0) * SECOND
            return False
        self.until = now + LOCK * 2 ** min(self.locks, 3)
        self.failures, self.locks = 0, self.locks + 1
        return True

    def count_anywhere(self, now: datetime) -> bool:
        self.begin(now, HOUR)
        self.last = now
        if self.failures < TRIES_ANYWHERE:
            return False
        self.failures, self.until = 0, now + HOUR
        return True

    def forget(self, now: datetime) -> None:
        self.failures = self.locks = 0
        self.until, self.last = None, now

    def take_back(self) -> None:
        closed = self.failures == 0
        self.failures = TRIES_ANYWHERE - 1 if closed else self.failures - 1
        self.until = None if closed else self.until


@dataclass
class Visit:
    """What one browser's cookie stands for."""

    began: datetime
    seen: datetime
    roles: frozenset[str]
    verified: bool = False
    proven: datetime | None = None

    @property
    def ends(self) -> datetime:
        return min(self.seen + IDLE, self.began + ABSOLUTE)

    def is_alive(self, now: datetime) -> bool:
        return now <= self.ends


@dataclass
class Link:
    """A mailed way to a new password."""

    token: str
    asked: datetime
    used: bool = False


@dataclass
class Account:
    """One person's account, and the browsers in which they come; ``trail`` are the events about them, in order."""

    now: datetime
    roles: frozenset[str] = frozenset()
    active: bool = True
    password: str | None = None
    chosen: datetime | None = None
    temporary_until: datetime | None = None
    must_choose_first: bool = True
    secret: str | None = None
    pending: bool = False
    last_step: int = -1
    codes: list[str] = field(default_factory=list)
    spent: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    visits: dict[str, Visit] = field(default_factory=dict)
    counts: dict[tuple[str, str], Count] = field(default_factory=dict)
    asked: dict[str, Count] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)

    # --- What is so now ---

    @property
    def expired(self) -> bool:
        return self.chosen is not None and self.now - self.chosen > EXPIRY

    @property
    def must_choose(self) -> bool:
        return self.must_choose_first or self.expired

    def visit(self, place: str) -> Visit | None:
        """The living session of a browser."""
        visit = self.visits.get(place)
        return visit if visit and self.active and visit.is_alive(self.now) else None

    def is_in(self, place: str) -> bool:
        visit = self.visit(place)
        return visit is not None and visit.verified and not self.must_choose

    def is_fresh(self, place: str) -> bool:
        visit = self.visits[place]
        return visit.proven is not None and self.now - visit.proven < FRESH

    def step(self, place: str) -> str:
        """Whatever stands between the person and the work, by the page's name."""
        visit = self.visit(place)
        if visit is None:
            return "accounts:sign_in"
        if self.must_choose_first or (visit.verified and self.expired):
            return "accounts:first_password"
        if visit.verified:
            return "home"
        return "accounts:code" if self.secret else "accounts:first_factor"

    def living(self) -> int:
        return sum(self.visit(place) is not None for place in self.visits)

    def edges(self) -> list[datetime]:
        """The moments at which something is still so, or for the first time not."""
        found = [visit.ends for visit in self.visits.values()]
        found += [visit.proven + FRESH for visit in self.visits.values() if visit.proven]
        found += [count.until for count in self.counts.values() if count.until]
        found += [link.asked + LINK for link in self.links if not link.used]
        found += [self.temporary_until] if self.temporary_until else []
        found += [self.chosen + EXPIRY] if self.chosen else []
        return sorted({edge for edge in found if edge > self.now})

    # --- What happens ---

    def request(self, place: str, *, background: bool = False) -> None:
        """Any request of a living session: seen once a minute, and with other rights under a new key."""
        visit = self.visit(place)
        if visit is None:
            return
        moved = visit.roles != self.roles
        visit.roles = self.roles
        if moved or (not background and self.now - visit.seen > MINUTE):
            visit.seen = self.now

    def begin(self, place: str, *, verified: bool) -> None:
        self.visits[place] = Visit(
            self.now, self.now, self.roles, verified, proven=self.now if verified else None
        )

    def try_with(self, what: str, place: str, *, right: bool, wrong: str) -> bool:
        """A try is counted before it is looked at. ``right``: it would open; ``wrong``: the event if it does not."""
        here, anywhere = (
            self.counts.setdefault((what, where), Count(self.now, self.now)) for where in (place, "")
        )
        if here.waits(self.now) or anywhere.waits(self.now):
            return False
        locked = [here.count_here(self.now), anywhere.count_anywhere(self.now)]
        if right:
            here.forget(self.now)
            anywhere.take_back()
        else:
            self.trail += [wrong, *(["locked"] if any(locked) else [])]
        return right

    def try_password(self, place: str, typed: str) -> bool:
        over = self.temporary_until is not None and self.temporary_until < self.now
        right = self.active and typed == self.password and not over
        if not self.try_with(PASSWORD, place, right=right, wrong="sign_in_failed"):
            return False
        if self.temporary_until is not None:
            self.password = None  # used up
        self.begin(place, verified=False)
        return True

    def try_code(self, place: str, *, step: int | None = None, backup: str = "") -> bool:
        """``step``: of the time-based code (None: of no step near now); ``backup``: a printed one."""
        fits = backup in self.codes if backup else step is not None and step > self.last_step
        if not self.try_with(
            CODE, place, right=fits and self.secret is not None, wrong="second_factor_failed"
        ):
            return False
        if place not in self.known:
            self.trail.append("new_device")
            self.known.add(place)
        if backup:
            self.codes.remove(backup)
            self.spent.append(backup)
            self.trail.append("backup_code_used")
        else:
            self.last_step = step or self.last_step
        self.trail.append("sign_in")
        self.begin(place, verified=True)
        return True

    def choose(self, password: str, *, place: str = "", event: str = "password_changed") -> None:
        """A password of one's own: the sessions elsewhere end, this one begins anew."""
        visit = self.visits.get(place)
        self.password, self.chosen, self.temporary_until, self.must_choose_first = (
            password,
            self.now,
            None,
            False,
        )
        self.visits.clear()
        if visit is not None:
            self.begin(place, verified=visit.verified)
        self.trail.append(event)

    def enroll(self, place: str, secret: str, step: int, codes: list[str]) -> None:
        self.secret, self.pending, self.last_step, self.codes, self.spent = secret, False, step, codes, []
        self.known.add(place)
        self.trail += ["factor_enrolled", "sign_in"]
        self.begin(place, verified=True)

    def ask_for_link(self, place: str) -> bool | None:
        """True: a link will be mailed; False: none; None: too many requests."""
        too_many = False
        for key in ("account", place):
            count = self.asked.setdefault(key, Count(self.now, self.now))
            if self.now - count.since >= HOUR:
                count.failures, count.since = 0, self.now
            count.failures = min(count.failures + 1, LINKS + 1)
            too_many |= count.failures > LINKS
        if too_many:
            return None
        entitled = self.may_have_link
        self.trail += ["password_forgotten"] if entitled else []
        return entitled

    @property
    def may_have_link(self) -> bool:
        return self.active and not self.must_choose_first and self.secret is not None

    def opens(self, link: Link) -> bool:
        young = self.now < link.asked + LINK and self.chosen is not None and self.chosen < link.asked
        return self.may_have_link and young and not link.used

    def give_temporary(self, password: str, event: str) -> None:
        self.password, self.chosen, self.temporary_until = password, self.now, self.now + TEMPORARY
        self.must_choose_first = True
        self.visits.clear()
        self.trail.append(event)

    def reset_factor(self) -> None:
        if self.secret is None and not self.pending:
            return  # nothing to take away, so nothing happens
        self.secret, self.pending, self.last_step, self.codes, self.spent = None, False, -1, [], []
        self.known.clear()
        self.visits.clear()
        self.trail.append("factor_reset")

    def unlock(self) -> None:
        for count in self.counts.values():
            count.forget(self.now)
        self.trail.append("unlocked")

    def turn(self) -> None:
        """Deactivated or reactivated."""
        self.active = not self.active
        self.visits.clear()
        self.trail.append("user_reactivated" if self.active else "user_deactivated")
