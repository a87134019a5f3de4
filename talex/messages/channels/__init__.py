"""Ways out beside mail. Each is off until the operator sets it up (docs/operators/channels.md)."""

from __future__ import annotations

from talex.messages.channels import sms, wechat, wecom
from talex.messages.channels.base import Channel, Later, Refused

__all__ = ["Channel", "Later", "Refused", "configured", "of"]


def of(name: str) -> Channel | None:
    """The channel, as the settings have it now; None where it is not set up."""
    found = {"sms": sms, "wechat": wechat, "wecom": wecom}.get(name)
    return found.set_up() if found else None


def configured(name: str) -> bool:
    """Whether messages can go out by this channel."""
    return of(name) is not None
