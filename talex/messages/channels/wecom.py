"""Messages of an application in WeCom (企业微信), to members of the organisation.

https://developer.work.weixin.qq.com/document/path/90236
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from talex.messages.channels.base import Channel, Later, Refused
from talex.messages.channels.tokens import STALE, answer_of, token
from talex.messages.models import Message

_LATER = {-1, 45009, 45033}
#: A text longer than this is cut by WeCom (bytes).
_LONGEST = 2048


def set_up() -> Channel | None:
    """The application that the operator set up."""
    said: dict[str, Any] = settings.TALEX_WECOM
    if not said:
        return None
    return WeCom(said["corp_id"], said["secret"], said["agent_id"], said["api"])


@dataclass(frozen=True, slots=True)
class WeCom:
    """One application. The same content to the same member is held back for four hours."""

    corp_id: str
    secret: str
    agent_id: int
    api: str

    knows_repetition = True

    def send(self, message: Message, hand_over: Callable[[], None]) -> str:
        content = {
            "touser": message.address,
            "msgtype": "text",
            "agentid": self.agent_id,
            "text": {"content": cut(f"{message.subject}\n{message.text}".strip(), _LONGEST)},
            "safe": 0,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": 14400,
        }
        key = self._token()
        hand_over()
        said = self._send(key, content)
        if said.get("errcode") in STALE:
            said = self._send(self._token(fresh=True), content)
        code = said.get("errcode")
        told = f"{code}: {said.get('errmsg', '')}"
        if code == 0 and not said.get("invaliduser") and not said.get("unlicenseduser"):
            return str(said.get("msgid", ""))
        if code in _LATER or code in STALE:
            raise Later(told)
        raise Refused(told if code else f"{message.address} cannot be reached")

    def _send(self, key: str, content: dict[str, Any]) -> dict[str, Any]:
        url = f"{self.api}/cgi-bin/message/send"
        return answer_of(url, params={"access_token": key}, json=content)

    def _token(self, *, fresh: bool = False) -> str:
        return token(f"wecom:{self.corp_id}:{self.agent_id}", self._fetch, fresh=fresh)

    def _fetch(self) -> tuple[str, int]:
        """https://developer.work.weixin.qq.com/document/path/91039"""
        said = answer_of(
            f"{self.api}/cgi-bin/gettoken",
            method="GET",
            params={"corpid": self.corp_id, "corpsecret": self.secret},
        )
        if said.get("errcode") or "access_token" not in said:
            raise Later(f"{said.get('errcode')}: {said.get('errmsg', '')}")
        return str(said["access_token"]), int(said.get("expires_in", 7200))


def cut(text: str, longest: int) -> str:
    """At most so many bytes of UTF-8, at a sign's border, with an ellipsis where it was cut."""
    whole = text.encode()
    if len(whole) <= longest:
        return text
    return whole[: longest - 3].decode(errors="ignore") + "…"
