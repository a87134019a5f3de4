"""A backup is the installation: restored elsewhere and upgraded, it shows and proves the same."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from talex.cli.installation import archive
from talex.core.errors import Invalid, NotFound
from tests.cli.installations import Installation, installation

SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")

# Each piece of Python is one process: starting one takes longer than what it does.
PREPARE = """
from talex.accounts.services import CreateUser, create_user
from talex.core.actor import SYSTEM
create_user(SYSTEM, CreateUser(email=EMAIL, name="李雷"))
"""
ONE_BEHIND = """
from django.core.management import call_command
call_command("migrate", "mfa", "0002", verbosity=0)
"""
FILL = """
import uuid
from talex.core.actor import SYSTEM
from talex.core.work import work
from talex.ledger.services import record
for n in range(30):
    with work():
        person = uuid.uuid4()
        record("test.made", actor=SYSTEM, edition=None, obj=("test.thing", uuid.uuid4()),
               subject=person, facts={"n": str(n)},
               personal={"name": "李\\t雷\\n\\\\N " + str(n)})
"""
WHOLE = """
import json
from talex.accounts.models import User
from talex.ledger.models import Entry, Payload
from talex.ledger.verify import verify
print(json.dumps([verify().as_json(), sorted(Entry.objects.values_list("canonical", flat=True)),
                  sorted(Payload.objects.values_list("body", flat=True)),
                  sorted(User.objects.values_list("email", "name"))]))
"""


def whole(place: Installation) -> list[object]:
    """What must be the same in a restored installation."""
    files = {
        str(p.relative_to(place.home)): p.read_bytes()
        for p in (place.home / "files").rglob("*")
        if p.is_file()
    }
    return [json.loads(place.python(WHOLE)), files, (place.home / "secret_key").read_text()]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a ledger, accounts and a file, one migration behind this version."""
    with installation(tmp_path_factory.mktemp("source") / "home", migrated=True) as place:
        place.python(f"EMAIL = 'li@example.org'{PREPARE}{FILL}{ONE_BEHIND}")
        folder = place.home / "files" / "ab"
        folder.mkdir(parents=True)
        (folder / "cv.pdf").write_bytes(b"%PDF" + bytes(range(256)))
        yield place


@pytest.fixture(scope="module")
def made(source: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("backup") / "talex.tar.gz"
    told = source.told("backup", str(file))
    assert told["file"] == str(file) and told["size"] == file.stat().st_size
    assert told["engine"] == ("sqlite" if SQLITE else "postgresql")
    assert told["heads"]["site"]["number"] == 31
    return file


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path / "empty") as place:
        yield place


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Installation]:
    """Somebody else's installation."""
    with installation(tmp_path / "another", migrated=True) as place:
        place.python(f"EMAIL = 'other@example.org'{PREPARE}")
        (place.home / "files").mkdir(exist_ok=True)
        (place.home / "files" / "mine").write_text("mine")
        yield place


def test_restored_and_upgraded_it_shows_and_proves_the_same(
    source: Installation, made: Path, empty: Installation
) -> None:
    told = empty.told("restore", str(made))
    assert told["ok"] and told["ledger"]["ok"] and told["heads_as_backed_up"]
    assert told["migrated"] == 1  # the one that the source lacks
    assert whole(empty) == whole(source)
    # The ledger goes on, and the database refuses to change it.
    refused = empty.python(
        "from django.db import IntegrityError\n"
        "from talex.accounts.services import CreateUser, create_user\n"
        "from talex.core.actor import SYSTEM\n"
        "create_user(SYSTEM, CreateUser(email='han@example.org', name='', password=None))\n"
        "from talex.ledger.models import Entry\n"
        "for act in (lambda: Entry.objects.update(event='x'), Entry.objects.all().delete):\n"
        "    try: act()\n"
        "    except IntegrityError: print('refused')\n"
    )
    assert refused.split() == ["refused", "refused"]
    doctor = empty.told("doctor")
    assert doctor["ok"], doctor
    # Only its owner can read what is secret.
    assert (empty.home / "secret_key").stat().st_mode & 0o077 == 0
    assert made.stat().st_mode & 0o077 == 0
    assert not list(empty.home.glob(".*"))


