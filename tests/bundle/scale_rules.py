"""The quality scale: every rule answered, every answer proven."""

import ast
from collections.abc import Iterator
from pathlib import Path

from scripts.quality_page import TIERS
from tests.bundle.room import Room

ALL = " ".join(TIERS.values()).split()
# What does not apply, and to whom; everybody where no one is named.
EXEMPT = {
    "docs-conditions": "",
    "docs-triggers": "",
    "discovery": "htrest nibe_rest thinknx victron_vrm",
    "discovery-update-info": "htrest nibe_rest thinknx victron_vrm",
}
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
SKIPS = {"skip", "skipif", "xfail", "importorskip"}


def rules_answered(room: Room) -> Iterator[str]:
    """Every rule of the scale is there, and no other."""
    rules = room.yaml("quality_scale.yaml").get("rules") or {}
    where = f"{room.domain}/quality_scale.yaml"
    yield from (f"{where}: rule {rule} is missing" for rule in ALL if rule not in rules)
    yield from (f"{where}: no such rule: {rule}" for rule in rules if rule not in ALL)


def answers_proven(room: Room) -> Iterator[str]:
    """A rule is done, with a test that proves it, or exempt, with a reason, where that may be."""
    for rule, answer in (room.yaml("quality_scale.yaml").get("rules") or {}).items():
        where = f"{room.domain}/quality_scale.yaml: {rule}"
        if not isinstance(answer, dict):
            yield f"{where}: write status and evidence (or comment) below it, not '{answer}'"
            continue
        if extra := set(answer) - {"status", "comment", "evidence"}:
            yield f"{where}: unknown keys {sorted(extra)}"
        match answer.get("status"):
            case "exempt":
                if not str(answer.get("comment") or "").strip():
                    yield f"{where}: exempt without a comment"
                if not may_be_exempt(room, rule):
                    yield f"{where}: {room.domain} is not exempt from this"
            case "done":
                evidence = answer.get("evidence") or []
                proofs = [evidence] if isinstance(evidence, str) else evidence
                if not any("::" in proof for proof in proofs):
                    yield f"{where}: done without evidence that runs: no test"
                for proof in proofs:
                    if problem := _missing(room.house, proof):
                        yield f"{where}: {problem}"
            case other:
                yield f"{where}: status is {other!r}, not done or exempt"


def may_be_exempt(room: Room, rule: str) -> bool:
    """Return whether a rule does not apply to an integration."""
    if rule == "dependency-transparency":
        return not room.manifest.get("requirements")
    return rule in EXEMPT and room.domain in (EXEMPT[rule].split() or [room.domain])


def _missing(house: Path, proof: str) -> str | None:
    """Return what is wrong with "path", "path::test" or "path#Heading"."""
    path, _, test = proof.partition("::")
    path, _, heading = path.partition("#")
    file = house / path
    if ".." in Path(path).parts or not file.exists():
        return f"{path} does not exist"
    if test:
        found = tests_in(file)
        name = test.split("[", 1)[0]
        if name not in found:
            return f"{path} has no function {test}"
        if found[name]:
            return f"{path}::{name} may be skipped"
    if heading and not any(
        line.startswith("#") and line.lstrip("# ").strip() == heading
        for line in file.read_text(encoding="utf-8").splitlines()
    ):
        return f"{path} has no heading '{heading}'"
    if file.suffix == ".py" and file.name.startswith("test_") and not test:
        return f"{path}: name the test function after ::"
    return None


def tests_in(path: Path) -> dict[str, bool]:
    """Return the test functions of a module, those of classes as Class::test, and who may be skipped."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    outside = [node for node in tree.body if not isinstance(node, ast.ClassDef | FUNCTION)]
    skipped = any(_skips(node) for node in outside)
    found = {node.name: skipped or _skips(node) for node in _tests(tree)}
    for cls in tree.body:
        if isinstance(cls, ast.ClassDef):
            marked = skipped or any(_skips(node) for node in cls.decorator_list)
            found |= {f"{cls.name}::{node.name}": marked or _skips(node) for node in _tests(cls)}
    return found


def _tests(body: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in body.body:
        if isinstance(node, FUNCTION) and node.name.startswith("test_"):
            yield node


def _skips(tree: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in SKIPS
        and ast.unparse(node).startswith("pytest.")
        for node in ast.walk(tree)
    )
