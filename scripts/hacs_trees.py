#!/usr/bin/env python3
"""Build a HACS repository of each integration; scripts/build_hacs --help tells how."""

import argparse
from collections.abc import Iterator
import json
from pathlib import Path
import re
import shutil
import sys
import tomllib
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"(\]\()(?!https?:|mailto:|#)([^)#\s]+)")
PICTURES = {".gif", ".jpg", ".png", ".svg", ".webp"}
NO_NEWS = re.compile(r"^### .*\n\s*(?=#|\[|\Z)", re.MULTILINE)
EMPTY_CHAPTER = re.compile(r"^(## \[\d.*)\n\s*(?=## |\[|\Z)", re.MULTILINE)
NUMBERED = re.compile(r"^## \[(\d[^\]]*)\]", re.MULTILINE)


class VersionsDisagreeError(Exception):
    """What is to be released calls itself by different versions."""


def read_json(path: Path) -> dict[str, Any]:
    """Return the object of a JSON file."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


class Bundle:
    """The one source of all mirrors."""

    def __init__(self, root: Path) -> None:
        """Read what the integrations have in common."""
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        self.root = root
        self.owner = str(project["tool"]["hearthlink"]["owner"])
        self.version = str(project["project"]["version"])
        self.oldest_home_assistant = str(read_json(root / "hacs.json")["homeassistant"])
        self.changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
        self.manifests = {
            path.parent.name: read_json(path)
            for path in sorted(root.glob("custom_components/*/manifest.json"))
        }

    def check_versions(self, tag: str | None) -> None:
        """Compare all versions.

        Without a tag the newest numbered chapter of the changelog counts, if there is any: what is
        under Unreleased has no version yet.

        Raises:
            VersionsDisagreeError: with one line for each that differs from pyproject.toml.
        """
        found = {
            f"custom_components/{domain}/manifest.json": manifest.get("version")
            for domain, manifest in self.manifests.items()
        }
        numbered = NUMBERED.findall(self.changelog)
        if tag is not None:
            found["tag"] = tag.removeprefix("v") if tag.startswith("v") else f"{tag!r} without v"
        if tag is not None or numbered:
            found["CHANGELOG.md"] = numbered[0] if numbered else None
        wrong = [
            f"{where}: {version or 'none'}, but pyproject.toml has {self.version}"
            for where, version in found.items()
            if version != self.version
        ]
        if wrong:
            raise VersionsDisagreeError("\n".join(wrong))

    def build(self, domain: str, out: Path) -> None:
        """Write the repository of one integration into a folder, which must not exist."""
        shutil.copytree(self.root / ".github" / "mirror", out / ".github")
        shutil.copytree(
            self.root / "custom_components" / domain,
            out / "custom_components" / domain,
            ignore=shutil.ignore_patterns("__pycache__", "*.pyc"),
        )
        shutil.copy(self.root / "LICENSE", out)
        hacs = {
            "name": self.manifests[domain]["name"],
            "homeassistant": self.oldest_home_assistant,
        }
        texts = {
            "hacs.json": json.dumps(hacs, indent=2, ensure_ascii=False) + "\n",
            "CHANGELOG.md": self.changelog_of(domain),
            "README.md": self.readme_of(domain),
        }
        for name, text in texts.items():
            (out / name).write_text(text, encoding="utf-8")
        for picture in self.pictures_of(domain):
            target = out / picture.relative_to(self.root / "docs")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(picture, target)
        for path in out.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)

    def page_of(self, domain: str) -> str:
        """Return the user's page of an integration."""
        return (self.root / "docs" / f"{domain}.md").read_text(encoding="utf-8")

    def pictures_of(self, domain: str) -> list[Path]:
        """Return the pictures that the page shows."""
        linked = (self.root / "docs" / name for _, name in LINK.findall(self.page_of(domain)))
        return sorted({path for path in linked if path.suffix.lower() in PICTURES})

    def readme_of(self, domain: str) -> str:
        """Return the page, with links that lead somewhere from where it is now."""
        bundle = f"https://github.com/{self.owner}/hearthlink"
        pictures = set(self.pictures_of(domain))

        def moved(match: re.Match[str]) -> str:
            target = self.root / "docs" / match[2]
            if target in pictures:
                return match[0]
            name = target.resolve().relative_to(self.root.resolve()).as_posix()
            if name == f"custom_components/{domain}":
                return f"{match[1]}{name}"
            return f"{match[1]}{bundle}/{'tree' if target.is_dir() else 'blob'}/main/{name}"

        title, _, text = LINK.sub(moved, self.page_of(domain)).partition("\n")
        origin = (
            f"*One of the integrations of [Hearthlink]({bundle}). This repository is made from there at"
            f" each release, for HACS. [Issues]({bundle}/issues) and pull requests belong there.*"
        )
        return f"{title}\n\n{origin}\n{text}"

    def changelog_of(self, domain: str) -> str:
        """Return the changelog without what is of other integrations only."""
        text = NO_NEWS.sub("", "".join(self._lines_of(domain)))
        # A mirror's release tells what its chapter says, so none may be empty.
        nothing = f"Nothing has changed for {self.manifests[domain]['name']}."
        return EMPTY_CHAPTER.sub(rf"\1\n\n{nothing}\n\n", text)

    def _lines_of(self, domain: str) -> Iterator[str]:
        others = [m["name"] for other, m in self.manifests.items() if other != domain]
        theirs = tuple(f"- **{name}**" for name in others)
        skipped = False
        for line in self.changelog.splitlines(keepends=True):
            if not line.startswith("  ") or not line.strip():
                skipped = line.startswith(theirs)
            if not skipped:
                yield line


def main(arguments: list[str]) -> int:
    """Build all of them."""
    parser = argparse.ArgumentParser(prog="scripts/build_hacs")
    parser.add_argument("--tag")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument("out", type=Path)
    options = parser.parse_args(arguments)
    out: Path = options.out
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        print(f"build_hacs: error: {out} is not an empty folder", file=sys.stderr)
        return 2
    bundle = Bundle(options.root)
    try:
        bundle.check_versions(options.tag)
    except VersionsDisagreeError as err:
        print(f"build_hacs: error: versions disagree\n{err}", file=sys.stderr)
        return 1
    for domain in bundle.manifests:
        bundle.build(domain, out / domain)
        print(out / domain)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
