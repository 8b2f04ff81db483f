"""A made-believe house with one integration, complete, to be broken by the tests."""

import json
from pathlib import Path
import shutil
from struct import pack
from typing import Any

from tests.bundle.docs_rules import HEADINGS
from tests.bundle.room import Room
from tests.bundle.scale_rules import ALL

KETTLE = Path(__file__).parent / "kettle"
FOLDER = "custom_components/kettle"
MANIFEST = {
    "domain": "kettle",
    "name": "Kettle",
    "codeowners": ["@hearthlink"],
    "config_flow": True,
    "dhcp": [{"macaddress": "001122*"}],
    "documentation": "https://github.com/hearthlink/hearthlink/blob/main/docs/kettle.md",
    "integration_type": "device",
    "iot_class": "local_polling",
    "issue_tracker": "https://github.com/hearthlink/hearthlink/issues",
    "requirements": ["PyNaCl>=1.5.0"],
    "version": "1.2.3",
}
CHAPTERS = {
    "Actions": "`kettle.whistle` takes `config_entry_id` and `tone`.",
    "Entities": "The mood is told by **Mood**, and **Water temperature** by another.",
    "Options": "Way of boiling",
    "Setting up": "Host",
    "Troubleshooting": (
        '"The kettle does not answer", "The kettle does not answer: …", '
        '"This kettle is already set up", "There is no water in the kettle", '
        '"The water is too cold", "The water is too hot", *Scale in …*'
    ),
    "Installation": (
        "Add `https://github.com/hearthlink/ha-kettle`, or [open HACS](https://my.home-assistant.io/"
        "redirect/hacs_repository/?owner=hearthlink&repository=ha-kettle&category=integration)."
    ),
}
WORKFLOW = """
on: [push]
permissions:
  contents: read
jobs:
  test:
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
      - run: scripts/test --ha 2026.10.0
"""
RELEASE = """
permissions:
  contents: read
jobs:
  mirror:
    strategy:
      matrix:
        domain: [kettle]
"""
HACS = {
    "name": "Hearthlink",
    "homeassistant": "2026.10.0",
    "zip_release": True,
    "filename": "see-README.zip",
}
PAGES = f"""# Pages

## Kettle [Unreleased]

hearthlink/hearthlink [page](docs/kettle.md#removal) {CHAPTERS["Installation"]}
"""
GLOSSARY = """
| English | German | Italian | Dutch | Swedish |
|---|---|---|---|---|
| mood | mood | mood | mood | mood |
| scale | scale | scale | scale | scale |
"""
PYPROJECT = """
[tool.mypy]
strict = true
files = ["custom_components"]

[project]
version = "1.2.3"
[tool.hearthlink]
owner = "hearthlink"
"""
BLUEPRINT = """
blueprint:
  name: Whistle in the evening
  description: Lets the kettle whistle.
  domain: automation
  author: hearthlink
  source_url: https://github.com/hearthlink/hearthlink/blob/main/blueprints/automation/kettle/whistle.yaml
  homeassistant:
    min_version: 2026.10.0
  input:
    hour:
      name: Time
      selector:
        time:
triggers:
  - trigger: time
    at: !input hour
actions:
  - action: kettle.whistle
"""


class Sample:
    """The house in a temporary folder."""

    def __init__(self, house: Path) -> None:
        """Build it."""
        self.house = house
        shutil.copytree(KETTLE, house / FOLDER, ignore=shutil.ignore_patterns("__pycache__"))
        english = json.loads((KETTLE / "translations" / "en.json").read_text(encoding="utf-8"))
        for language in ("de", "it", "nl", "sv"):
            text = json.dumps(translated(english, language))
            self.write(f"{FOLDER}/translations/{language}.json", text)
        self.write(f"{FOLDER}/manifest.json", json.dumps(MANIFEST))
        proof = "    status: done\n    evidence: tests/kettle/test_kettle.py::test_all\n"
        scale = "rules:\n" + "".join(f"  {rule}:\n{proof}" for rule in ALL)
        self.write(f"{FOLDER}/quality_scale.yaml", scale)
        for name, size in {"icon.png": 256, "icon@2x.png": 512}.items():
            head = b"\x89PNG\r\n\x1a\n" + pack(">I", 13) + b"IHDR" + pack(">II", size, size)
            self.write(f"{FOLDER}/brand/{name}", head)
        self.write("tests/kettle/test_kettle.py", "def test_all(): ...\n")
        page = [f"## {name}\n\n{CHAPTERS.get(name, 'None.')}\n" for name in HEADINGS]
        self.write("docs/kettle.md", "\n".join(["# Kettle\n", *page]))
        self.write("pyproject.toml", PYPROJECT)
        self.write("CONTRIBUTING.md", GLOSSARY)
        self.write("blueprints/automation/kettle/whistle.yaml", BLUEPRINT)

    def complete(self) -> None:
        """Add what a whole repository has."""
        for name in ("README.md", "SECURITY.md", "CHANGELOG.md"):
            self.write(name, PAGES)
        self.write(".gitignore", "uv.lock\n")
        self.write("LICENSE", "Free.\n")
        self.write("hacs.json", json.dumps(HACS))
        self.write(".github/workflows/tests.yml", WORKFLOW)
        self.write(".github/workflows/release.yml", RELEASE)
        self.write(".github/mirror/workflows/release.yml", WORKFLOW)
        self.write(".github/ISSUE_TEMPLATE/bug_report.yml", "- Kettle")

    @property
    def room(self) -> Room:
        """Return the integration, read anew."""
        return Room(self.house / FOLDER)

    def write(self, name: str, content: str | bytes) -> None:
        """Write one file of the house."""
        path = self.house / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def replace(self, name: str, old: str, new: str) -> None:
        """Change one file of the integration, or of the house where the name starts with /."""
        path = self.house / name[1:] if name.startswith("/") else self.house / FOLDER / name
        if not old:
            self.write(path.relative_to(self.house).as_posix(), new)
            return
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} does not contain {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")


def translated(tree: Any, language: str) -> Any:
    """Return the texts in another language, so to speak."""
    if isinstance(tree, dict):
        return {key: translated(branch, language) for key, branch in tree.items()}
    return f"{tree} ({language})"
