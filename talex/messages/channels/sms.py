"""Text messages: by Alibaba Cloud, or by any provider that takes a request (HTTP)."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

from talex.core import clock
from talex.messages.channels.base import Channel, Later, Refused, ask, template_of
from talex.messages.models import Message


def set_up() -> Channel | None:
    """The provider that TALEX_SMS names."""
    said: dict[str, Any] = settings.TALEX_SMS
    if said.get("kind") == "aliyun":
        return Aliyun(
            said["key"], said["secret"], said["sign"], said["templates"], said["endpoint"]
        )
    if said.get("kind") == "http":
        return ByHttp(said["url"], said["body"], said["headers"], said["success"])
    return None


# What Alibaba Cloud answers that may be otherwise later
# (https://help.aliyun.com/zh/sms/developer-reference/api-error-codes).
_LATER = {
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.DAY_LIMIT_CONTROL",
    "isv.MONTH_LIMIT_CONTROL",
    "isv.AMOUNT_NOT_ENOUGH",
    "isv.OUT_OF_SERVICE",
    "isv.SYSTEM_ERROR",
    "isp.SYSTEM_ERROR",
    "isp.RAM_PERMISSION_DENY",
    "isp.GATEWAY_ERROR",
    "Throttling",
    "Throttling.User",
    "ServiceUnavailable",
    "InternalError",
    "SignatureNonceUsed",
}


@dataclass(frozen=True, slots=True)
class Aliyun:
    """SendSms of 2017-05-25, signed by version 3 (ACS3-HMAC-SHA256).

    https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms and
    https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
    """

    key: str
    secret: str
    sign: str
    templates: Mapping[str, Any]
    endpoint: str

    # OutId comes back in the report of delivery, it is no key against repetition.
    knows_repetition = False

    def send(self, message: Message, hand_over: Callable[[], None]) -> str:
        template, data = template_of(self.templates, message)
        query = {
            # Numbers of the mainland without their country code, others as 00 or digits alone.
            "PhoneNumbers": message.address.removeprefix("+86").removeprefix("+"),
            "SignName": self.sign,
            "TemplateCode": template,
            "TemplateParam": json.dumps(data, ensure_ascii=False, separators=(",", ":")),
            "OutId": message.pk.hex,
        }
        headers = signed(
            self.key,
            self.secret,
            "POST",
            urlsplit(self.endpoint).netloc,
            "SendSms",
            "2017-05-25",
            query,
            when=clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            nonce=uuid.uuid4().hex,
        )
        hand_over()
        status, said, text = ask(f"{self.endpoint}/?{_canonical(query)}", headers=headers)
        code = str(said.get("Code", ""))
        if code == "OK":
            return str(said.get("BizId", ""))
        told = f"{code or status}: {said.get('Message') or text[:200]}"
        if code in _LATER or code.startswith("Throttling") or (not code and status >= 500):
            raise Later(told)
        raise Refused(told)


def _canonical(query: Mapping[str, str]) -> str:
    """Sorted, and written as RFC 3986 says (a blank is %20)."""
    return urlencode(sorted(query.items()), quote_via=quote, safe="-_.~")


def signed(
    key: str,
    secret: str,
    method: str,
    host: str,
    action: str,
    version: str,
    query: Mapping[str, str],
    *,
    when: str,
    nonce: str,
    body: bytes = b"",
) -> dict[str, str]:
    """The headers of a request signed by ACS3-HMAC-SHA256."""
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        "x-acs-date": when,
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    request = "\n".join(
        [method, "/", _canonical(query), lines, names, headers["x-acs-content-sha256"]]
    )
    told = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), told.encode(), hashlib.sha256).hexdigest()
    authorization = f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={names},Signature={signature}"
    return {**headers, "Authorization": authorization}


@dataclass(frozen=True, slots=True)
class ByHttp:
    """Any provider that takes one POST a message.

    `body` holds {to}, {text} and {id}: JSON where it begins with a brace, else a form. `success`
    names what the answer's JSON must hold (`code=0`), beside a status of 2xx.
    """

    url: str
    body: str
    headers: Mapping[str, str]
    success: str

    knows_repetition = False

    def send(self, message: Message, hand_over: Callable[[], None]) -> str:
        values = {"to": message.address, "text": message.text.strip(), "id": message.pk.hex}
        if self.body.lstrip().startswith("{"):
            content = _filled(json.loads(self.body), values)
            what: dict[str, Any] = {"json": content}
        else:
            pairs = (part.partition("=") for part in self.body.split("&"))
            what = {"data": {name: _filled(value, values) for name, _, value in pairs}}
        hand_over()
        status, said, text = ask(self.url, headers=dict(self.headers), **what)
        told = f"{status}: {text[:200]}"
        if status == 429 or status >= 500:
            raise Later(told)
        name, _, wanted = self.success.partition("=")
        if not 200 <= status < 300 or (name and str(said.get(name)) != wanted):
            raise Refused(told)
        return str(said.get("id") or said.get("sid") or said.get("message_id") or "")


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    """The same with {to}, {text} and {id} put in, at any depth."""
    if isinstance(part, dict):
        return {name: _filled(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    if isinstance(part, str):
        for name, value in values.items():
            if part == "{" + name + "}":
                return value
        return part.format_map(_Known(values)) if "{" in part else part
    return part


class _Known(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"
