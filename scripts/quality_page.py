#!/usr/bin/env python3
"""Write docs/quality.md: what proves each rule of the quality scale, for each integration.

    .venv/bin/python scripts/quality_page.py

A test holds the page to what this would write.
"""

import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
PAGE = Path("docs", "quality.md")
SCALE = "https://developers.home-assistant.io/docs/core/integration-quality-scale"
TIERS = {
    "Bronze": """
        action-setup appropriate-polling brands common-modules config-flow
        config-flow-test-coverage dependency-transparency docs-actions docs-conditions
        docs-high-level-description docs-installation-instructions docs-removal-instructions
        docs-triggers entity-event-setup entity-unique-id has-entity-name runtime-data
        test-before-configure test-before-setup unique-config-entry
    """,
    "Silver": """
        action-exceptions config-entry-unloading docs-configuration-parameters
        docs-installation-parameters entity-unavailable integration-owner log-when-unavailable
        parallel-updates reauthentication-flow test-coverage
    """,
    "Gold": """
        devices diagnostics discovery discovery-update-info docs-data-update docs-examples
        docs-known-limitations docs-supported-devices docs-supported-functions
        docs-troubleshooting docs-use-cases dynamic-devices entity-category entity-device-class
        entity-disabled-by-default entity-translations exception-translations icon-translations
        reconfiguration-flow repair-issues stale-devices
    """,
    "Platinum": "async-dependency inject-websession strict-typing",
}
HEAD = f"""# Quality, rule by rule

Home Assistant grades its own integrations by a [scale of 54 rules]({SCALE}), from Bronze to Platinum.
Nobody grades custom integrations. So each of ours carries its evidence in `quality_scale.yaml`, and a test
makes sure that every rule is answered, that every *done* names a test that exists and is never skipped,
and that *exempt* stands only where a rule has nothing to apply to.

All five integrations meet **every rule that applies to them, Platinum included**.

**One deliberate deviation.** The scale wants an integration to choose its own polling interval
(*appropriate-polling*). Ours do, and each still has an option for it: there are heat pumps at slow serial
lines, clouds with limits and houses with two hundred values, and their owners know best. The limits of each
option keep the device safe. So that the state is never older than an owner believes, each page says what is
read how often.

This page is written by `scripts/quality_page.py`. *done* leads to the first test that proves it, whose name
shows when you point at it.
"""


def rooms(root: Path) -> dict[str, dict[str, Any]]:
    """Return the answers of each integration, under its name."""
    found = {}
    for path in sorted(root.glob("custom_components/*/quality_scale.yaml")):
        manifest = json.loads((path.parent / "manifest.json").read_text(encoding="utf-8"))
        rules = yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
        found[str(manifest["name"])] = dict(rules)
    return found


def page(root: Path) -> str:
    """Return the text of the page."""
    answers = rooms(root)
    notes: dict[str, int] = {}
    lines = [HEAD]
    for tier, rules in TIERS.items():
        lines += [
            f"## {tier}",
            "",
            f"| rule | {' | '.join(answers)} |",
            "|---" * (len(answers) + 1) + "|",
        ]
        for rule in rules.split():
            cells = [_cell(answer[rule], notes) for answer in answers.values()]
            lines.append(f"| [{rule}]({SCALE}/rules/{rule}) | {' | '.join(cells)} |")
        lines.append("")
    reasons = [f"{number}. {reason}" for reason, number in notes.items()]
    return "\n".join([*lines, "## Why exempt", "", *reasons, ""])


def _cell(answer: dict[str, Any], notes: dict[str, int]) -> str:
    """Return the proof of a rule, or the number of the reason why it needs none."""
    if answer["status"] == "exempt":
        return f"exempt ({notes.setdefault(answer['comment'], len(notes) + 1)})"
    evidence = answer["evidence"]
    proofs = [evidence] if isinstance(evidence, str) else evidence
    path, test = next(proof.split("::") for proof in proofs if "::" in proof)
    chapters = [
        f"[page]({Path(page).name}#{heading.lower().replace(' ', '-')})"
        for page, _, heading in (proof.partition("#") for proof in proofs)
        if heading
    ]
    return ", ".join([f'[done](../{path} "{test}")', *chapters[:1]])


if __name__ == "__main__":
    (ROOT / PAGE).write_text(page(ROOT), encoding="utf-8")
