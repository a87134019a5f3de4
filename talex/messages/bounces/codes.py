"""What an answer of a mail server says of an address: nobody is there (hard), or not now (soft).

The enhanced status code (RFC 3463) decides. Hard is only what says for good (class 5) that there is
no such address, mailbox or domain:

- 5.1.x, except what is about the sender (5.1.7, 5.1.8) or the way there (5.1.9);
- 5.2.1, a mailbox that was switched off;
- 5.4.4, a domain that does not exist or takes no mail.

All else is soft, class 5 too: a full mailbox (5.2.2), a server that is broken or full (5.3.x,
5.4.x), our protocol, content or reputation (5.5.x to 5.7.x), which say nothing of the address.

Where a code says nothing (5.0.0, as Exim writes for every failure) or there is none, the words
decide, since 550 stands for a mailbox that is not found as well as for policy (RFC 5321, 4.2.3).
What they do not say plainly is soft.
"""

from __future__ import annotations

import re

# Not within a number of four parts, which is an address of the internet.
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_HARD = {"5.2.1", "5.4.4"}
_NOT_OF_THE_ADDRESS = {"5.1.7", "5.1.8", "5.1.9"}
_NOBODY = re.compile(
    r"""
      (user|mailbox|account|recipient|address|domain|host)s?\ ([^.;]{0,60}\ )?
        ((was\ |is\ )?not\ found|unknown|does\ ?n[o']t\ exist|does\ not\ exist|not\ exist
         |(has\ been\ |is\ )?(disabled|deactivated|suspended))
    | no\ such\ (user|mailbox|recipient|account|address|person)
    | (unknown|invalid|non-?existent)\ (local\ |final\ )?(user|mailbox|recipient|address|delivery)
    | unrout(e)?able\ (mail\ )?(address|domain)
    | (no|not\ a\ valid)\ mailbox\ (here\ )?by\ that\ name
    | mailbox\ unavailable\ or\ access\ denied
    | user\ doesn't\ have\ a\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# How Exchange Online answers for an address that its directory lacks, with a code of routing.
_EXCHANGE = re.compile(r"5\.4\.1\b.*recipient address rejected: access denied", re.I | re.S)


def status_in(words: str) -> str:
    """The first enhanced status code that the words name; '' where they name none."""
    found = _STATUS.search(words)
    return ".".join(str(int(part)) for part in found.groups()) if found else ""


def is_hard(status: str, words: str) -> bool:
    """Whether a failed delivery says that nobody is reached at the address.

    `status` is the Status field or the enhanced code of an answer ('' where there is none), `words`
    what the server said.
    """
    code = status_in(status)
    if not code or code.split(".")[1] == "0":
        code = status_in(words) or code
    if code and not code.startswith("5"):
        return False
    if code and code.split(".")[1] != "0":
        if code == "5.4.1":
            return bool(_EXCHANGE.search(f"5.4.1 {words}"))
        return code in _HARD or (code.startswith("5.1.") and code not in _NOT_OF_THE_ADDRESS)
    return bool(_NOBODY.search(" ".join(words.split())))


def counts(status: str, words: str) -> bool:
    """Whether a soft failure counts against the address, when it comes again and again.

    What was refused for its content, its sender or our reputation (x.6.x, x.7.x, 5.1.7, 5.1.8) says
    nothing of the reader, who would be cut off for our fault.
    """
    code = status_in(status)
    if not code or code.split(".")[1] == "0":
        code = status_in(words) or code
    return not code or (code.split(".")[1] not in {"6", "7"} and code not in _NOT_OF_THE_ADDRESS)