def rebuilt(made: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A backup with changed members whose sums agree: `change` gives the new content, or None."""
    manifest: archive.Manifest | None = None
    with tarfile.open(made) as tar:
        members = []
        for info in tar:
            stream = tar.extractfile(info)
            assert stream is not None
            members.append((info.name, change(info.name, stream.read())))
    content = dict(members)
    manifest = archive.Manifest(**json.loads(content[archive.MANIFEST] or b""))
    before = archive.Contents(**json.loads(content[archive.CONTENTS] or b""))
    with archive.Writer(target, manifest) as writer:
        for name, given in members:
            if name not in {archive.MANIFEST, archive.CONTENTS} and given is not None:
                writer._stream(name, io.BytesIO(given), len(given), 0o600)
        writer.contents.rows = before.rows
        writer.contents.columns = before.columns
        writer.contents.sequences = before.sequences
    return target


def test_what_is_here_is_named_and_kept_unless_forced_and_unless_all_goes_well(
    source: Installation, made: Path, another: Installation, tmp_path: Path
) -> None:
    before = whole(another)
    refused = another.talex("restore", str(made), code=6)
    assert "1 × accounts.User" in refused.stderr and "1 file" in refused.stderr

    def spoil(name: str, content: bytes) -> bytes:
        if name == "database/talex.sqlite3":  # a page in the middle
            middle = len(content) // 8192 * 4096
            return content[:middle] + b"\xff" * 4096 + content[middle + 4096 :]
        if name == "database/accounts_user.copy":
            return content + b"a line that is no row\n"
        return content

    spoilt = rebuilt(made, tmp_path / "spoilt.tar.gz", spoil)
    refused = another.talex("restore", str(spoilt), "--force", code=3)
    assert "damaged" in refused.stderr
    assert whole(another) == before
    assert [p.name for p in another.home.glob(".*")] == []

    assert another.told("restore", str(made), "--force")["ok"]
    assert whole(another) == whole(source)
    assert not (another.home / "files" / "mine").exists()


def test_what_is_here_comes_back_where_a_migration_fails(
    made: Path, another: Installation, tmp_path: Path
) -> None:
    before = whole(another)
    told = another.python(
        "from pathlib import Path\n"
        "from talex.cli.installation import restore\n"
        "def fails(*args, **kwargs): raise ZeroDivisionError('a migration')\n"
        "restore.call_command = fails\n"
        f"try: restore.restore(Path({str(made)!r}), force=True, progress=lambda *a: None)\n"
        "except ZeroDivisionError: print('failed')\n"
    )
    assert told.split() == ["failed"]
    assert whole(another) == before
    assert [p.name for p in another.home.glob(".*")] == []
    assert (another.home / "files" / "mine").read_text() == "mine"


def test_a_row_without_its_reference_is_refused(
    made: Path, empty: Installation, tmp_path: Path
) -> None:
    def cut(name: str, content: bytes) -> bytes:
        if name == "database/ledger_block.copy":
            return b""
        if name == "database/talex.sqlite3":
            file = tmp_path / "cut.sqlite3"
            file.write_bytes(content)
            database = sqlite3.connect(file)
            database.executescript(
                "DROP TRIGGER talex_ledger_block_delete; DELETE FROM ledger_block"
            )
            database.close()
            return file.read_bytes()
        return content

    refused = empty.talex("restore", str(rebuilt(made, tmp_path / "c.tar.gz", cut)), code=3)
    assert "damaged" in refused.stderr


def test_a_backup_of_a_newer_version_or_another_engine_is_refused(
    made: Path, empty: Installation, tmp_path: Path
) -> None:
    def manifest(**changes: object) -> Path:
        def change(name: str, content: bytes) -> bytes:
            if name != archive.MANIFEST:
                return content
            return json.dumps({**json.loads(content), **changes}).encode()

        return rebuilt(made, tmp_path / f"{'-'.join(changes)}.tar.gz", change)

    newer = archive.read_manifest(made).migrations | {"ledger": ["0001_initial", "9999_later"]}
    told = empty.talex("restore", str(manifest(migrations=newer, talex="9.1")), code=3).stderr
    assert "9.1" in told and "ledger.9999_later" in told
    other = "postgresql" if SQLITE else "sqlite"
    told = empty.talex("restore", str(manifest(engine=other)), code=3).stderr
    assert "SQLite" in told and "PostgreSQL" in told and "TALEX_DATABASE_URL" in told
    told = empty.talex("restore", str(manifest(format=2, talex="9.1")), code=3).stderr
    assert "9.1" in told


def test_damaged_files_are_refused(made: Path, tmp_path: Path) -> None:
    content = made.read_bytes()
    with pytest.raises(NotFound):
        archive.read_manifest(tmp_path / "nowhere")
    archive.extract(made, None)  # whole: nothing is raised

    def refused(content: bytes) -> str:
        file = tmp_path / "damaged.tar.gz"
        file.write_bytes(content)
        with pytest.raises(Invalid) as error:
            archive.read_manifest(file)
            archive.extract(file, None)
        return str(error.value)

    assert "damaged" in refused(b"no archive")
    assert "damaged" in refused(content[: len(content) // 2])
    # Whole members, but the end is missing.
    plain = gzip.decompress(content)
    end = plain.rindex(archive.CONTENTS.encode())
    assert "its end is missing" in refused(gzip.compress(plain[:end] + bytes(1024)))
    # One byte of a file within.
    place = plain.index(b"%PDF")
    changed = plain[:place] + b"#" + plain[place + 1 :]
    assert "home/files/ab/cv.pdf" in refused(gzip.compress(changed))
    # A tar file that is none of ours, and one that would write outside of its folder.
    other = io.BytesIO()
    with tarfile.open(fileobj=other, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("readme"))
    assert "not a backup of Talex" in refused(other.getvalue())
    outside = io.BytesIO()
    with tarfile.open(fileobj=outside, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("../evil"))
    assert "../evil" in refused(outside.getvalue())


def test_a_backup_taken_while_others_write_is_one_moment(
    another: Installation, tmp_path: Path
) -> None:
    endless = PREPARE + FILL.replace("range(30)", "range(100000)").replace(
        "    with work():", "    if n == 20: print('going', flush=True)\n    with work():"
    )
    writer = another.start("-c", f"import django; django.setup()\nEMAIL = 'a@example.org'{endless}")
    try:
        assert writer.stdout is not None and writer.stdout.readline().strip() == "going"
        told = another.told("backup", str(tmp_path / "b.tar.gz"))
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.communicate()
    with installation(tmp_path / "restored") as place:
        restored = place.told("restore", str(tmp_path / "b.tar.gz"))
        assert restored["ok"]
        site = restored["ledger"]["chains"][0]
        assert site["blocks"] == told["heads"]["site"]["number"] >= 20


def test_what_is_empty_is_not_backed_up(empty: Installation, tmp_path: Path) -> None:
    assert "empty" in empty.talex("backup", str(tmp_path / "x.tar.gz"), code=4).stderr
    away = tmp_path / "mistyped" / "x.tar.gz"
    assert "Make it first" in empty.talex("backup", str(away), code=4).stderr
    assert not away.parent.exists()


def test_files_are_not_overwritten_and_keys_of_the_environment_are_told(
    tmp_path: Path,
) -> None:
    with installation(tmp_path / "home", migrated=True, TALEX_SECRET_KEY="k" * 50) as place:
        file = tmp_path / "b.tar.gz"
        assert "TALEX_SECRET_KEY" in place.talex("backup", str(file)).stderr
        assert "--force" in place.talex("backup", str(file), code=6).stderr
        place.talex("backup", str(file), "--force")
        assert place.told("restore", "--check", str(file))["ok"]
    with installation(tmp_path / "other") as place:
        assert place.told("restore", str(file))["needs_secret_key"]
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_running_installation_is_not_replaced(made: Path, empty: Installation) -> None:
    held = empty.start(
        "-c",
        "import django; django.setup()\n"
        "from talex.cli.installation import lock\n"
        "import time\nwith lock.running():\n    print('held', flush=True); time.sleep(300)",
    )
    try:
        assert held.stdout is not None and held.stdout.readline().strip() == "held"
        assert "Stop" in empty.talex("restore", str(made), code=6).stderr
    finally:
        held.kill()
        held.communicate()
    # The lock went with the process.
    assert empty.told("restore", str(made))["ok"]
