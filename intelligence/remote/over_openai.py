"""OpenAI's chat completions, which many services and programs of one's own speak too. Imported only when asked.

Plain HTTP: it is one POST, and what calls itself compatible differs from the maker's own SDK in small things.
"""

import json
import ssl
from typing import Any

import httpx2

from intelligence.enums import RemoteFailure
from intelligence.remote.answer import SCHEMA
from intelligence.remote.prices import LONGEST_ANSWER
from intelligence.remote.prompt import Prompt
from intelligence.remote.reply import Reply, Trouble, openai_reply, trouble_of_status
from intelligence.remote.wire import certificates, client, trouble_of


class OverOpenAi:
    """`address` is the base of the API, usually ending in /v1; `key` may be empty for a program of one's own."""

    def __init__(self, *, address: str, key: str, proxy: str = "") -> None:
        self._url, self._key, self._proxy = f"{address.rstrip('/')}/chat/completions", key, proxy
        certificates()

    async def ask(self, prompt: Prompt, *, model: str) -> Reply:
        """One attempt. Raises Trouble."""
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "claimflow"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            async with client(self._proxy) as http:
                answered = await http.post(self._url, headers=headers, json=_body(prompt, model))
                if answered.status_code != 200:
                    raise trouble_of_status(answered.status_code, answered.headers.get("retry-after"))
                return openai_reply(json.loads(answered.content))
        except (httpx2.HTTPError, httpx2.InvalidURL, ssl.SSLError, OSError) as error:
            raise trouble_of(error) from error
        except (ValueError, RecursionError) as error:
            raise Trouble(RemoteFailure.WRONG_PROTOCOL, billed=True) from error


def _body(prompt: Prompt, model: str) -> dict[str, Any]:
    return {
        "model": model,
        "max_tokens": LONGEST_ANSWER,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": prompt.instructions},
            {"role": "user", "content": prompt.facts},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "priority", "strict": True, "schema": SCHEMA},
        },
    }
