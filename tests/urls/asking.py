"""Asks for one page and says the answer in a word; nothing that the page does stays."""

import copy
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

DOOR = ("/sign-in/", "/first/")


def named_urls(patterns: list[Any] | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL with its full name. The administrator's site is Django's and has tests of its own (tests/admin)."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from named_urls(
                    pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space
                )
        else:
            yield f"{space}{pattern.name}", pattern


def answer(client: Client, method: str, name: str, argument: Any) -> str:
    """The status; ``door`` for a redirect to signing in."""
    url = reverse(name, args=[argument] if argument is not None else [])
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        response = getattr(client, method.lower())(url)
        transaction.set_rollback(True)
    client.cookies = cookies
    if response.status_code == 302 and response["Location"].startswith(DOOR):
        return "door"
    return str(response.status_code)
