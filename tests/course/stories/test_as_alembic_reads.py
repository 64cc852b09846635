"""Revisions are found and read as Alembic does it, by its own configuration."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.course.learner import Learner

pytestmark = pytest.mark.xdist_group("5.3")

STEP = COURSE.step("5.3")
FILE = "2025_10_08_1105-9d04b7c3e218_add_price_and_name_sku_constraints.py"
UPGRADE = "python -m alembic upgrade head"
INI = "prepend_sys_path = ."


@pytest.fixture(autouse=True)
def tidy(learner: Learner) -> Iterator[None]:
    """Take away what no reset touches: files that are the learner's own."""
    yield
    for name in ("pyproject.toml", "helpers.py"):
        (learner.root / name).unlink(missing_ok=True)
    for folder in ("more", "migrations/versions/2025"):
        shutil.rmtree(learner.root / folder, ignore_errors=True)


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


def subfolder(root: Path) -> None:
    versions = root / "migrations" / "versions"
    (versions / "2025").mkdir()
    (versions / FILE).rename(versions / "2025" / FILE)
    replace(root / "alembic.ini", INI, f"{INI}\nrecursive_version_locations = true")


def other_location(root: Path) -> None:
    (root / "more").mkdir()
    (root / "migrations" / "versions" / FILE).rename(root / "more" / FILE)
    places = "%(here)s/migrations/versions:%(here)s/more"
    replace(root / "alembic.ini", INI, f"{INI}\nversion_locations = {places}")


def functions_by_another_name(root: Path) -> None:
    file = root / "migrations" / "versions" / FILE
    text = file.read_text().replace("def upgrade", "def _up").replace("def downgrade", "def _down")
    file.write_text(f"{text}\nupgrade = _up\ndowngrade = _down\n")


def functions_from_elsewhere(root: Path) -> None:
    file = root / "migrations" / "versions" / FILE
    head, functions = file.read_text().split("def upgrade", 1)
    (root / "helpers.py").write_text(f"from alembic import op\n\ndef upgrade{functions}")
    file.write_text(f"{head}from helpers import downgrade, upgrade\n")


def settings_in_pyproject(root: Path) -> None:
    ini = root / "alembic.ini"
    settings = re.search(r"(?ms)^script_location.*?(?=^\[|\Z)", ini.read_text())
    assert settings
    ini.write_text(ini.read_text().replace(settings[0], "\n"))
    (root / "pyproject.toml").write_text(
        '[tool.alembic]\nscript_location = "%(here)s/migrations"\nprepend_sys_path = ["."]\n'
    )


def no_alembic_ini(root: Path) -> None:
    settings_in_pyproject(root)
    (root / "alembic.ini").unlink()
    replace(
        root / "migrations" / "env.py", "    fileConfig(config.config_file_name)\n", "    pass\n"
    )


def one_database_url(root: Path) -> None:
    said = dict(line.split("=", 1) for line in (root / ".env").read_text().split())
    place = f"{said['DB_USER']}:{said['DB_PASSWORD']}@{said['DB_HOST']}:{said['DB_PORT']}"
    url = f"postgresql+asyncpg://{place}/{said['DB_NAME']}"
    (root / ".env").write_text(f"DATABASE_URL={url}\n")
    file = root / "database.py"
    code = re.sub(r"(?s)URL\.create\(.*?\n\)\n", 'os.environ["DATABASE_URL"]\n', file.read_text())
    file.write_text(code.replace("from sqlalchemy import URL\n", ""))


@pytest.mark.parametrize(
    "variant",
    [
        subfolder,
        other_location,
        functions_by_another_name,
        functions_from_elsewhere,
        settings_in_pyproject,
        no_alembic_ini,
        one_database_url,
    ],
    ids=lambda variant: variant.__name__,
)
def test_a_right_revision_passes_wherever_it_is_and_however_it_is_written(
    variant: Callable[[Path], None], learner: Learner
) -> None:
    learner.go_to_start("5.3")
    learner.lay(STEP.solution)
    variant(learner.root)
    verdict = learner.check()
    assert verdict.first_unmet, told(verdict)
    assert verdict.first_unmet.code == "version.applied", told(verdict)
    learner.run(UPGRADE)
    verdict = learner.check()
    assert verdict.passed, told(verdict)


def test_what_is_in_a_subfolder_goes_and_comes_with_the_other_files(learner: Learner) -> None:
    learner.go_to_start("5.3")
    learner.lay(STEP.solution)
    subfolder(learner.root)
    learner.run("tutor reset --yes")
    revisions = learner.root / "migrations" / "versions"
    assert not list(revisions.rglob(f"*{FILE}"))
    learner.run("tutor undo --yes")
    assert (revisions / "2025" / FILE).is_file()


def test_a_version_table_of_another_name_is_found(learner: Learner) -> None:
    learner.go_to_start("5.3")
    learner.lay(STEP.solution)
    replace(
        learner.root / "migrations" / "env.py",
        "connection=connection, target_metadata=target_metadata",
        "connection=connection, target_metadata=target_metadata, "
        'version_table="version", version_table_schema="alembic"',
    )
    learner.run(
        'tutor psql -c "CREATE SCHEMA alembic" -c "ALTER TABLE alembic_version SET SCHEMA '
        'alembic" -c "ALTER TABLE alembic.alembic_version RENAME TO version"'
    )
    verdict = learner.check()
    assert verdict.first_unmet, told(verdict)
    assert verdict.first_unmet.code == "version.applied", told(verdict)
    learner.run(UPGRADE)
    verdict = learner.check()
    assert verdict.passed, told(verdict)


def test_an_id_that_is_too_long_for_the_version_table_is_told(learner: Learner) -> None:
    learner.go_to_start("5.3")
    learner.lay(STEP.solution)
    file = learner.root / "migrations" / "versions" / FILE
    file.write_text(file.read_text().replace("9d04b7c3e218", "add_price_and_name_sku_constraints_"))
    verdict = learner.check()
    assert verdict.first_unmet, told(verdict)
    assert verdict.first_unmet.code == "revision.upgrade"
    assert "32 characters" in verdict.first_unmet.next


def test_after_a_database_url_the_reference_still_works(learner: Learner) -> None:
    learner.go_to_start("5.3")
    one_database_url(learner.root)
    learner.run("tutor goto 5.3 --yes")
    learner.do_quickly(STEP.solution)
    verdict = learner.check()
    assert verdict.passed, told(verdict)
