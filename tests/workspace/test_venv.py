"""The workspace's environment: whole, offline, repaired, and never the learner's loss."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.workspace.site import plain_environment
from tutor.errors import CannotActError
from tutor.workspace.environment import venv as environments
from tutor.workspace.environment.venv import ensure_environment, environment_folder, python

if TYPE_CHECKING:
    from collections.abc import Sequence

SCRIPTS = {"alembic", "alembic-tutor", "pip", "tutor", "uvicorn"}


def script(root: Path, name: str) -> Path:
    return python(root).parent / (f"{name}.exe" if os.name == "nt" else name)


def run(command: Sequence[str | Path], cwd: Path) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def mark_of(root: Path) -> Path:
    return environment_folder(root) / "alembic-tutor.json"


@pytest.fixture
def root(empty_folder: Path) -> Path:
    ensure_environment(empty_folder)
    return empty_folder


def test_has_the_tutors_packages_and_its_scripts(root: Path) -> None:
    assert {name for name in SCRIPTS if script(root, name).is_file()} == SCRIPTS
    assert run([script(root, "alembic"), "--version"], root).startswith("alembic ")
    where = run([python(root), "-c", "import sys, tutor; print(sys.prefix, tutor.__file__)"], root)
    assert where.startswith(str(environment_folder(root)))
    assert str(Path(environments.__file__).parents[2] / "__init__.py") in where


def test_works_under_a_path_of_150_characters(empty_folder: Path) -> None:
    root = empty_folder / ("x" * 100) / ("y" * 60)
    root.mkdir(parents=True)
    ensure_environment(root)
    assert run([script(root, "alembic"), "--version"], root).startswith("alembic ")


def test_costs_next_to_nothing_when_it_is_fine(root: Path) -> None:
    start = time.perf_counter()
    for _ in range(20):
        assert ensure_environment(root) == []
    assert time.perf_counter() - start < 1


def test_pip_installs_into_it(root: Path) -> None:
    wheel = root / "tinything-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tinything.py", "X = 1\n")
        info = "tinything-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tinything\nVersion: 1\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
        archive.writestr(f"{info}/RECORD", "")
    run([script(root, "pip"), "install", "--no-index", "--quiet", wheel], root)
    where = run([python(root), "-c", "import tinything; print(tinything.__file__)"], root)
    assert where.startswith(str(environment_folder(root)))
    # Repairing the link keeps it.
    mark_of(root).write_text("{}")
    assert ensure_environment(root) == []
    run([python(root), "-c", "import tinything, alembic"], root)


def test_does_not_need_ensurepip(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    ensure_environment(empty_folder)
    assert "pip" in run([script(empty_folder, "pip"), "--version"], empty_folder)


def test_a_dead_link_is_mended(root: Path) -> None:
    mark = json.loads(mark_of(root).read_text())
    mark["packages"] = ["/gone/with/the/cache"]
    mark_of(root).write_text(json.dumps(mark))
    (notice,) = ensure_environment(root)
    assert "repaired" in notice
    assert ensure_environment(root) == []


def test_without_its_packages_its_scripts_say_so(root: Path) -> None:
    (link,) = environment_folder(root).rglob("_alembic_tutor.pth")
    link.unlink()
    for name in SCRIPTS:
        done = subprocess.run(
            [script(root, name), "--version"],
            env=plain_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 3
        assert done.stderr.startswith("The packages that this environment leads to are gone")
        assert "Traceback" not in done.stderr


def test_a_removed_interpreter_is_mended(root: Path) -> None:
    python(root).unlink()
    (notice,) = ensure_environment(root)
    assert "repaired" in notice
    run([python(root), "-c", "import alembic"], root)


def test_another_python_is_told(root: Path) -> None:
    mark = json.loads(mark_of(root).read_text())
    mark["python"] = "3.9"
    mark_of(root).write_text(json.dumps(mark))
    (notice,) = ensure_environment(root)
    assert "3.9" in notice
    assert "pip has to be installed again" in notice


def test_a_moved_workspace_gets_scripts_of_its_own(root: Path, tmp_path: Path) -> None:
    moved = root.rename(tmp_path / "moved here")
    (notice,) = ensure_environment(moved)
    assert "has moved" in notice
    assert run([script(moved, "alembic"), "--version"], moved).startswith("alembic ")
    if os.name == "posix":
        activate = "source .venv/bin/activate && echo $VIRTUAL_ENV && command -v tutor"
        lines = run(["bash", "-c", activate], moved).splitlines()
        assert lines == [str(environment_folder(moved)), str(script(moved, "tutor"))]
    moved.rename(root)


def test_a_half_made_one_is_finished(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environments, "_write_scripts", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ensure_environment(empty_folder)
    assert ensure_environment(empty_folder) == []
    assert script(empty_folder, "tutor").is_file()


def test_from_inside_another_workspace_it_leads_to_the_real_packages(
    root: Path, empty_folder: Path
) -> None:
    other = empty_folder / "other"
    other.mkdir()
    code = (
        "import sys; from pathlib import Path; "
        "from tutor.workspace.environment.venv import ensure_environment;"
        "print(ensure_environment(Path(sys.argv[1])), ensure_environment(Path(sys.argv[2])))"
    )
    assert run([python(root), "-c", code, other, root], root) == "[] []\n"
    packages = json.loads(mark_of(other).read_text())["packages"]
    assert packages == json.loads(mark_of(root).read_text())["packages"]


def test_one_of_the_learners_own_is_left_alone(empty_folder: Path) -> None:
    own = environment_folder(empty_folder)
    venv.create(own, symlinks=os.name != "nt")
    before = sorted(own.rglob("*"))
    (notice,) = ensure_environment(empty_folder)
    assert "not the tutor's" in notice
    assert sorted(own.rglob("*")) == before
    assert python(empty_folder) == Path(sys.executable)


def test_a_place_that_cannot_hold_one_is_told(empty_folder: Path) -> None:
    if os.name == "nt":
        pytest.skip("no such path there")
    root = empty_folder / "a:b"
    root.mkdir()
    with pytest.raises(CannotActError, match="cannot be made"):
        ensure_environment(root)
