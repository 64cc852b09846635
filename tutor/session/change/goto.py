"""Go to a step's start, built from the references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.session.change.build import build
from tutor.session.change.swap import BACKED_UP, Change, begin_step, swap_in

if TYPE_CHECKING:
    from tutor.session.context import Context


def goto(context: Context, step_id: str) -> Change:
    """Build a step's start from the references and go there."""
    step = context.course.step(step_id)
    healthy = build(context, step_id, context.sound_env())
    built, progress = begin_step(context, step, healthy)
    clients = swap_in(context, built, progress, f"`tutor goto {step_id}`")
    return Change(
        step_id,
        (
            f"You are at the start of step {step_id}: {step.title}. Files and database were built "
            f"from the reference solutions. `tutor next` shows the lesson.",
            *((step.fault.about,) if step.fault else ()),
            BACKED_UP,
            *clients,
        ),
    )
