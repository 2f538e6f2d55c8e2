"""The pinned files are what the files beside them ask for, hashed, and name no index."""

import re

import pytest
from launch.places import CHECKOUT
from launch.venv import REQUIREMENTS

NAMES = ("requirements", "requirements-demo", "requirements-remote", "requirements-dev")
PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)(?:\[[a-z,]+\])?==(\S+)", re.MULTILINE)


def asked(name: str) -> dict[str, str]:
    return dict(PIN.findall((CHECKOUT / f"{name}.in").read_text()))


def pinned(name: str) -> dict[str, str]:
    return dict(PIN.findall((CHECKOUT / f"{name}.txt").read_text()))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_asked_for_is_pinned(name: str) -> None:
    assert asked(name)
    assert asked(name).items() <= pinned(name).items()


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_the_request_gives_its_reason(name: str) -> None:
    lines = [line for line in (CHECKOUT / f"{name}.in").read_text().splitlines() if "==" in line]
    assert [line for line in lines if "  # " not in line] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_package_has_hashes_and_no_index_is_named(name: str) -> None:
    text = (CHECKOUT / f"{name}.txt").read_text()
    assert text.count("==") == len(re.findall(r"== *\S+ \\\n    --hash=sha256:[0-9a-f]{64}", text))
    assert not re.search(r"://|--(?:extra-)?index-url|--find-links|--trusted-host", text)


def test_what_two_files_pin_they_pin_alike() -> None:
    product, demo, remote, dev = (pinned(name) for name in NAMES)
    assert {**demo, **remote, **product}.items() <= dev.items()
    assert {name: remote[name] for name in remote.keys() & product.keys()}.items() <= product.items()


def test_the_product_has_few_packages_of_its_own() -> None:
    assert len(asked("requirements").keys() - {"pytest-django"}) <= 15


def test_every_file_that_is_installed_exists() -> None:
    assert all((CHECKOUT / file).is_file() for files in REQUIREMENTS.values() for file in files)
