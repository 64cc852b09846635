"""The graph of revisions: branches, merges, depends_on."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.workspace.revision_graph import RevisionGraph


@dataclass(frozen=True)
class Revision:
    id: str
    down: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()


BRANCHED = RevisionGraph.of(
    [
        Revision("base"),
        Revision("left", ("base",)),
        Revision("right", ("base",)),
        Revision("merge", ("left", "right")),
        Revision("other base"),
        Revision("needs left", ("other base",), depends_on=("left",)),
    ]
)


def test_heads_are_the_revisions_that_no_other_revises() -> None:
    assert BRANCHED.heads == ("merge", "needs left")


def test_a_lineage_goes_through_both_sides_of_a_merge_and_through_depends_on() -> None:
    assert BRANCHED.lineage(["merge"]) == {"merge", "left", "right", "base"}
    assert BRANCHED.lineage(["needs left"]) == {"needs left", "other base", "left", "base"}
    assert BRANCHED.lineage(["unknown"]) == set()
    assert BRANCHED.ancestors("left") == {"base"}


def test_what_is_not_applied_comes_after_what_it_needs() -> None:
    waiting = [revision.id for revision in BRANCHED.after(["left"])]
    assert set(waiting) == {"right", "merge", "other base", "needs left"}
    assert waiting.index("right") < waiting.index("merge")
    assert waiting.index("other base") < waiting.index("needs left")


def test_the_revisions_after_one_are_its_branches() -> None:
    assert BRANCHED.following("base") == ("left", "right")


def test_a_circle_is_no_reason_to_hang() -> None:
    circle = RevisionGraph.of([Revision("a", ("b",)), Revision("b", ("a",))])
    assert circle.lineage(["a"]) == {"a", "b"}
    assert [revision.id for revision in circle.after([])] == ["a", "b"]
