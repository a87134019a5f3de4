"""Stated limits of asking, so that nobody is drowned in requests and answers are worth waiting for.

An open request blocks no time of anybody: a time is held by placed meetings alone.
"""

from __future__ import annotations

from datetime import timedelta

#: Requests of one talent that may wait for an answer at the same time (an edition's own numbers
#: stand in `RequestRules`).
OPEN_PER_TALENT = 15
#: Invitations for one opening that may wait for an answer at the same time ...
OPEN_PER_OPENING = 30
#: ... and of one organisation, whatever it offers.
OPEN_PER_ORGANISATION = 200
#: The most an edition may set any of them to.
OPEN_MOST = 1000
#: After this an unanswered request expires ...
ANSWER_HOURS = 120
ANSWER_WITHIN = timedelta(hours=ANSWER_HOURS)
ANSWER_HOURS_MOST = 60 * 24
#: So long before it does, who is asked is reminded.
REMINDER_HOURS = 24
#: ... or earlier where the conference ends earlier, but nobody gets less time than this.
ANSWER_LEAST = timedelta(hours=2)

MESSAGE_LENGTH = 1000
#: Interviews proposed for an opening that does not say how many it wants: so many per seat ...
INTERVIEWS_PER_SEAT = 3
#: ... but never more than this, however many seats an advertisement claims.
INTERVIEWS_MOST = 24
#: Proposals for one talent in a run of the matching, unless the office says otherwise.
PROPOSALS_PER_TALENT = 4

#: A candidate with at least this score is close enough to be met.
CLOSE = 0.4
#: More proposals, requests and agreed meetings of one talent than this are too many.
CROWDED = 8
#: An opening is pressed where more talents than this want each interview of it.
PRESSED = 5.0
