"""WeChat's website login against a server that answers as WeChat's does.

https://developers.weixin.qq.com/doc/oplatform/Website_App/WeChat_Login/Wechat_Login.html
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.weixin.views import WeixinOAuth2Adapter
from django.core import mail
from django.test import Client

from talex.accounts.models import User
from tests.messages import providers
from tests.messages.providers import Asked, Provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def weixin(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    provider = Provider()

    def answer(asked: Asked) -> tuple[int, Any]:
        given = asked.values()
        if asked.path == "/sns/oauth2/access_token":
            # Documented as GET; allauth sends the same parameters as a form.
            asked.query = asked.query or asked.body.decode()
            given = asked.values()
            wanted = {"appid": "wx1", "secret": "s", "grant_type": "authorization_code"}
            if {name: given.get(name) for name in wanted} != wanted or given.get("code") != "c0":
                return 200, {"errcode": 40029, "errmsg": "invalid code"}
            return 200, {"access_token": "t", "expires_in": 7200, "openid": "o-li", "scope": "x"}
        if asked.path == "/sns/userinfo" and given == {"access_token": "t", "openid": "o-li"}:
            return 200, {"openid": "o-li", "nickname": "Li", "city": "", "headimgurl": "x"}
        provider.wrong(asked.path)
        return 404, {}

    provider.answer = answer
    with providers.running(provider):
        url = provider.url
        monkeypatch.setattr(
            WeixinOAuth2Adapter, "access_token_url", f"{url}/sns/oauth2/access_token"
        )
        monkeypatch.setattr(WeixinOAuth2Adapter, "profile_url", f"{url}/sns/userinfo")
        settings.SOCIALACCOUNT_PROVIDERS = {
            "weixin": {"APPS": [{"client_id": "wx1", "secret": "s"}]}
        }
        yield provider
        assert provider.faults == []


def test_wechat_asks_for_an_address_and_signs_in_again(client: Client, weixin: Provider) -> None:
    page = client.get("/accounts/login/", headers={"Accept-Language": "zh-hans"})
    assert "微信" in page.content.decode()
    onward = client.post("/accounts/weixin/login/").content.decode()
    found = re.search(r'content="0;url=([^"]+)"', onward)
    assert found is not None
    asked = urlsplit(html.unescape(found[1]))
    assert (asked.netloc, asked.path) == ("open.weixin.qq.com", "/connect/qrconnect")
    query = {name: values[0] for name, values in parse_qs(asked.query).items()}
    assert query["appid"] == "wx1" and query["scope"] == "snsapi_login"
    assert query["redirect_uri"].endswith("/accounts/weixin/login/callback/")

    back = {"code": "c0", "state": query["state"]}
    answer = client.get("/accounts/weixin/login/callback/", back)
    assert answer.headers["Location"] == "/accounts/3rdparty/signup/"
    form = client.get("/accounts/3rdparty/signup/", headers={"Accept-Language": "de"})
    assert "Wir kennen Sie noch nicht" in form.content.decode()
    client.post("/accounts/3rdparty/signup/", {"name": "李雷", "email": "Li@example.org"})
    user = User.objects.get()
    assert (user.name, user.email) == ("李雷", "li@example.org")
    assert SocialAccount.objects.get().extra_data == {"nickname": "Li"}
    assert mail.outbox[-1].to == ["li@example.org"] and "_auth_user_id" not in client.session


def test_a_refused_code_is_told(client: Client, weixin: Provider) -> None:
    onward = client.post("/accounts/weixin/login/").content.decode()
    state = re.search(r"state=(\w+)", html.unescape(onward))
    assert state is not None
    answer = client.get("/accounts/weixin/login/callback/", {"code": "x", "state": state[1]})
    assert "Try once more" in answer.content.decode() and not User.objects.exists()
