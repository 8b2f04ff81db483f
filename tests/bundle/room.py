"""One folder under custom_components, as the rules read it."""

import ast
from collections.abc import Iterator
from functools import cached_property
import json
from pathlib import Path
import re
import tomllib
from typing import Any

import pytest
import yaml

HOUSE = Path(__file__).parents[2]
LANGUAGES = ("de", "en", "it", "nl", "sv")
PLACEHOLDER = re.compile(r"\{(\w+)\}")

type Texts = dict[tuple[str, ...], str]


def found_rooms(house: Path = HOUSE) -> list[str]:
    """Return the domains of all integrations of a house."""
    return sorted(path.parent.name for path in house.glob("custom_components/*/__init__.py"))


def owner_of(house: Path) -> str:
    """Return the owner's name, which stands in pyproject.toml and nowhere else."""
    project = tomllib.loads((house / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["tool"]["hearthlink"]["owner"])


def version_of(house: Path) -> str:
    """Return the version of the bundle."""
    project = tomllib.loads((house / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def flatten(tree: Any, path: tuple[str, ...] = ()) -> Texts:
    """Return the leaves of a nested dict by their path."""
    if not isinstance(tree, dict):
        return {path: tree}
    return {
        key: text
        for name, branch in tree.items()
        for key, text in flatten(branch, (*path, name)).items()
    }


def placeholders(text: str) -> set[str]:
    """Return the names in braces of a text."""
    return set(PLACEHOLDER.findall(text))


class Room:
    """An integration's folder: its files, parsed once."""

    def __init__(self, path: Path) -> None:
        """Keep the folder."""
        self.path = path
        self.domain = path.name
        self.house = path.parents[1]

    def text(self, name: str) -> str:
        """Return a file's text; a missing file ends the test with a readable line."""
        path = self.path / name
        if not path.is_file():
            pytest.fail(f"{self.domain}/{name}: missing", pytrace=False)
        return path.read_text(encoding="utf-8")

    def json(self, name: str) -> Any:
        """Return a JSON file's content."""
        try:
            return json.loads(self.text(name))
        except ValueError as err:
            pytest.fail(f"{self.domain}/{name}: {err}", pytrace=False)

    def yaml(self, name: str) -> Any:
        """Return a YAML file's content."""
        try:
            return yaml.safe_load(self.text(name)) or {}
        except yaml.YAMLError as err:
            pytest.fail(f"{self.domain}/{name}: {err}", pytrace=False)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Return the manifest."""
        return dict(self.json("manifest.json"))

    @cached_property
    def english(self) -> dict[str, Any]:
        """Return the English texts."""
        return dict(self.json("translations/en.json"))

    @cached_property
    def services(self) -> dict[str, Any]:
        """Return the actions of services.yaml, none where there is no such file."""
        return dict(self.yaml("services.yaml")) if (self.path / "services.yaml").exists() else {}

    @cached_property
    def modules(self) -> dict[str, ast.Module]:
        """Return the parsed modules by file name."""
        found = {}
        for path in sorted(self.path.rglob("*.py")):
            name = path.relative_to(self.path).as_posix()
            try:
                found[name] = ast.parse(path.read_text(encoding="utf-8"))
            except SyntaxError as err:
                pytest.fail(f"{self.domain}/{name}:{err.lineno}: {err.msg}", pytrace=False)
        return found

    @cached_property
    def literals(self) -> dict[str, set[str]]:
        """Return the string constants of each module, docstrings left out."""
        found: dict[str, set[str]] = {}
        for name, tree in self.modules.items():
            loose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            found[name] = {
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in loose
            }
            found[name] |= {
                target.id.lower()
                for node in ast.walk(tree)
                if isinstance(node, ast.Assign) and called(node.value) == "auto"
                for target in node.targets
                if isinstance(target, ast.Name)
            }
        return found

    def nodes[N: ast.AST](self, kind: type[N]) -> Iterator[tuple[str, N]]:
        """Yield each node of a kind with the name of its module."""
        for name, tree in self.modules.items():
            for node in ast.walk(tree):
                if isinstance(node, kind):
                    yield name, node

    def at(self, module: str, node: ast.AST | None = None) -> str:
        """Return where something stands, for a message."""
        line = f":{node.lineno}" if isinstance(node, ast.expr | ast.stmt) else ""
        return f"{self.domain}/{module}{line}"


def called(node: ast.AST) -> str:
    """Return the last name of a call's function, nothing for all else."""
    if not isinstance(node, ast.Call):
        return ""
    return last_name(node.func)


def last_name(node: ast.AST) -> str:
    """Return the last part of a dotted name."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value):
            return last_name(value)
    return ""


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return the value of a call's keyword."""
    return next((word.value for word in call.keywords if word.arg == name), None)
