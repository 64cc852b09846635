"""States that look like dead ends: the finding says what is in the way, and its way out works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, told
from tutor.session.opening import open_context

if TYPE_CHECKING:
    from pathlib import Path

    from tests.course.learner import Learner
    from tutor.judge.findings import Finding


def first_unmet(learner: Learner) -> Finding:
    verdict = learner.check(["", "", ""])
    assert verdict.first_unmet is not None, "it passed"
    return verdict.first_unmet


def revision(learner: Learner, revision_id: str) -> Path:
    (file,) = (learner.root / "migrations" / "versions").glob(f"*{revision_id}*")
    return file


@pytest.mark.xdist_group("5.4")
def test_what_an_autocommit_block_left_behind(learner: Learner) -> None:
    learner.go_to_start("5.4")
    step = COURSE.step("5.4")
    learner.lay(step.alternatives["concurrently"])
    file = revision(learner, "e61f28a9b5c4")
    right = file.read_text()
    failing = '\n    op.execute("SELECT 1/0")\n\n\ndef downgrade'
    file.write_text(right.replace("\n\n\ndef downgrade", failing))
    learner.run("! python -m alembic upgrade head")
    file.write_text(right)

    verdict = learner.check()
    finding = verdict.first_unmet
    assert finding is not None
    assert finding.code == "schema.as_migrated"
    assert "autocommit_block" in finding.summary
    assert not any(item.code == "version.applied" for item in verdict.findings), told(verdict)
    assert "`tutor reset --rows`" in finding.next
    learner.run("tutor reset --rows --yes")
    learner.run("python -m alembic upgrade head")
    verdict = learner.check()
    assert verdict.passed, told(verdict)


@pytest.mark.xdist_group("5.1")
def test_a_database_that_is_behind_before_there_is_a_revision(learner: Learner) -> None:
    learner.go_to_start("5.1")
    assert first_unmet(learner).layer == "models"
    learner.lay(COURSE.step("5.1").mistakes["only_the_model"])
    learner.run("python -m alembic downgrade -1")
    learner.run("! python -m alembic revision --autogenerate -m rename")
    finding = first_unmet(learner)
    assert finding.code == "version.applied"
    assert "`python -m alembic upgrade head`" in finding.next


@pytest.mark.xdist_group("5.1")
def test_whoever_holds_a_transaction_open_is_named(learner: Learner) -> None:
    learner.go_to_start("5.1")
    learner.lay(COURSE.step("5.1").solution)
    with open_context(learner.root) as context:
        server = context.server
    with server.connect(server.live, role="learner") as connection, connection.transaction():
        connection.execute("SELECT FROM products")
        pid = connection.info.backend_pid
        finding = first_unmet(learner)
    assert finding.code == "version.applied"
    assert f"pid {pid})" in finding.next


@pytest.mark.xdist_group("5.2")
def test_a_deleted_file_comes_before_what_follows_from_it(learner: Learner) -> None:
    learner.go_to_start("5.2")
    learner.run("python -m alembic revision -m nothing --rev-id 0123456789ab")
    learner.run("python -m alembic upgrade head")
    revision(learner, "0123456789ab").unlink()
    learner.lay(COURSE.step("5.2").solution)
    assert first_unmet(learner).code == "version.known"


@pytest.mark.xdist_group("5.3")
def test_rows_of_the_learner_s_own_that_break_the_rule(learner: Learner) -> None:
    learner.go_to_start("5.3")
    learner.lay(COURSE.step("5.3").solution)
    row = "INSERT INTO products (name, sku, price, is_active, created_at, updated_at)"
    learner.run(f"tutor psql -c \"{row} VALUES ('Free', 'FREE', 0, true, now(), now())\"")
    finding = first_unmet(learner)
    assert finding.code == "version.applied"
    assert "violated by some row" in finding.next
    assert "`tutor reset --rows`" in finding.next
    learner.run("! python -m alembic upgrade head")
    learner.run("tutor reset --rows --yes")
    learner.run("python -m alembic upgrade head")
    verdict = learner.check()
    assert verdict.passed, told(verdict)


@pytest.mark.xdist_group("3.1")
def test_a_package_in_the_place_of_models_py(learner: Learner) -> None:
    learner.go_to_start("3.1")
    package = learner.root / "models"
    package.mkdir()
    (learner.root / "models.py").rename(package / "__init__.py")
    try:
        finding = first_unmet(learner)
    finally:
        (package / "__init__.py").unlink()
        package.rmdir()
        learner.go_to_start("3.1")
    assert finding.code == "environment.files"
    assert "give your package another name" in finding.next


@pytest.mark.xdist_group("6.2")
def test_answers_in_the_learner_s_own_words(learner: Learner) -> None:
    learner.go_to_start("6.2")
    verdict = learner.check(["(8 revisions)", "15bd0c", "History and heads."])
    assert verdict.passed, told(verdict)


@pytest.mark.xdist_group("5.5")
def test_a_revision_that_imports_models_py_is_warned_of(learner: Learner) -> None:
    learner.go_to_start("5.5")
    learner.do_quickly(COURSE.step("5.5").alternatives["imports_models"])
    verdict = learner.check()
    assert verdict.passed, told(verdict)
    assert "revision.imports_models" in {item.code for item in verdict.findings}


@pytest.mark.xdist_group("3.4")
def test_a_revision_file_that_was_emptied_is_named(learner: Learner) -> None:
    learner.go_to_start("3.4")
    revision(learner, "15bd0c9e7a34").write_text("")
    finding = first_unmet(learner)
    assert finding.code == "revision.loads"
    assert "15bd0c9e7a34" in finding.summary


@pytest.mark.xdist_group("3.7")
def test_an_endpoint_that_never_stores_is_told_to_commit(learner: Learner) -> None:
    learner.go_to_start("3.7")
    learner.lay(COURSE.step("3.7").solution)
    main = learner.root / "main.py"
    text = main.read_text()
    storing = "    await session.commit()\n    await session.refresh(db_product)\n"
    assert storing in text
    for left in ("", storing.partition("\n")[2]):
        main.write_text(text.replace(storing, left))
        assert "`await session.commit()` is missing" in first_unmet(learner).next


@pytest.mark.xdist_group("5.3")
def test_a_model_without_both_constraints_is_told_of_both(learner: Learner) -> None:
    learner.go_to_start("5.3")
    told_of = [item.code for item in learner.check().findings if item.layer == "models"]
    assert {"unique.enforced", "trial.refused"} <= set(told_of)


@pytest.mark.xdist_group("3.5")
def test_an_id_that_is_computed_is_an_id(learner: Learner) -> None:
    learner.go_to_start("3.5")
    file = revision(learner, "15bd0c9e7a34")
    text = file.read_text()
    assert "revision: str = '15bd0c9e7a34'" in text
    file.write_text(text.replace("revision: str = '15bd", "revision: str = '15' + 'bd", 1))
    learner.run("python -m alembic upgrade head")
    findings = learner.check().findings
    assert "revision.loads" not in {item.code for item in findings if item.unmet}


@pytest.mark.parametrize(
    ("step_id", "edits", "code"),
    [
        pytest.param(
            "3.7",
            {"    is_active: bool\n    created_at: datetime\n": "    created_at: datetime\n"},
            "app.shows",
            marks=pytest.mark.xdist_group("3.7"),
        ),
        pytest.param(
            "6.3",
            {
                "Field(gt=0, max_digits=10, decimal_places=2)": "Field(gt=0)",
                "except IntegrityError": "except ZeroDivisionError",
            },
            "app.refuses",
            marks=pytest.mark.xdist_group("6.3"),
        ),
    ],
)
def test_an_app_that_could_be_better_passes_with_a_warning(
    step_id: str, edits: dict[str, str], code: str, learner: Learner
) -> None:
    learner.go_to_start(step_id)
    learner.lay(COURSE.step(step_id).solution)
    main = learner.root / "main.py"
    text = main.read_text()
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new)
    main.write_text(text)
    verdict = learner.check()
    assert verdict.passed, told(verdict)
    assert code in {item.code for item in verdict.findings if item.status == "warning"}
