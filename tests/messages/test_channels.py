"""Text messages, WeChat and WeCom: against servers that check as the providers do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from talex.core import clock, outbox
from talex.core.work import work
from talex.messages import channels, sending
from talex.messages.channels import sms as sms_channel
from talex.messages.channels.sms import signed
from talex.messages.channels.wecom import cut
from talex.messages.models import Message, State
from tests.messages import providers
from tests.messages.providers import KEY, SECRET, Provider

pytestmark = pytest.mark.django_db
PHONE = "+8613800138000"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def tell(channel: str, handle: str, language: str = "zh-hans", key: str | None = None) -> Message:
    with work():
        to = outbox.Recipient("li@example.org", language, None, handle=handle)
        pk = outbox.tell(to, "accounts.phone_code", {"code": "042137"}, channel=channel, key=key)
    return Message.objects.get(pk=pk)


def later(message: Message) -> None:
    """The time of the next attempt has come."""
    Message.objects.filter(pk=message.pk).update(due_at=clock.now() - timedelta(seconds=1))


def by_aliyun(settings: Any, provider: Provider) -> None:
    settings.TALEX_SMS = {
        "kind": "aliyun",
        "key": KEY,
        "secret": SECRET,
        "sign": "人才大会",
        "templates": {
            "accounts.phone_code": {"id": "SMS_1", "data": {"code": "code"}},
            "accounts.phone_code:de": {"id": "SMS_2", "data": {"code": "code"}},
        },
        "endpoint": provider.url,
    }


def test_the_signature_is_that_of_the_documentations_example() -> None:
    """https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature"""
    headers = signed(
        "YourAccessKeyId",
        "YourAccessKeySecret",
        "POST",
        "ecs.cn-shanghai.aliyuncs.com",
        "RunInstances",
        "2014-05-26",
        {
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            "RegionId": "cn-shanghai",
        },
        when="2023-10-26T10:22:32Z",
        nonce="3156853299f313e23d1673dc12e1703d",
    )
    assert headers["Authorization"].endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_the_server_refuses_what_aliyun_would(settings: Any, monkeypatch: Any) -> None:
    """An old date, a date in another form, a nonce twice: the server of these tests sees them."""
    with providers.running(providers.aliyun()) as provider:
        by_aliyun(settings, provider)
        with clock.at(clock.now() - timedelta(minutes=16)):
            tell("sms", PHONE)
            sending.deliver()
        assert "too far" in provider.faults.pop()
        made = sms_channel.signed

        def local(*args: Any, **more: Any) -> Any:
            return made(*args, **{**more, "when": "2026-05-12 09:00:00"})

        with monkeypatch.context() as patch:
            patch.setattr(sms_channel, "signed", local)
            tell("sms", PHONE)
            sending.deliver()
        assert "x-acs-date" in provider.faults.pop()
        with monkeypatch.context() as patch:
            patch.setattr(sms_channel, "signed", lambda *a, **m: made(*a, **{**m, "nonce": "n"}))
            tell("sms", PHONE)
            tell("sms", PHONE)
            assert sending.deliver() == 1
        assert provider.faults == ["nonce"]


def test_nothing_goes_out_by_a_channel_that_is_not_set_up() -> None:
    assert not any(outbox.can(name) for name in ("sms", "wechat", "wecom", "pigeon"))
    assert outbox.can("mail")
    message = tell("sms", PHONE)
    assert sending.deliver() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.QUEUED, 1)


def test_a_code_goes_out_by_aliyun_once_and_is_not_kept(settings: Any) -> None:
    with providers.running(providers.aliyun()) as provider:
        by_aliyun(settings, provider)
        assert outbox.can("sms")
        message, german = tell("sms", PHONE), tell("sms", "+4915123456789", "de")
        assert sending.deliver() == 2 and sending.deliver() == 0
    assert provider.faults == []
    first, second = provider.sent
    assert first["PhoneNumbers"] == "13800138000" and first["SignName"] == "人才大会"
    assert json.loads(first["TemplateParam"]) == {"code": "042137"}
    assert (first["TemplateCode"], second["TemplateCode"]) == ("SMS_1", "SMS_2")
    assert second["PhoneNumbers"] == "4915123456789"
    message.refresh_from_db()
    assert (message.state, message.provider_id) == (State.SENT, "9006195^0")
    assert message.text == "" and message.fields == {}
    assert german.text.startswith("042137 ist Ihr Code")


@pytest.mark.parametrize(
    ("code", "status", "state"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", 200, State.QUEUED),
        ("Throttling.User", 400, State.QUEUED),
        ("isv.MOBILE_NUMBER_ILLEGAL", 200, State.FAILED),
        ("isv.SMS_TEMPLATE_ILLEGAL", 400, State.FAILED),
    ],
)
def test_what_aliyun_answers_decides(settings: Any, code: str, status: int, state: str) -> None:
    with providers.running(providers.aliyun(code, status)) as provider:
        by_aliyun(settings, provider)
        message = tell("sms", PHONE)
        assert sending.deliver() == 0
    message.refresh_from_db()
    assert message.state == state and code in message.error and provider.faults == []


def test_a_kind_without_a_template_fails_with_the_reason(settings: Any) -> None:
    with providers.running(providers.aliyun()) as provider:
        by_aliyun(settings, provider)
        settings.TALEX_SMS["templates"] = {}
        message = tell("sms", PHONE)
        sending.deliver()
    message.refresh_from_db()
    assert message.state == State.FAILED and "no template" in message.error
    assert provider.asked == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"msg": {"phones": ["{to}"], "body": "{text}"}, "ref": "{id}"}', "json"),
        ("To={to}&Body={text}", "form"),
    ],
)
def test_any_provider_that_takes_a_request(settings: Any, body: str, kind: str) -> None:
    provider = Provider(answer=lambda asked: (201, {"code": 0, "id": "x1"}))
    with providers.running(provider):
        settings.TALEX_SMS = {
            "kind": "http",
            "url": f"{provider.url}/send",
            "body": body,
            "headers": {"Authorization": "Bearer k"},
            "success": "code=0",
        }
        message = tell("sms", PHONE, "de")
        assert sending.deliver() == 1
    (asked,) = provider.asked
    assert asked.headers["authorization"] == "Bearer k"
    text = message.text.strip()
    if kind == "json":
        content = json.loads(asked.body)
        assert content["msg"] == {"phones": [PHONE], "body": text}
        assert content["ref"] == message.pk.hex
    else:
        asked.query = asked.body.decode()
        assert asked.values() == {"To": PHONE, "Body": text}


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ((500, {}), State.QUEUED),
        ((429, {}), State.QUEUED),
        ((400, {"code": 0}), State.FAILED),
        ((200, {"code": 7}), State.FAILED),
        ((302, {"code": 0}), State.FAILED),
    ],
)
def test_what_a_provider_answers_decides(settings: Any, answer: Any, state: str) -> None:
    provider = Provider(answer=lambda asked: answer)
    with providers.running(provider):
        settings.TALEX_SMS = {
            "kind": "http",
            "url": provider.url,
            "body": "to={to}",
            "headers": {},
            "success": "code=0",
        }
        message = tell("sms", PHONE)
        sending.deliver()
    message.refresh_from_db()
    assert message.state == state


def test_an_answer_that_does_not_come_is_not_asked_for_twice(
    settings: Any,
) -> None:
    """Text messages: the provider may have it, and knows no repetition."""
    with providers.running(Provider()) as gone:
        pass
    settings.TALEX_SMS = {
        "kind": "http",
        "url": gone.url,
        "body": "to={to}",
        "headers": {},
        "success": "",
    }
    message = tell("sms", PHONE)
    sending.deliver()
    message.refresh_from_db()
    assert message.state == State.UNSURE


def test_a_worker_that_dies_in_between_sends_no_text_message_twice(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with providers.running(providers.aliyun()) as provider:
        by_aliyun(settings, provider)
        message = tell("sms", PHONE)

        class Killed(BaseException):
            pass

        asked = sms_channel.ask

        def dies(*args: Any, **kwargs: Any) -> Any:
            asked(*args, **kwargs)
            raise Killed

        monkeypatch.setattr(sms_channel, "ask", dies)
        with pytest.raises(Killed):
            sending.deliver()
        monkeypatch.undo()
        by_aliyun(settings, provider)
        Message.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
        sending.deliver()
    message.refresh_from_db()
    assert message.state == State.UNSURE and len(provider.sent) == 1


def by_tencent(settings: Any, kind: str, provider: Provider) -> None:
    if kind == "wechat":
        settings.TALEX_WECHAT = {
            "app_id": "wx-test",
            "secret": SECRET,
            "templates": {"*": {"id": "T1", "data": {"thing1": "subject", "code2": "code"}}},
            "api": provider.url,
        }
    else:
        settings.TALEX_WECOM = {
            "corp_id": "ww-test",
            "secret": SECRET,
            "agent_id": 1000002,
            "api": provider.url,
        }


@pytest.mark.parametrize("kind", ["wechat", "wecom"])
def test_a_message_reaches_a_follower_and_the_token_is_kept(settings: Any, kind: str) -> None:
    with providers.running(providers.tencent(kind)) as provider:
        by_tencent(settings, kind, provider)
        assert outbox.can(kind)
        message = tell(kind, "li")
        tell(kind, "han")
        assert sending.deliver() == 2
    assert provider.faults == [] and len(provider.tokens) == 1  # type: ignore[attr-defined]
    content = provider.sent[0]
    assert content["touser"] == "li"
    if kind == "wechat":
        assert content["data"]["code2"] == {"value": "042137"}
        assert content["data"]["thing1"] == {"value": "您的 Talex 验证码"}
    else:
        assert content["agentid"] == 1000002 and "042137" in content["text"]["content"]
    message.refresh_from_db()
    assert message.state == State.SENT and message.provider_id == "m1"


@pytest.mark.parametrize("how", ["ended", "never given", "followed by another"])
@pytest.mark.parametrize("kind", ["wechat", "wecom"])
def test_a_token_that_ended_is_fetched_once_more(settings: Any, kind: str, how: str) -> None:
    with providers.running(providers.tencent(kind)) as provider:
        by_tencent(settings, kind, provider)
        tell(kind, "li")
        sending.deliver()
        if how == "ended":
            provider.ends["token-1"] = 0.0  # type: ignore[attr-defined]
        elif how == "never given":
            provider.ends.clear()  # type: ignore[attr-defined]
            provider.tokens.clear()  # type: ignore[attr-defined]
        else:
            provider.tokens.clear()  # type: ignore[attr-defined]
        provider.asked.clear()
        tell(kind, "han")
        assert sending.deliver() == 1
    assert provider.faults == [] and [one["touser"] for one in provider.sent] == ["li", "han"]
    # Sent, refused, one token fetched, sent once more.
    send = "/send"
    assert [asked.path.endswith(send) for asked in provider.asked] == [True, False, True]


@pytest.mark.parametrize("kind", ["wechat", "wecom"])
def test_a_token_that_never_counts_is_not_fetched_without_end(settings: Any, kind: str) -> None:
    with providers.running(providers.tencent(kind)) as provider:
        by_tencent(settings, kind, provider)
        provider.lasts = -1  # type: ignore[attr-defined]
        message = tell(kind, "li")
        assert sending.deliver() == 0
    message.refresh_from_db()
    assert message.state == State.QUEUED and "42001" in message.error
    assert len(provider.asked) == 4 and provider.sent == []


@pytest.mark.parametrize(
    ("kind", "code", "state"),
    [
        ("wechat", 43004, State.FAILED),
        ("wechat", 43101, State.FAILED),
        ("wechat", 45009, State.QUEUED),
        ("wechat", -1, State.QUEUED),
        ("wecom", 81013, State.FAILED),
        ("wecom", 45009, State.QUEUED),
        ("wecom", {"errcode": 0, "errmsg": "ok", "invaliduser": "li"}, State.FAILED),
    ],
)
def test_what_they_answer_decides(settings: Any, kind: str, code: Any, state: str) -> None:
    with providers.running(providers.tencent(kind)) as provider:
        by_tencent(settings, kind, provider)
        provider.answers.append(code)  # type: ignore[attr-defined]
        message = tell(kind, "li")
        assert sending.deliver() == 0
    message.refresh_from_db()
    assert message.state == state and message.error


@pytest.mark.parametrize("kind", ["wechat", "wecom"])
def test_where_a_repetition_is_known_it_is_asked_again_and_arrives_once(
    settings: Any, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with providers.running(providers.tencent(kind)) as provider:
        by_tencent(settings, kind, provider)
        message = tell(kind, "li")
        channel = channels.of(kind)
        assert channel is not None and channel.knows_repetition
        answer = provider.answer
        provider.answer = lambda asked: (
            (answer(asked), (502, {}))[1] if "send" in asked.path else answer(asked)
        )
        assert sending.deliver() == 0
        provider.answer = answer
        later(message)
        assert sending.deliver() == 1
    assert len(provider.sent) == 1 and provider.faults == []


@pytest.mark.parametrize("kind", ["wechat", "wecom"])
def test_a_wrong_secret_waits_for_the_operator(settings: Any, kind: str) -> None:
    with providers.running(providers.tencent(kind)) as provider:
        by_tencent(settings, kind, provider)
        name = f"TALEX_{kind.upper()}"
        setattr(settings, name, {**getattr(settings, name), "secret": "wrong"})
        message = tell(kind, "li")
        sending.deliver()
    message.refresh_from_db()
    assert message.state == State.QUEUED and "40" in message.error and provider.sent == []


def test_an_endless_answer_is_cut_off(settings: Any) -> None:
    provider = Provider(answer=lambda asked: (200, b"x" * 200_000))
    with providers.running(provider):
        settings.TALEX_SMS = {
            "kind": "http",
            "url": provider.url,
            "body": "to={to}",
            "headers": {},
            "success": "",
        }
        message = tell("sms", PHONE)
        sending.deliver()
    message.refresh_from_db()
    assert message.state == State.UNSURE


def test_a_text_is_cut_at_a_sign() -> None:
    assert cut("面谈", 6) == "面谈"
    assert cut("面谈改期", 8) == "面…"
    assert len(cut("面" * 2000, 2048).encode()) <= 2048
