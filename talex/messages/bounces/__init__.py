"""Mails that come back: read, matched to what was sent, and what follows from them."""
