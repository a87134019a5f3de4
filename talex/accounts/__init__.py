"""People who sign in: accounts, tokens for programs, and who acts in a request."""
