"""Steps that begin with a fault: it is really there, it comes back, and it can be left again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.course.learner import COURSE, Learner, told
from tutor.postgres.rows import versions_of
from tutor.session.change.swap import BACKED_UP
from tutor.session.look.doctor import doctor
from tutor.session.look.lesson import next_lesson
from tutor.session.opening import open_context

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

    from tutor.course import Step
    from tutor.session.context import Context
    from tutor.session.look.diagnostic import Diagnostic

HEAD = "48ac9e0d7f13"


def faulty() -> list[ParameterSet]:
    """Return the steps that begin with a fault."""
    return [
        pytest.param(step, id=step.id, marks=pytest.mark.xdist_group(step.id))
        for step in COURSE.steps()
        if step.fault
    ]


def errors(learner: Learner) -> list[Diagnostic]:
    """Return what `tutor doctor` finds wrong."""
    with open_context(learner.root, reading=True, server="if running") as context:
        return [item for item in doctor(context) if item.state == "error"]


@pytest.mark.parametrize("step", faulty())
def test_a_fault_is_announced_found_by_doctor_and_gone_with_the_reference(
    step: Step, learner: Learner
) -> None:
    learner.go_to_start(step.id)
    assert step.fault is not None
    assert "on purpose" in step.fault.about
    found = errors(learner)
    assert found
    assert all(item.fix for item in found)
    learner.do_quickly(step.solution)
    assert not errors(learner)


@pytest.mark.parametrize("step", faulty())
def test_reset_breaks_it_again_and_undo_brings_the_repair_back(
    step: Step, learner: Learner
) -> None:
    learner.go_to_start(step.id)
    broken = errors(learner)
    learner.do_quickly(step.solution)
    said = learner.run("tutor reset --yes")
    assert "on purpose" in " ".join(said.split())
    assert errors(learner) == broken
    learner.run("tutor undo --yes")
    assert not errors(learner)
    learner.run("tutor next")
    assert not errors(learner), "a step that has begun is not broken anew"
    verdict = learner.check(step.solution.answers)
    assert verdict.passed, told(verdict)


@pytest.mark.parametrize("step", faulty())
def test_from_a_broken_workspace_one_can_go_elsewhere(step: Step, learner: Learner) -> None:
    learner.go_to_start(step.id)
    learner.moved_on()
    learner.run("tutor goto 6.2 --yes")
    assert not errors(learner)
    said = learner.run(f"tutor goto {step.id} --yes")
    assert "on purpose" in " ".join(said.split())
    assert errors(learner)
    learner.run("tutor solution --apply --yes")
    verdict = learner.check(step.solution.answers)
    assert verdict.passed, told(verdict)


@pytest.mark.parametrize("step", [param.values[0] for param in faulty()], ids=lambda step: step.id)
@pytest.mark.xdist_group("3.5")
def test_doctor_finds_a_fault_in_any_step(step: Step, learner: Learner) -> None:
    learner.go_to_start("3.5")
    assert not errors(learner)
    assert step.fault is not None
    learner.do_quickly(step.fault)
    found = errors(learner)
    assert found
    assert all(item.fix for item in found)


@pytest.mark.xdist_group("7.1")
def test_the_baseline_is_healthy_and_the_reset_point_broken(learner: Learner) -> None:
    learner.go_to_start("7.1")
    learner.run("python -m alembic stamp head")
    learner.run("tutor reset --yes")
    with open_context(learner.root, reading=True) as context:
        progress, server = context.progress, context.server
        assert versions_of(server, progress.baseline.database) == (HEAD,)
        assert versions_of(server, progress.reset_point.database) is None
        assert versions_of(server, server.live) is None
    learner.moved_on()


@pytest.mark.xdist_group("6.3")
def test_each_pass_leads_to_the_fault_of_the_next_step(learner: Learner) -> None:
    learner.go_to_start("6.3")
    learner.do_quickly(COURSE.step("6.3").solution)
    assert learner.check().passed
    for step in COURSE.steps():
        if step.fault is None:
            continue
        first = learner.check().first_unmet
        assert first is not None
        assert (first.code, learner_at(learner)) == ("environment.begun", step.id)
        with open_context(learner.root) as context:
            news = next_lesson(context).news
        assert {step.fault.about, BACKED_UP} <= set(news)
        assert not learner.check().passed
        learner.do_quickly(step.solution)
        verdict = learner.check(step.solution.answers)
        assert verdict.passed, told(verdict)


def learner_at(learner: Learner) -> str:
    """Return the step that the learner is in."""
    with open_context(learner.root, reading=True) as context:
        return context.progress.current


@pytest.mark.xdist_group("7.1")
def test_doctor_names_the_revision_whose_schema_is_there(learner: Learner) -> None:
    learner.go_to_start("7.1")
    (lost,) = errors(learner)
    assert "no table alembic_version" in lost.detail
    assert f"`python -m alembic stamp {HEAD}`" in lost.fix
    learner.run("python -m alembic stamp base")
    (lost,) = errors(learner)
    assert "alembic_version has no row" in lost.detail
    learner.run('tutor psql -c "ALTER TABLE products DROP COLUMN discount_percent"')
    (lost,) = errors(learner)
    assert "stamp REVISION`" in lost.fix


@pytest.mark.xdist_group("7.2")
def test_a_made_up_revision_may_help_but_not_stay(learner: Learner) -> None:
    learner.go_to_start("7.2")
    made_up = COURSE.step("7.2").mistakes["made_up"]
    learner.lay(made_up)
    first = learner.check().first_unmet
    assert first is not None
    assert first.code == "revision.leftover"
    assert "`python -m alembic downgrade -1`, then delete the file" in first.next
    learner.run("python -m alembic downgrade -1")
    first = learner.check().first_unmet
    assert first is not None
    assert first.next.startswith("Delete the file")
    for name in made_up.files:
        (learner.root / name).unlink()
    verdict = learner.check()
    assert verdict.passed, told(verdict)


@pytest.mark.xdist_group("7.4")
def test_a_server_that_asks_for_no_password_is_found(learner: Learner) -> None:
    learner.go_to_start("7.4")
    learner.do_quickly(COURSE.step("7.4").solution)
    with open_context(learner.root) as context:
        rules = context.server.folders[0] / "pg_hba.conf"
        was = rules.read_bytes()
        rules.write_bytes(b"host all all 127.0.0.1/32 trust\n" + was)
        reload_rules(context)
    try:
        first = learner.check().first_unmet
        assert first is not None
        assert first.code == "environment.password"
        assert "with any password" in first.summary
        (found,) = errors(learner)
        assert found.what == "password"
    finally:
        rules.write_bytes(was)
        with open_context(learner.root) as context:
            reload_rules(context)
    verdict = learner.check(COURSE.step("7.4").solution.answers)
    assert verdict.passed, told(verdict)


def reload_rules(context: Context) -> None:
    """Let the server read pg_hba.conf again, and wait until it has."""
    with context.server.maintenance() as connection:
        connection.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)


@pytest.mark.xdist_group("7.4")
@pytest.mark.parametrize("way_out", ["doctor --fix-env", "reset --yes", "goto 7.4 --yes"])
def test_a_password_that_was_changed_in_the_database_comes_back(
    way_out: str, learner: Learner
) -> None:
    learner.go_to_start("7.4")
    learner.do_quickly(COURSE.step("7.4").mistakes["password_changed"])
    (found,) = errors(learner)
    assert found.what == "password"
    assert learner.shell('tutor psql -c "SELECT 1"').returncode != 0
    learner.run(f"tutor {way_out}")
    learner.run('tutor psql -c "SELECT 1"')
    assert "password" not in {item.what for item in errors(learner)}
    learner.moved_on()


@pytest.mark.xdist_group("7.4")
def test_the_tutor_finds_the_server_where_env_does_not(learner: Learner) -> None:
    learner.go_to_start("7.4")
    for line in ("next", "status", "list", "history", "schema", "hint", "undo --list", "stop"):
        learner.run(f"tutor {line}")
    learner.run('tutor psql -c "SELECT count(*) FROM products"')
    env = (learner.root / ".env").read_text(encoding="utf-8")
    assert "DB_PORT=5431" in env, "a restart of the server follows no port that is a fault"
    (learner.root / ".env").write_text("SECRET_KEY=mine\n" + env, encoding="utf-8")
    learner.run("tutor goto 6.3 --yes")
    env = (learner.root / ".env").read_text(encoding="utf-8")
    assert "SECRET_KEY=mine" in env, "what is the learner's own stays in .env"
    learner.run("python -m alembic current")
    learner.moved_on()


@pytest.mark.xdist_group("7.3")
def test_an_env_that_was_wrong_before_the_step_gets_the_step_s_fault_only(
    learner: Learner,
) -> None:
    learner.go_to_start("7.3")
    learner.do_quickly(COURSE.step("7.3").solution)
    assert learner.check().passed
    (learner.root / ".env").unlink()
    with open_context(learner.root) as context:
        next_lesson(context)
    assert "DB_PORT=5431" in (learner.root / ".env").read_text(encoding="utf-8")
    learner.do_quickly(COURSE.step("7.4").solution)
    verdict = learner.check(COURSE.step("7.4").solution.answers)
    assert verdict.passed, told(verdict)
