"""Every rule fails when it is broken: one change to the sample, one expected complaint."""

from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType

import pytest

from tests.bundle import (
    blueprint_rules,
    code_rules,
    docs_rules,
    entity_rules,
    file_rules,
    flow_rules,
    house_rules,
    scale_rules,
    text_rules,
    use_rules,
    word_rules,
)
from tests.bundle.breaks import BREAKS, HOUSE_BREAKS, Break
from tests.bundle.room import Room
from tests.bundle.sample import Sample

ROOM_RULES = (
    scale_rules,
    code_rules,
    text_rules,
    use_rules,
    entity_rules,
    flow_rules,
    file_rules,
    docs_rules,
    word_rules,
)


def rules_in(module: ModuleType) -> dict[str, Callable[[Room], Iterable[str]]]:
    """Return the rules of a module, each with a test of its name in its test module."""
    return {
        name: rule
        for name, rule in vars(module).items()
        if getattr(rule, "__module__", "") == module.__name__
        and getattr(rule, "__annotations__", {}).get("return") is not None
        and not name.startswith("_")
        and list(rule.__annotations__) == ["room", "return"]
        and "Iterator[str]" in str(rule.__annotations__["return"])
    }


RULES = {name: rule for module in ROOM_RULES for name, rule in rules_in(module).items()}


@pytest.mark.parametrize("case", BREAKS, ids=lambda case: f"{case.rule}: {case.says}")
def test_rule_bites(case: Break, sample: Sample) -> None:
    """The rule complains about the change, and only with readable lines."""
    sample.replace(case.file, case.old, case.new)
    problems = list(RULES[case.rule](sample.room))
    assert any(case.says in problem for problem in problems), problems
    assert all(": " in problem for problem in problems)


def test_every_rule_is_tried_and_run() -> None:
    """No rule without a case above, and none that no test runs."""
    tried = {case.rule for case in BREAKS}
    sources = "".join(p.read_text("utf-8") for p in Path(__file__).parent.glob("test_*.py"))
    assert len(RULES) > 40
    assert sorted(RULES.keys() - tried) == []
    assert [name for name in RULES if f"holds(rules.{name}(room))" not in sources] == []


BLUEPRINT = "/blueprints/automation/kettle/whistle.yaml"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("domain: automation", "domain: script", "incorrect blueprint type"),
        ("  name: Whistle in the evening\n", "", "name"),
        ("  description: Lets the kettle whistle.\n", "", "no description"),
        ("hearthlink/hearthlink", "somebody/hearthlink", "source_url is not"),
        ("author: hearthlink", "author: somebody", "author is not"),
        ("2026.10.0", "2024.1.0", "min_version"),
        ("at: !input hour", "at: '8:00'", "hour is never used"),
        ("!input hour", "!input minute", "Missing input definition"),
        ("      name: Time\n", "", "hour has no name"),
        ("kettle.whistle", "kettle.sing", "no action kettle.sing"),
        ("time:\n", "tyme:\n", "tyme"),
    ],
)
def test_blueprint_rule_bites(sample: Sample, old: str, new: str, says: str) -> None:
    """The rule complains about a broken blueprint."""
    sample.replace(BLUEPRINT, old, new)
    problems = list(blueprint_rules.blueprint_sound(sample.house, sample.house / BLUEPRINT[1:]))
    assert any(says in problem for problem in problems), problems


def test_blueprint_of_nobody(sample: Sample) -> None:
    """A blueprint belongs to an integration of the house."""
    sample.write("blueprints/automation/pot/whistle.yaml", "{}")
    path = sample.house / "blueprints/automation/pot/whistle.yaml"
    problems = list(blueprint_rules.blueprint_sound(sample.house, path))
    assert "no integration of this name" in problems[0]


@pytest.mark.parametrize("case", HOUSE_BREAKS, ids=lambda case: f"{case.rule}: {case.says}")
def test_house_rule_bites(case: Break, sample: Sample) -> None:
    """The rule accepts a good repository and complains about the change."""
    sample.complete()
    house = sample.house
    rule = getattr(house_rules, case.rule, None) or getattr(word_rules, case.rule)
    assert list(rule(house)) == []
    sample.replace(case.file, case.old, case.new)
    problems = list(rule(house))
    assert any(case.says in problem for problem in problems), problems


def test_missing_files_bite(sample: Sample) -> None:
    """Files that must be there are missed."""
    for name in ("diagnostics.py", "brand/icon@2x.png"):
        (sample.house / "custom_components/kettle" / name).unlink()
    assert list(code_rules.floor_plan(sample.room)) == ["kettle/diagnostics.py: missing"]
    assert list(file_rules.pictures_there(sample.room)) == ["kettle/brand/icon@2x.png: missing"]


def test_wrong_size_bites(sample: Sample) -> None:
    """An icon of the wrong size is seen."""
    folder = sample.house / "custom_components/kettle/brand"
    folder.joinpath("icon.png").write_bytes(folder.joinpath("icon@2x.png").read_bytes())
    (problem,) = file_rules.pictures_there(sample.room)
    assert problem == "kettle/brand/icon.png: 512 x 512, not 256 x 256"


def test_wrong_order_bites(sample: Sample) -> None:
    """Headings in another order are seen."""
    sample.replace("/docs/kettle.md", "## Options", "## Later")
    sample.replace("/docs/kettle.md", "## Setting up", "## Options")
    sample.replace("/docs/kettle.md", "## Later", "## Setting up")
    (problem,) = docs_rules.headings_in_order(sample.room)
    assert "not in the order" in problem


@pytest.mark.parametrize("name", ["icons.json", "translations/nl.json", "quality_scale.yaml"])
def test_unreadable_file_is_named(sample: Sample, name: str) -> None:
    """A file that is missing or broken ends the test with its name, not with a stack trace."""
    path = sample.house / "custom_components/kettle" / name
    path.write_text("{", encoding="utf-8")
    load = sample.room.yaml if name.endswith("yaml") else sample.room.json
    with pytest.raises(pytest.fail.Exception, match=name):
        load(name)
    path.unlink()
    with pytest.raises(pytest.fail.Exception, match=f"kettle/{name}: missing"):
        load(name)
