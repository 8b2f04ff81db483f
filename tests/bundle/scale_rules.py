"""The quality scale: every rule answered, every answer proven."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.bundle.room import Room

TIERS = {
    "bronze": """
        action-setup appropriate-polling brands common-modules config-flow
        config-flow-test-coverage dependency-transparency docs-actions docs-conditions
        docs-high-level-description docs-installation-instructions docs-removal-instructions
        docs-triggers entity-event-setup entity-unique-id has-entity-name runtime-data
        test-before-configure test-before-setup unique-config-entry
    """,
    "silver": """
        action-exceptions config-entry-unloading docs-configuration-parameters
        docs-installation-parameters entity-unavailable integration-owner log-when-unavailable
        parallel-updates reauthentication-flow test-coverage
    """,
    "gold": """
        devices diagnostics discovery discovery-update-info docs-data-update docs-examples
        docs-known-limitations docs-supported-devices docs-supported-functions
        docs-troubleshooting docs-use-cases dynamic-devices entity-category entity-device-class
        entity-disabled-by-default entity-translations exception-translations icon-translations
        reconfiguration-flow repair-issues stale-devices
    """,
    "platinum": "async-dependency inject-websession strict-typing",
}
ALL = " ".join(TIERS.values()).split()


def rules_answered(room: Room) -> Iterator[str]:
    """Every rule of the scale is there, and no other."""
    rules = room.yaml("quality_scale.yaml").get("rules") or {}
    where = f"{room.domain}/quality_scale.yaml"
    yield from (f"{where}: rule {rule} is missing" for rule in ALL if rule not in rules)
    yield from (f"{where}: no such rule: {rule}" for rule in rules if rule not in ALL)


def answers_proven(room: Room) -> Iterator[str]:
    """A rule is done, with evidence that exists, or exempt, with a reason."""
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
            case "done":
                evidence = answer.get("evidence") or []
                proofs = [evidence] if isinstance(evidence, str) else evidence
                if not proofs:
                    yield f"{where}: done without evidence"
                for proof in proofs:
                    if problem := _missing(room.house, proof):
                        yield f"{where}: {problem}"
            case other:
                yield f"{where}: status is {other!r}, not done or exempt"


def _missing(house: Path, proof: str) -> str | None:
    """Return what is wrong with "path", "path::test" or "path#Heading"."""
    path, _, test = proof.partition("::")
    path, _, heading = path.partition("#")
    file = house / path
    if ".." in Path(path).parts or not file.exists():
        return f"{path} does not exist"
    if test and test.split("[", 1)[0] not in tests_in(file):
        return f"{path} has no function {test}"
    if heading and not any(
        line.startswith("#") and line.lstrip("# ").strip() == heading
        for line in file.read_text(encoding="utf-8").splitlines()
    ):
        return f"{path} has no heading '{heading}'"
    if file.suffix == ".py" and file.name.startswith("test_") and not test:
        return f"{path}: name the test function after ::"
    return None


def tests_in(path: Path) -> set[str]:
    """Return the test functions of a module, those of classes as Class::test."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set(_tests(tree))
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{name}" for name in _tests(node)}
    return found


def _tests(body: ast.Module | ast.ClassDef) -> Iterator[str]:
    for node in body.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("test_"):
                yield node.name
