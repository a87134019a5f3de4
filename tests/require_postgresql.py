"""Say what is missing before the tests run on PostgreSQL (make test-postgresql)."""

from __future__ import annotations

import os
import sys

import psycopg

from talex.settings import environment

HOW = """\
Start a PostgreSQL server (14 or newer) whose role may create databases, for example
  Debian, Ubuntu: sudo apt-get install postgresql && sudo -u postgres createuser --createdb $USER
and name it where it is not reached through the local socket:
  TALEX_DATABASE_URL=postgresql://user:password@host:5432/talex make test-postgresql
"""


def main() -> int:
    url = os.environ["TALEX_DATABASE_URL"]
    entry = environment.database(url)
    if not entry["ENGINE"].endswith("postgresql"):
        print(f"TALEX_DATABASE_URL is {url}, not a PostgreSQL database.\n{HOW}", file=sys.stderr)
        return 1
    try:
        with psycopg.connect(
            host=entry["HOST"] or entry["OPTIONS"].get("host", ""),
            port=entry["PORT"] or None,
            user=entry["USER"] or None,
            password=entry["PASSWORD"] or None,
            dbname="postgres",
            connect_timeout=5,
        ) as connection:
            may = connection.execute(
                "SELECT rolcreatedb OR rolsuper, current_user FROM pg_roles "
                "WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error as fault:
        print(f"PostgreSQL cannot be reached: {fault}\n{HOW}", file=sys.stderr)
        return 1
    if not may or not may[0]:
        print(f"The PostgreSQL role may not create databases.\n{HOW}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
