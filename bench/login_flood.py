"""Does a flood of bad sign-ins disturb the people who work? The queue page with and without it.

    TEST_DATABASE_URL=postgres://... python bench/login_flood.py [rounds] [seconds]

50 bad sign-ins a second come from 50 client addresses (127.0.0.10 to .59, Linux) for 25 accounts that exist, against
gunicorn as it is deployed: two processes of eight threads (WEB_THREADS), real bcrypt. Meanwhile an adjudicator's
queue page of 50 claims is asked for twice a second by four windows. Rounds without and with the flood take turns, so
that other work on the machine falls on both; locks are lifted before each. The goal is a ratio of the p95 of at most
1.5.
"""

import http.client
import multiprocessing
import os
import re
import statistics
import sys
import threading
import time
from collections import Counter
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import house

PORT = 18_411
PLACES, ACCOUNTS, RATE = 50, 25, 50
WINDOWS, PAUSE = 4, 0.5
CLAIMS = 60


def people() -> tuple[str, list[str]]:
    """The cookie of an adjudicator with a full queue, and the addresses of 25 people."""
    from claimflow.lib.db.context import acting_as
    from tests.factories.claims import ClaimFactory
    from tests.signed_in import client_of, make_organization, make_user

    clinic, insurer = make_organization(), make_organization("payer")
    biller = make_user("provider", "Biller", organization=clinic)
    adjudicator = make_user("payer", "Adjudicator", organization=insurer)
    with acting_as("system", "test"):
        for _ in range(CLAIMS):
            ClaimFactory(provider=clinic, payer=insurer, submitted_by=biller, state="received")
    victims = [make_user("provider", "Biller", organization=clinic).email for _ in range(ACCOUNTS)]
    return client_of(adjudicator).cookies["claimflow_session"].value, victims


def work(cookie: str, seconds: float) -> list[float]:
    """Milliseconds of every queue page that four windows ask for."""
    taken: list[float] = []
    end = time.monotonic() + seconds

    def window(number: int) -> None:
        time.sleep(PAUSE * number / WINDOWS)
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        while time.monotonic() < end:
            started = time.perf_counter()
            connection.request("GET", "/queue/", headers={"Cookie": f"claimflow_session={cookie}"})
            answer = connection.getresponse()
            body = answer.read()
            taken.append((time.perf_counter() - started) * 1000)
            assert answer.status == 200, answer.status
            assert b"CLM-" in body
            time.sleep(max(0.0, PAUSE - (time.perf_counter() - started)))
        connection.close()

    together([threading.Thread(target=window, args=(number,)) for number in range(WINDOWS)])
    return taken


def together(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def flood(victims: list[str], seconds: float, told: Any) -> None:
    """A process of its own: each place tries once a second, one account after the other."""
    seen: Counter[str] = Counter()
    taken: list[float] = []
    end = time.monotonic() + seconds

    def place(number: int) -> None:
        connection = http.client.HTTPConnection(
            "127.0.0.1", PORT, timeout=60, source_address=(f"127.0.0.{10 + number}", 0)
        )
        time.sleep(number / PLACES)
        connection.request("GET", "/sign-in/")
        answer = connection.getresponse()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())[1]
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        turn = number
        while (began := time.monotonic()) < end:
            victim = victims[turn % ACCOUNTS].replace("@", "%40")
            form = f"csrfmiddlewaretoken={token}&email={victim}&password=wrong+password+{turn}"
            connection.request("POST", "/sign-in/", form, headers)
            answer = connection.getresponse()
            answer.read()
            seen[str(answer.status)] += 1
            taken.append((time.monotonic() - began) * 1000)
            turn += 1
            time.sleep(max(0.0, PLACES / RATE - (time.monotonic() - began)))
        connection.close()

    together([threading.Thread(target=place, args=(number,)) for number in range(PLACES)])
    told.put((dict(seen), taken))


def lift_every_lock() -> None:
    with house.harness.admin_connection(autocommit=True) as admin:
        admin.execute("DELETE FROM accounts_throttle")


def line(name: str, times: list[float]) -> str:
    return (
        f"{name:<16} n {len(times):>5}  p50 {statistics.median(times):7.1f}  p95 {house.percentile(times, 0.95):7.1f}"
        f"  p99 {house.percentile(times, 0.99):7.1f}  worst {max(times):7.1f} ms"
    )


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
    calm: list[float] = []
    stormy: list[float] = []
    tries: list[float] = []
    statuses: Counter[str] = Counter()
    with house.database():
        cookie, victims = people()
        with house.server(PORT):
            work(cookie, 3)
            for number in range(rounds):
                calm += work(cookie, seconds)
                lift_every_lock()
                told: Any = multiprocessing.Queue()
                storm = multiprocessing.Process(target=flood, args=(victims, seconds, told))
                storm.start()
                time.sleep(1.0)  # the places have fetched their forms
                stormy += work(cookie, seconds - 1.0)
                seen, taken = told.get()
                storm.join()
                statuses.update(seen)
                tries += taken
                print(
                    f"round {number + 1}: {seen}, {sum(seen.values()) / seconds:.0f} tries a second",
                    flush=True,
                )
    print(line("queue, calm", calm))
    print(line("queue, flood", stormy))
    print(line("bad sign-ins", tries), dict(statuses))
    ratio = house.percentile(stormy, 0.95) / house.percentile(calm, 0.95)
    print(f"ratio of p95: {ratio:.2f} (goal: at most 1.50)")


if __name__ == "__main__":
    main()
