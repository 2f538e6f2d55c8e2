"""Anthropic's Messages API, through its SDK. Imported only when such a model is asked."""

import json
import ssl

import anthropic
import httpx2

from intelligence.enums import RemoteFailure
from intelligence.remote.answer import SCHEMA
from intelligence.remote.prices import LONGEST_ANSWER
from intelligence.remote.prompt import Prompt
from intelligence.remote.reply import Reply, Trouble, anthropic_reply, trouble_of_status
from intelligence.remote.wire import certificates, client, trouble_of

ADDRESS = "https://api.anthropic.com"


class OverAnthropic:
    """Retries, timeouts and traces of the SDK are off: one attempt under our deadline, and no copy anywhere else."""

    def __init__(self, *, address: str, key: str, proxy: str = "") -> None:
        self._address, self._key, self._proxy = address or ADDRESS, key, proxy
        certificates()

    async def ask(self, prompt: Prompt, *, model: str) -> Reply:
        """One attempt. Raises Trouble."""
        try:
            async with client(self._proxy) as http:
                service = anthropic.AsyncAnthropic(
                    api_key=self._key,
                    base_url=self._address,
                    http_client=http,
                    max_retries=0,
                    timeout=None,
                    open_telemetry=False,
                )
                answered = await service.messages.with_raw_response.create(
                    model=model,
                    max_tokens=LONGEST_ANSWER,
                    system=prompt.instructions,
                    messages=[{"role": "user", "content": prompt.facts}],
                    output_config={"format": {"type": "json_schema", "schema": SCHEMA}},
                    extra_headers={"Accept-Encoding": "identity"},
                )
                return anthropic_reply(json.loads(answered.http_response.content))
        except anthropic.APIStatusError as error:
            raise trouble_of_status(error.status_code, error.response.headers.get("retry-after")) from error
        except anthropic.APIConnectionError as error:
            cause = error.__cause__
            raise trouble_of(cause if isinstance(cause, Exception) else error) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ssl.SSLError, OSError) as error:
            raise trouble_of(error) from error
        except (anthropic.AnthropicError, ValueError, RecursionError) as error:
            raise Trouble(RemoteFailure.WRONG_PROTOCOL, billed=True) from error
