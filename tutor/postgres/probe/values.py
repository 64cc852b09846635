"""Values for probe rows: of the right type, not there yet, and of the shape that is usual there."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from itertools import count, islice
from typing import TYPE_CHECKING

from tutor.errors import CannotActError

if TYPE_CHECKING:
    from collections.abc import Sequence

# No real row is older: dates and times of day are made up from here on.
FIRST_DAY = date(2000, 1, 1)
SECONDS_A_DAY = 86_400


def bare_type(printed: str) -> str:
    """Return a type without its length or precision: a cast to it neither cuts nor rounds.

    `printed` is what the catalog says, such as "character varying(64)" or "numeric(10,2)[]".
    """
    bare = re.sub(r"\([^)]*\)", "", printed)
    # By their plain names these two mean a length of one.
    return re.sub(r"^character(?=$|\[)", "bpchar", re.sub(r"^bit(?=$|\[)", '"bit"', bare))


def fresh_values(
    printed: str, present: Collection[str], labels: Sequence[str], number: int
) -> list[str]:
    """Return `number` different values of a type, as text, none of which is `present`.

    `labels` are those of an enum type, else empty. Raises CannotActError where the type has not
    that many values, or is one that the tutor cannot make up.
    """
    taken = {value.casefold() for value in present}  # an index may be on lower(…)
    new = (
        value for value in _candidates(printed, present, labels) if value.casefold() not in taken
    )
    found = list(islice(new, number))
    if len(found) < number:
        raise CannotActError(f"The tutor cannot make up {number} new values of the type {printed}.")
    return found


def _candidates(printed: str, present: Collection[str], labels: Sequence[str]) -> Iterator[str]:
    """Yield values of a type; some may be present."""
    if labels:
        return iter(labels)
    if printed.endswith("[]"):
        return ("{" + _quoted(item) + "}" for item in _candidates(printed[:-2], (), ()))
    make = MAKERS.get(bare_type(printed))
    return make(printed, present) if make else iter(())


def _whole_numbers(_: str, present: Collection[str]) -> Iterator[str]:
    return map(str, count(max((int(value) for value in present), default=0) + 1))


def _small_numbers(_: str, __: Collection[str]) -> Iterator[str]:
    """Count from 1, so that any precision holds them."""
    return map(str, count(1))


def _texts(printed: str, present: Collection[str]) -> Iterator[str]:
    """Vary a text that is there, which a CHECK on its form lets through; else number one."""
    if present:
        yield from _variants(min(present))
    length = re.search(r"\((\d+)\)", printed)
    room = int(length[1]) if length else None
    for number in count(1):
        text = f"tutor {number}"
        yield text if room is None else text[-room:]
        if room is not None and len(str(number)) > room:
            return


def _variants(text: str) -> Iterator[str]:
    """Count up through texts of the same shape: SKU-009, SKU-010 … SKU-999, SKV-000 …"""
    signs = list(text)
    while True:
        for place in reversed(range(len(signs))):
            following = _next_sign(signs[place])
            if following is None:
                continue
            first = signs[place] in "9zZ"
            signs[place] = following
            if not first:
                break
        else:  # every sign went round: all have been seen
            return
        yield "".join(signs)


def _next_sign(sign: str) -> str | None:
    """Return the next digit or letter of the same case, from the last one back to the first."""
    if sign in "0123456789":
        return str((int(sign) + 1) % 10)
    if "a" <= sign <= "z":
        return "a" if sign == "z" else chr(ord(sign) + 1)
    if "A" <= sign <= "Z":
        return "A" if sign == "Z" else chr(ord(sign) + 1)
    return None


def _days(_: str, present: Collection[str]) -> Iterator[str]:
    """Yield days, as dates or timestamps, after the last one that is there."""
    known = [date.fromisoformat(text[:10]) for text in present if re.match(r"\d{4}-\d\d-", text)]
    last = max(known, default=FIRST_DAY)
    return ((last + timedelta(days=step)).isoformat() for step in count(1))


def _times(_: str, __: Collection[str]) -> Iterator[str]:
    return (
        f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        for second in range(SECONDS_A_DAY)
    )


def _booleans(_: str, __: Collection[str]) -> Iterator[str]:
    return iter(("true", "false"))


def _uuids(_: str, __: Collection[str]) -> Iterator[str]:
    return (str(uuid.uuid4()) for _ in count())


def _numbered(pattern: str) -> Maker:
    """Return a maker that puts the numbers from 1 into a format string."""
    return lambda _, __: (pattern.format(value) for value in count(1))


def _quoted(item: str) -> str:
    """Quote one element of an array's text."""
    return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'


# From a type as printed, and the values that are there, to values that may be new.
Maker = Callable[[str, Collection[str]], Iterator[str]]

MAKERS: dict[str, Maker] = {
    **dict.fromkeys(("smallint", "integer", "bigint", "oid"), _whole_numbers),
    **dict.fromkeys(("numeric", "real", "double precision", "money"), _small_numbers),
    **dict.fromkeys(("text", "character varying", "bpchar", "citext", "name"), _texts),
    **dict.fromkeys(
        ("date", "timestamp without time zone", "timestamp with time zone"),
        _days,
    ),
    **dict.fromkeys(("time without time zone", "time with time zone"), _times),
    **dict.fromkeys(("json", "jsonb"), _numbered('{{"tutor": {}}}')),
    **dict.fromkeys(("inet", "cidr"), _numbered("::{:x}")),
    "boolean": _booleans,
    "uuid": _uuids,
    "bytea": _numbered(r"\x{:08x}"),
    "interval": _numbered("{} days"),
}
