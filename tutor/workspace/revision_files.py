"""Facts about the files in `migrations/versions/`, read without running them.

A file that does not parse is a fact too, not an exception: the learner may be in the middle of it.
"""

from __future__ import annotations

import ast
import hashlib
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.workspace.revision_graph import RevisionGraph
from tutor.workspace.template import VERSIONS, is_managed

if TYPE_CHECKING:
    from collections.abc import Mapping

# Operations whose first argument is the name of a constraint or an index.
_NAMED = {
    "create_check_constraint",
    "create_exclude_constraint",
    "create_foreign_key",
    "create_primary_key",
    "create_unique_constraint",
    "drop_constraint",
}


@dataclass(frozen=True)
class Unnamed:
    """A call such as `op.drop_constraint(None, …)`: the operation, its function, its line."""

    operation: str
    function: str
    line: int


@dataclass(frozen=True)
class RevisionFile:
    """One revision file. `path` is relative to the workspace, POSIX style.

    `error` and `line` say why and where it does not parse; all else is then empty. `revision` is
    None where the file does not assign it. `digest` stays the same when only comments, docstrings
    or the layout change.
    """

    path: str
    revision: str | None = None
    down: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    message: str = ""
    unnamed: tuple[Unnamed, ...] = ()
    imports_models: bool = False
    digest: str | None = None
    error: str | None = None
    line: int | None = None

    @property
    def id(self) -> str:
        """The revision's id, as the graph of revisions takes it; "" where the file has none."""
        return self.revision or ""

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.rpartition("/")[2]


def read_revision_files(files: Mapping[str, bytes]) -> list[RevisionFile]:
    """Return the facts about every revision file among the managed files, by path."""
    return [
        read_revision_file(path, files[path])
        for path in sorted(files)
        if path.startswith(f"{VERSIONS}/") and is_managed(path)
    ]


def read_graph(files: Mapping[str, bytes]) -> RevisionGraph[RevisionFile]:
    """Return the graph of the revision files that assign an id, as their text tells it."""
    return RevisionGraph.of(file for file in read_revision_files(files) if file.revision)


def read_revision_file(path: str, source: bytes) -> RevisionFile:
    """Return the facts about one revision file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape sequence is not our business
            tree = ast.parse(source)
    except SyntaxError as error:
        return RevisionFile(path, error=f"SyntaxError: {error.msg}", line=error.lineno)
    except (ValueError, RecursionError, MemoryError) as error:  # null bytes; far too deep
        return RevisionFile(path, error=f"{type(error).__name__}: {error}")
    message = (ast.get_docstring(tree) or "").partition("\n")[0].strip()
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    revision = _assigned(tree, "revision")
    unnamed = tuple(
        Unnamed(operation, name, line)
        for name, function in functions.items()
        for operation, line in _unnamed_calls(function)
    )
    return RevisionFile(
        path,
        revision=revision if isinstance(revision, str) else None,
        down=_identifiers(_assigned(tree, "down_revision")),
        depends_on=_identifiers(_assigned(tree, "depends_on")),
        message=message,
        unnamed=unnamed,
        imports_models=_imports(tree, "models"),
        digest=_digest(tree),
    )


def _imports(tree: ast.Module, module: str) -> bool:
    """Tell whether the file imports a module, or something from it, wherever in it."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module)
    return any(name.partition(".")[0] == module for name in names)


def _assigned(tree: ast.Module, name: str) -> object:
    """Return the literal that the module assigns to a name last; None where there is none."""
    found: object = None
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            value = getattr(node, "value", None)
            try:
                found = None if value is None else ast.literal_eval(value)
            except ValueError:  # computed: only running it would tell
                found = None
    return found


def _identifiers(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, (tuple, list, set)):
        return tuple(entry for entry in value if isinstance(entry, str))
    return ()


def _unnamed_calls(function: ast.FunctionDef) -> list[tuple[str, int]]:
    """Return (operation, line) of the calls that leave a constraint without a name."""
    return [
        (node.func.attr, node.lineno)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _NAMED
        and _is_none(_name_argument(node))
    ]


def _name_argument(call: ast.Call) -> ast.expr | None:
    if call.args:
        return call.args[0]
    return next((word.value for word in call.keywords if word.arg == "constraint_name"), None)


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _digest(tree: ast.Module) -> str:
    """Return a digest of what the file does: its code, printed anew without docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:] or [ast.Pass()]
    return hashlib.sha256(ast.unparse(tree).encode(errors="surrogatepass")).hexdigest()
