"""Template messages of a WeChat service account, to people who follow it.

https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from talex.messages.channels.base import Channel, Later, Refused, template_of
from talex.messages.channels.tokens import STALE, answer_of, token
from talex.messages.models import Message

# Busy, and the limits of calls by minute and day.
_LATER = {-1, 45009, 45011, 50002}


def set_up() -> Channel | None:
    """The account that the operator set up."""
    said: dict[str, Any] = settings.TALEX_WECHAT
    if not said:
        return None
    return WeChat(said["app_id"], said["secret"], said["templates"], said["api"])


@dataclass(frozen=True, slots=True)
class WeChat:
    """One service account. `client_msg_id` keeps a repetition from being sent (ten minutes)."""

    app_id: str
    secret: str
    templates: Mapping[str, Any]
    api: str

    knows_repetition = True

    def send(self, message: Message, hand_over: Callable[[], None]) -> str:
        template, data = template_of(self.templates, message)
        content = {
            "touser": message.address,
            "template_id": template,
            "url": message.fields.get("link") or settings.TALEX_URL + "/",
            "client_msg_id": message.pk.hex,
            "data": {name: {"value": value} for name, value in data.items()},
        }
        key = self._token()
        hand_over()
        said = self._send(key, content)
        if said.get("errcode") in STALE:
            said = self._send(self._token(fresh=True), content)
        code = said.get("errcode")
        if code == 0:
            return str(said.get("msgid", ""))
        told = f"{code}: {said.get('errmsg', '')}"
        if code in _LATER or code in STALE:
            raise Later(told)
        raise Refused(told)

    def _send(self, key: str, content: dict[str, Any]) -> dict[str, Any]:
        url = f"{self.api}/cgi-bin/message/template/send"
        return answer_of(url, params={"access_token": key}, json=content)

    def _token(self, *, fresh: bool = False) -> str:
        return token(f"wechat:{self.app_id}", lambda: self._fetch(fresh), fresh=fresh)

    def _fetch(self, fresh: bool) -> tuple[str, int]:
        """A stable token: fetching it does not end that of another process.

        https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
        """
        said = answer_of(
            f"{self.api}/cgi-bin/stable_token",
            json={
                "grant_type": "client_credential",
                "appid": self.app_id,
                "secret": self.secret,
                "force_refresh": fresh,
            },
        )
        if "access_token" not in said:
            # Ours to mend (secret, list of addresses), not the recipient's fault.
            raise Later(f"{said.get('errcode')}: {said.get('errmsg', '')}")
        return str(said["access_token"]), int(said.get("expires_in", 7200))
