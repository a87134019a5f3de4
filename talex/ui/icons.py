# ruff: noqa: E501  (a drawing is one line)
"""The icon set: line drawings on a 24 × 24 grid, kept as the inside of an SVG element.

They are drawn inline so that they take the colour of the text beside them and need no request. An
icon never stands for a word alone: the tag hides it from screen readers and the word says it.
"""

from __future__ import annotations

from typing import Final

ICONS: Final[dict[str, str]] = {
    "alert": '<path d="M12 4 2.8 19.5h18.4z"/><path d="M12 10v4.5M12 17.2v.1"/>',
    "archive": '<path d="M4 8v11h16V8M3 4h18v4H3zM10 12h4"/>',
    "arrow-left": '<path d="M20 12H4m6-6-6 6 6 6"/>',
    "arrow-right": '<path d="M4 12h16m-6-6 6 6-6 6"/>',
    "award": '<circle cx="12" cy="9" r="5.5"/><path d="m8.5 13.5-1.5 7 5-2.5 5 2.5-1.5-7"/>',
    "badge": '<rect x="5" y="6" width="14" height="15" rx="2"/><path d="M12 2.5V8M8.5 18c.5-2 2-3 3.5-3s3 1 3.5 3"/><circle cx="12" cy="12" r="1.8"/>',
    "bell": '<path d="M6 10a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4S6 15 6 10zM10 20h4"/>',
    "book": '<path d="M4 5.5C7 4 10 4.5 12 6c2-1.5 5-2 8-.5V19c-3-1.5-6-1-8 .5-2-1.5-5-2-8-.5zM12 6v13.5"/>',
    "briefcase": '<rect x="3" y="8" width="18" height="12" rx="2"/><path d="M8.5 8V5.5A1.5 1.5 0 0 1 10 4h4a1.5 1.5 0 0 1 1.5 1.5V8M3 13.5h18"/>',
    "building": '<path d="M5 21V4.5h9V21M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="2"/><path d="M3.5 10h17M8 3v4M16 3v4"/>',
    "chart": '<path d="M4 4v16h16M8.5 16v-4M13 16V8M17.5 16v-6"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "check-circle": '<circle cx="12" cy="12" r="8.75"/><path d="m8.2 12.3 2.7 2.7 5-5.2"/>',
    "chevron-down": '<path d="m6 9.5 6 6 6-6"/>',
    "chevron-left": '<path d="m14.5 6-6 6 6 6"/>',
    "chevron-right": '<path d="m9.5 6 6 6-6 6"/>',
    "chevron-up": '<path d="m6 14.5 6-6 6 6"/>',
    "clock": '<circle cx="12" cy="12" r="8.75"/><path d="M12 7v5.2l3.2 2"/>',
    "copy": '<rect x="8.5" y="8.5" width="12" height="12" rx="2"/><path d="M15.5 8.5V5.5a2 2 0 0 0-2-2h-8a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h3"/>',
    "danger": '<path d="M8.3 3.5h7.4l4.8 4.8v7.4l-4.8 4.8H8.3l-4.8-4.8V8.3z"/><path d="M12 8v5M12 16v.1"/>',
    "download": '<path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5M4.5 19.5h15"/>',
    "edit": '<path d="M4 20h4L19.5 8.5l-4-4L4 16zM13 7l4 4"/>',
    "external": '<path d="M13.5 4.5h6v6M19.5 4.5 11 13M17.5 14v4.5a1.5 1.5 0 0 1-1.5 1.5H5.5A1.5 1.5 0 0 1 4 18.5V8a1.5 1.5 0 0 1 1.5-1.5H10"/>',
    "eye": '<path d="M2.5 12C5 7.5 8.3 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.8 6.5-9.5 6.5S5 16.5 2.5 12z"/><circle cx="12" cy="12" r="2.8"/>',
    "file": '<path d="M13.5 3.5H6.5a1.5 1.5 0 0 0-1.5 1.5v14a1.5 1.5 0 0 0 1.5 1.5h11a1.5 1.5 0 0 0 1.5-1.5V9zM13.5 3.5V9H19"/>',
    "filter": '<path d="M4 5.5h16l-6.2 7.2v5.8l-3.6-1.8v-4z"/>',
    "flag": '<path d="M5.5 21V4.5c4-2 8 2 13 0v9c-5 2-9-2-13 0"/>',
    "globe": '<circle cx="12" cy="12" r="8.75"/><path d="M3.3 12h17.4M12 3.3c5 5 5 12.4 0 17.4-5-5-5-12.4 0-17.4z"/>',
    "handshake": '<path d="m12 7.5 2-1.5h3.5l4 4-2.2 3.3M12 7.5 10 6H6.5l-4 4 5.8 6.7c1 1 2.2.9 3.2.3l1 .8c1 .6 2 .2 2.5-.6 1 .3 1.9-.3 2.2-1.2 1 0 1.8-.7 1.8-1.7L13.5 10l-2.7 1.7c-1.5.7-2.8-1-1.6-2.1z"/>',
    "history": '<path d="M4 12a8.3 8.3 0 1 0 2.5-6L4 8.5M4 4v4.5h4.5M12 8v4.5l3 1.8"/>',
    "home": '<path d="m3.5 11 8.5-7 8.5 7M6 9.5V20h4.5v-5.5h3V20H18V9.5"/>',
    "inbox": '<path d="M3.5 13.5 6.5 5h11l3 8.5V19h-17zM3.5 13.5H8l1.5 2.5h5l1.5-2.5h4.5"/>',
    "info": '<circle cx="12" cy="12" r="8.75"/><path d="M12 11v5.5M12 7.8v.1"/>',
    "key": '<circle cx="8" cy="15.5" r="4"/><path d="m11 12.5 8-8M15.5 8l3 3"/>',
    "language": '<path d="M3.5 6h10M8.5 3.5V6M11.5 6c-.8 4-3.8 7-8 8.5M5.5 6c1.2 3.5 3.8 6.5 7 7.8M12 20.5l4.3-10 4.2 10M13.5 17h5.5"/>',
    "link": '<path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1"/>',
    "list": '<path d="M8.5 6h12M8.5 12h12M8.5 18h12M4 6v.1M4 12v.1M4 18v.1"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>',
    "mail": '<rect x="3" y="5.5" width="18" height="13.5" rx="2"/><path d="m3.5 7.5 8.5 6 8.5-6"/>',
    "map-pin": '<path d="M12 21.5s7-6.3 7-11.5a7 7 0 0 0-14 0c0 5.2 7 11.5 7 11.5z"/><circle cx="12" cy="10" r="2.5"/>',
    "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "merge": '<path d="M6 3.5v3c0 4 6 4 6 8v6M18 3.5v3c0 4-6 4-6 8M8.5 17.5 12 21l3.5-3.5"/>',
    "minus": '<path d="M5 12h14"/>',
    "moon": '<path d="M20 14.2A8.3 8.3 0 0 1 9.8 4a8.3 8.3 0 1 0 10.2 10.2z"/>',
    "more": '<path d="M5.5 12v.1M12 12v.1M18.5 12v.1"/>',
    "pause": '<path d="M8.5 5.5v13M15.5 5.5v13"/>',
    "phone": '<path d="M5 4h4l1.5 4.5-2.2 1.7c1 2.2 2.8 4.2 5.3 5.5l1.9-2.2L20 15v4c0 .8-.6 1.2-1.3 1.2C11 20 4 13 3.8 5.3 3.8 4.6 4.2 4 5 4z"/>',
    "play": '<path d="M7.5 4.8v14.4L19 12z"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "print": '<path d="M7 8.5V3.5h10v5M7 17H4.5a1 1 0 0 1-1-1v-6a1.5 1.5 0 0 1 1.5-1.5h14a1.5 1.5 0 0 1 1.5 1.5v6a1 1 0 0 1-1 1H17M7 14h10v6.5H7z"/>',
    "question": '<circle cx="12" cy="12" r="8.75"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.1.9-1.1 1.7M12 16.5v.1"/>',
    "refresh": '<path d="M20 11.5a8 8 0 0 0-14.3-4L4 9.5M4 4.5v5h5M4 12.5a8 8 0 0 0 14.3 4l1.7-2M20 19.5v-5h-5"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m20 20-4.3-4.3"/>',
    "send": '<path d="M21 3.5 3 10.5l7 3 3 7zM21 3.5l-11 10"/>',
    "settings": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>',
    "shield": '<path d="M12 3 4.5 6v5.5c0 4.5 3 7.8 7.5 9.5 4.5-1.7 7.5-5 7.5-9.5V6z"/><path d="m8.8 12 2.3 2.3 4.2-4.3"/>',
    "sign-out": '<path d="M10 4H6a1.5 1.5 0 0 0-1.5 1.5v13A1.5 1.5 0 0 0 6 20h4M9.5 12h11m-4-4 4 4-4 4"/>',
    "sort": '<path d="m8 10 4-4.5 4 4.5M8 14l4 4.5 4-4.5"/>',
    "spark": '<path d="M12 3.5c.8 5 3.5 7.7 8.5 8.5-5 .8-7.7 3.5-8.5 8.5-.8-5-3.5-7.7-8.5-8.5 5-.8 7.7-3.5 8.5-8.5z"/>',
    "star": '<path d="m12 3.8 2.5 5.3 5.7.8-4.1 4.1 1 5.8-5.1-2.8-5.1 2.8 1-5.8-4.1-4.1 5.7-.8z"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.8v2M12 19.2v2M2.8 12h2M19.2 12h2M5.5 5.5l1.4 1.4M17.1 17.1l1.4 1.4M5.5 18.5l1.4-1.4M17.1 6.9l1.4-1.4"/>',
    "table": '<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><path d="M3.5 9.5h17M3.5 14.5h17M9.5 9.5v10"/>',
    "tag": '<path d="M3.5 4.5v7l9 9 7.5-7.5-9-9zM7.8 8.3v.1"/>',
    "target": '<circle cx="12" cy="12" r="8.75"/><circle cx="12" cy="12" r="4.5"/><path d="M12 12v.1"/>',
    "trash": '<path d="M4 6.5h16M9 6.5V4h6v2.5M6 6.5 7 20.5h10l1-14M10 10.5v6M14 10.5v6"/>',
    "undo": '<path d="M8.5 4.5 4 9l4.5 4.5M4 9h10a5.5 5.5 0 0 1 0 11h-4"/>',
    "upload": '<path d="M12 16V5M7.5 9.5 12 5l4.5 4.5M4.5 19.5h15"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4.2 3.7-6.5 7.5-6.5s6.7 2.3 7.5 6.5"/>',
    "users": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.7-3.8 3.2-5.8 6.5-5.8s5.8 2 6.5 5.8M15.5 5.2a3.5 3.5 0 0 1 0 6.6M18 14.2c1.9.8 3.1 2.6 3.5 5.3"/>',
    "video": '<rect x="3" y="6.5" width="12.5" height="11" rx="2"/><path d="m15.5 11 5.5-3.5v9L15.5 13"/>',
    "x": '<path d="m6 6 12 12M18 6 6 18"/>',
    "x-circle": '<circle cx="12" cy="12" r="8.75"/><path d="m9 9 6 6M15 9l-6 6"/>',
}

# Icons that point along the line of text; turned round where text runs from right to left.
DIRECTED: Final = frozenset(
    {"arrow-left", "arrow-right", "chevron-left", "chevron-right", "send", "sign-out", "undo"}
)

# The four states and the plain one, each with the icon that says it without colour.
STATE_ICONS: Final[dict[str, str]] = {
    "ok": "check-circle",
    "info": "info",
    "warning": "alert",
    "danger": "danger",
    "none": "minus",
}
