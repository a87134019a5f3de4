"""The office's board: the funnel, the halls now, and what needs attention.

A room that knows of something the office has to look at registers a provider; rooms below `web`
are covered by `talex.web.board.providers`.
"""

from talex.web.board.registry import Attention, attention, register_attention

__all__ = ["Attention", "attention", "register_attention"]
