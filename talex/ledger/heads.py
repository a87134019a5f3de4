"""Heads as files: signed, kept elsewhere, compared later with what the chain has become."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.canonical import canonical, instant
from talex.core.errors import Invalid
from talex.ledger.models import Head

FORMAT = "talex-ledger-heads/1"


@dataclass(frozen=True, slots=True)
class KnownHead:
    """Where a chain ended when the head was exported."""

    chain: str
    number: int
    hash: str
    entries: int


@dataclass(frozen=True, slots=True)
class HeadFile:
    """An exported head as it was read; nothing in it is believed before `fault()` is None."""

    heads: tuple[KnownHead, ...]
    exported_at: str
    key: str
    signature: str

    def signed(self) -> bytes:
        """The canonical bytes that the signature is over."""
        return canonical(
            {
                "format": FORMAT,
                "exported_at": self.exported_at,
                "key": self.key,
                "heads": [_as_json(head) for head in self.heads],
            }
        ).encode()

    def fault(self) -> str | None:
        """`signature` or `other_key` where the file is not this installation's, else None."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            key.verify(bytes.fromhex(self.signature), self.signed())
        except (InvalidSignature, ValueError):
            return "signature"
        if self.key != public_key():
            return "other_key"
        return None

    def as_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "exported_at": self.exported_at,
            "key": self.key,
            "heads": [_as_json(head) for head in self.heads],
            "signature": self.signature,
        }


def _as_json(head: KnownHead) -> dict[str, Any]:
    return {
        "chain": head.chain,
        "number": head.number,
        "hash": head.hash,
        "entries": head.entries,
    }


def export(chains: Sequence[str] | None = None) -> HeadFile:
    """The heads of now (of some chains, or of all), signed by the installation's key."""
    rows = Head.objects.filter(number__gt=0).order_by("chain")
    if chains is not None:
        rows = rows.filter(chain__in=chains)
    heads = tuple(KnownHead(h.chain, h.number, h.hash, h.entries) for h in rows)
    unsigned = HeadFile(heads, instant(clock.now()), public_key(), "")
    signature = _private_key().sign(unsigned.signed()).hex()
    return HeadFile(unsigned.heads, unsigned.exported_at, unsigned.key, signature)


def read(text: str | bytes) -> HeadFile:
    """The file as `export` wrote it; Invalid({"head": …}) where it is something else."""
    try:
        given = json.loads(text)
        if given["format"] != FORMAT:
            raise ValueError
        heads = tuple(
            KnownHead(str(h["chain"]), int(h["number"]), str(h["hash"]), int(h["entries"]))
            for h in given["heads"]
        )
        return HeadFile(
            heads, str(given["exported_at"]), str(given["key"]), str(given["signature"])
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(
            {"head": _("This is not an exported head. Give the file of `talex ledger head`.")}
        ) from error


def public_key() -> str:
    """The installation's public key: 64 hexadecimal digits."""
    return _private_key().public_key().public_bytes_raw().hex()


def _key_file() -> Path:
    return Path(settings.HOME) / "ledger_key"


def _private_key() -> Ed25519PrivateKey:
    """The installation's key, made once and readable by its owner only."""
    kept = _key_file()
    if not kept.exists():
        made = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        # Written whole under another name, then linked: of two processes one wins, and nobody
        # ever reads half a key.
        draft = kept.with_name(f".ledger_key.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(made)
        try:
            os.link(draft, kept)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    key = serialization.load_pem_private_key(kept.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{kept} holds no Ed25519 key")
    return key
