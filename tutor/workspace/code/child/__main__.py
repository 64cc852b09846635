"""Start the child: `python -X utf8 PATH/child MODE`, with the workspace as current folder."""

import gc
import importlib.util
import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
# A name that no file of the learner's has; `tutor` itself need not be importable here.
NAME = "_alembic_tutor_child"


def main() -> None:
    """Run the mode that the first argument names: `commands` or `app`."""
    # Python put this folder first. The workspace takes its place once the mode has imported what
    # it needs: no file of the learner's can be taken for a library until then.
    away = (HERE, Path.cwd())
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() not in away]
    spec = importlib.util.spec_from_file_location(
        NAME, HERE / "__init__.py", submodule_search_locations=[str(HERE)]
    )
    assert spec is not None  # noqa: S101 - a path that ends in .py always has one
    # Nothing that is imported becomes garbage: looking for some takes a fifth of the start.
    gc.disable()
    sys.modules[NAME] = importlib.util.module_from_spec(spec)
    import_module(f"{NAME}.{sys.argv[1]}").main()


main()
