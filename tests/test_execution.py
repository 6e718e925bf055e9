"""Nothing that a visitor brings can run: no part of the app has a way to execute what it reads.

A model's file, for one, can hold code; ours are written, never read. What Dask sends between the server and
its workers is code by its nature; only these have the certificates.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = {"pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "code", "runpy"}
FUNCTIONS = {"eval", "exec", "compile", "__import__"}
METHODS = {"load_model", "model_from_json", "from_config", "read_pickle", "query", "system", "popen"}
"""Of any object: of Keras' loaders, of pandas' and of the system's."""
KNOWN = {"ScriptDirectory"}
"""Whose methods of these names read nothing but our own: Alembic's, the migrations beside it."""
SOURCES = sorted([ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "components").rglob("*.py")])


def dangers(tree: ast.AST) -> Iterator[str]:
    """Yield what in a module could run what it is given."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names if alias.name.partition(".")[0] in MODULES)
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in MODULES:
                yield module
            case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
                yield name
            case ast.Call(func=ast.Attribute(attr=name, value=value), keywords=keywords):
                given = {one.arg: ast.unparse(one.value) for one in keywords}
                if (name in METHODS and ast.unparse(value) not in KNOWN) or given.get("shell") == "True":
                    yield name
                if (ast.unparse(value), name) == ("np", "load") and given.get("allow_pickle") != "False":
                    yield "np.load"


def test_nothing_is_executed() -> None:
    found = {str(path.relative_to(ROOT)): list(dangers(ast.parse(path.read_text()))) for path in SOURCES}
    assert not {path: names for path, names in found.items() if names}
    assert len(found) > 400


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "from joblib import load",
        "eval(text)",
        "keras.saving.load_model(path)",
        "np.load(path)",
        "np.load(path, allow_pickle=True)",
        "frame.query(text)",
        "subprocess.run(text, shell=True)",
    ],
)
def test_what_could_be_is_told(text: str) -> None:
    assert list(dangers(ast.parse(text)))
