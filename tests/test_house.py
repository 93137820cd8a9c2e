"""The shape of the house: which module may import which, held by reading the imports."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = ("agent", "tools", "prompts", "starter")
HEAVY = {"torch", "transformers", "diffusers"}


def modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imports(path: Path, *, top_only: bool = False) -> set[str]:
    """Every dotted name that a file imports, `from a import b` as `a` and `a.b`."""
    tree = ast.parse(path.read_text())
    nodes = tree.body if top_only else list(ast.walk(tree))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def roots(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", modules("tools/backends"), ids=lambda p: p.name)
def test_backends_know_neither_langchain_nor_chainlit_nor_the_agent_nor_the_environment(path):
    assert not roots(imports(path)) & {"langchain", "langchain_core", "langgraph", "chainlit", "agent", "dotenv"}
    assert "os.environ" not in path.read_text() and "getenv" not in path.read_text()


@pytest.mark.parametrize("path", modules("tools"), ids=lambda p: p.name)
def test_tools_never_look_up_at_the_agent(path):
    assert "agent" not in roots(imports(path))


def test_backends_never_look_up_at_the_tools():
    for path in modules("tools/backends"):
        above = {name for name in imports(path) if name.startswith("tools") and not name.startswith("tools.backends")}
        assert above <= {"tools"}, path.name


def test_nothing_of_the_product_looks_into_the_tests_or_their_evaluation():
    beside = {path.stem for path in (ROOT / "tests").iterdir()} | {"tests"}
    for path in modules(*PRODUCT):
        assert not roots(imports(path)) & beside, path


PAGE = {ROOT / "agent/app.py", ROOT / "agent/turnview.py"}


def test_only_the_page_knows_chainlit_and_nobody_imports_the_page():
    for path in modules(*PRODUCT):
        names = imports(path)
        if path not in PAGE:
            assert "chainlit" not in roots(imports(path, top_only=True)) and "agent.turnview" not in names, path
        assert "agent.app" not in names, path


def test_only_settings_reads_the_environment():
    for path in modules("agent", "tools", "prompts"):
        if path.name in ("settings.py",):
            continue
        reads = [
            node
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call)
            and ast.unparse(node.func) in ("os.getenv", "os.environ.get")
            or isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Load)
            and ast.unparse(node.value) == "os.environ"
        ]
        assert not reads, f"{path}: {[ast.unparse(node) for node in reads]}"


SQL = {
    "database.py",
    "tables.py",
    "dialects.py",
    "nearest.py",
    "wordsearch.py",
    "vectorindex.py",
    "returning.py",
    "links.py",
}


def test_only_the_database_and_its_rooms_speak_sql_over_the_connection_that_only_one_file_opens():
    for path in modules("agent", "tools"):
        if path.name not in SQL | {"connection.py"}:
            assert "clickhouse_connect" not in roots(imports(path)), path
        if path.name not in SQL:
            text = path.read_text()
            assert "INSERT INTO" not in text and "CREATE TABLE" not in text and " FROM examples" not in text, path


@pytest.mark.parametrize("path", modules("agent", "tools"), ids=lambda p: p.name)
def test_torch_transformers_and_diffusers_are_imported_only_where_they_are_first_needed(path):
    assert not roots(imports(path, top_only=True)) & HEAVY


def test_every_package_is_listed_for_installation():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    found = {str(p.parent.relative_to(ROOT)).replace("/", ".") for p in modules(*PRODUCT) if p.name == "__init__.py"}
    assert set(listed) == found


def test_every_dependency_is_pinned_exactly():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if "==" in line and not line.startswith("#")
    }
    wanted = {name.lower() for name in project["dependencies"] + project["optional-dependencies"]["dev"]}
    assert wanted <= pinned
