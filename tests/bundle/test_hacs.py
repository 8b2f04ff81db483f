"""What the mirror repositories hold, and how it gets there."""

from collections.abc import Callable, Iterable
from filecmp import cmp
import hashlib
import json
from pathlib import Path
import re
import subprocess
import sys

import pytest
import yaml

from tests.bundle.house_rules import HACS_KEYS, links_alive
from tests.bundle.room import HOUSE, found_rooms
from tests.bundle.sample import Sample

type Holds = Callable[[Iterable[str]], None]
type Run = subprocess.CompletedProcess[str]


def build(out: Path, *options: str | Path) -> Run:
    """Build the trees."""
    command = [sys.executable, HOUSE / "scripts" / "hacs_trees.py", *options, out]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def fingerprint(tree: Path) -> dict[str, str]:
    """Return a digest of each file, and who may run it."""
    return {
        path.relative_to(tree).as_posix(): (
            f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.stat().st_mode:o}"
        )
        for path in sorted(tree.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built trees."""
    out = tmp_path_factory.mktemp("hacs") / "trees"
    done = build(out)
    assert done.returncode == 0, done.stderr
    return out


def test_a_tree_for_each(trees: Path) -> None:
    """Each integration gets one, and nothing else is there."""
    assert sorted(path.name for path in trees.iterdir()) == found_rooms()


@pytest.mark.parametrize("domain", found_rooms())
def test_tree_is_what_hacs_wants(trees: Path, domain: str, holds: Holds) -> None:
    """HACS finds exactly one integration, byte by byte the source's, and pages that are whole."""
    tree = trees / domain
    source = HOUSE / "custom_components" / domain
    files = [p.relative_to(source) for p in source.rglob("*") if p.is_file()]
    files = [path for path in files if path.suffix != ".pyc"]
    copied = [p.relative_to(tree / "custom_components" / domain) for p in _files(tree, domain)]
    assert sorted(copied) == sorted(files)
    assert all(
        cmp(source / path, tree / "custom_components" / domain / path, shallow=False)
        for path in files
    )
    assert [p.relative_to(tree).as_posix() for p in tree.rglob("manifest.json")] == [
        f"custom_components/{domain}/manifest.json"
    ]
    assert sorted(path.name for path in tree.iterdir() if path.is_file()) == [
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "hacs.json",
    ]
    assert not [path for path in tree.rglob("*") if path.name.startswith(("test", "conftest"))]
    hacs = json.loads((tree / "hacs.json").read_text(encoding="utf-8"))
    manifest = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
    assert hacs == {"name": manifest["name"], "homeassistant": "2026.10.0"}
    assert set(hacs) <= set(HACS_KEYS.split())
    holds(links_alive(tree))
    workflows = {path.name for path in (tree / ".github" / "workflows").iterdir()}
    assert workflows == {"validate.yml", "release.yml"}


def _files(tree: Path, domain: str) -> list[Path]:
    return [p for p in (tree / "custom_components" / domain).rglob("*") if p.is_file()]


@pytest.mark.parametrize("domain", found_rooms())
def test_readme_is_the_page(trees: Path, domain: str) -> None:
    """The README is the user's page, and its pictures are there."""
    page = (HOUSE / "docs" / f"{domain}.md").read_text(encoding="utf-8")
    readme = (trees / domain / "README.md").read_text(encoding="utf-8")
    assert readme.splitlines()[0] == page.splitlines()[0]
    assert re.findall(r"^#.*", readme, re.MULTILINE) == re.findall(r"^#.*", page, re.MULTILINE)
    assert "](../" not in readme
    for picture in re.findall(r"!\[[^]]*\]\((?!https:)([^)]+)\)", readme):
        assert cmp(HOUSE / "docs" / picture, trees / domain / picture, shallow=False)


def test_changelog_is_the_vendors(trees: Path) -> None:
    """Each mirror tells what changed for its users, and not for others."""
    log = (trees / "nibe_rest" / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "**NIBE S-series**" in log
    assert "only once the heat pump shows them" in log
    assert "Nuki" not in log
    assert "Victron" not in log


CHANGES = """# Changelog

## [Unreleased]

## [1.2.3] - 2026-11-21

### Fixed

- **Kettle**: boils.

### Added

- **Toaster**: toasts,
  on both sides.

## [1.2.2] - 2026-11-01

- **Toaster**: new.

[1.2.3]: https://example.org
"""


def test_a_release_without_news(sample: Sample, tmp_path: Path) -> None:
    """Who has nothing new says so, and has no empty headings."""
    sample.complete()
    sample.write("docs/toaster.md", "# Toaster\n")
    toaster_is = {"name": "Toaster", "version": "1.2.3"}
    sample.write("custom_components/toaster/manifest.json", json.dumps(toaster_is))
    sample.write("CHANGELOG.md", CHANGES)
    assert build(tmp_path / "trees", "--root", sample.house).returncode == 0
    kettle, toaster = (
        (tmp_path / "trees" / domain / "CHANGELOG.md").read_text(encoding="utf-8")
        for domain in ("kettle", "toaster")
    )
    assert kettle == CHANGES.replace(
        "### Added\n\n- **Toaster**: toasts,\n  on both sides.\n\n", ""
    ).replace("- **Toaster**: new.", "Nothing has changed for Kettle.")
    assert toaster == CHANGES.replace("### Fixed\n\n- **Kettle**: boils.\n\n", "")


def test_same_input_same_bytes(trees: Path, tmp_path: Path) -> None:
    """Building again gives the same."""
    assert build(tmp_path / "again").returncode == 0
    assert fingerprint(tmp_path / "again") == fingerprint(trees)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A folder with something in it is left alone."""
    (tmp_path / "mine").touch()
    done = build(tmp_path)
    assert done.returncode == 2
    assert "is not an empty folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


CHAPTER = "## [1.2.3] - 2026-11-21"


@pytest.mark.parametrize(
    ("file", "old", "new", "tag", "says"),
    [
        ("custom_components/kettle/manifest.json", "1.2.3", "1.2.2", None, "manifest.json: 1.2.2"),
        ("pyproject.toml", "1.2.3", "1.3.0", None, "manifest.json: 1.2.3, but pyproject.toml has"),
        ("CHANGELOG.md", CHAPTER, "## [1.2.2]", None, "CHANGELOG.md: 1.2.2"),
        ("CHANGELOG.md", CHAPTER, "## [Unreleased]", "v1.2.3", "CHANGELOG.md: none"),
        ("CHANGELOG.md", CHAPTER, CHAPTER, "v1.2.4", "tag: 1.2.4"),
        ("CHANGELOG.md", CHAPTER, CHAPTER, "1.2.3", "tag: '1.2.3' without v"),
    ],
)
def test_versions_have_to_agree(
    sample: Sample, tmp_path: Path, file: str, old: str, new: str, tag: str | None, says: str
) -> None:
    """Nothing is built of which it is not clear what it is."""
    sample.complete()
    sample.write("CHANGELOG.md", f"# Changelog\n\n{CHAPTER}\n\n- **Kettle**: new.\n")
    options: list[str | Path] = ["--root", sample.house, *(["--tag", tag] if tag else [])]
    good = build(tmp_path / "good", "--root", sample.house, "--tag", "v1.2.3")
    assert good.returncode == 0, good.stderr
    sample.replace(f"/{file}", old, new)
    done = build(tmp_path / "bad", *options)
    assert done.returncode == 1
    assert "versions disagree" in done.stderr
    assert says in done.stderr
    assert not (tmp_path / "bad").exists()


def git(folder: Path, *arguments: str) -> str:
    """Return what git says."""
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603


def push(tree: Path, tag: str, mirror: Path) -> Run:
    """Push a tree into a mirror."""
    command = [str(HOUSE / "scripts" / "push_mirror"), "kettle", str(tree), tag, str(mirror)]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """Return an empty mirror repository."""
    folder = tmp_path / "mirror.git"
    folder.mkdir()
    git(folder, "init", "-q", "--bare", "--initial-branch=main")
    return folder


@pytest.fixture
def tree(sample: Sample, tmp_path: Path) -> Path:
    """Return the built tree of the sample."""
    sample.complete()
    done = build(tmp_path / "trees", "--root", sample.house)
    assert done.returncode == 0, done.stderr
    return tmp_path / "trees" / "kettle"


def test_each_release_is_one_commit(tree: Path, mirror: Path) -> None:
    """A mirror holds exactly the tree, one commit and one tag for each release."""
    assert push(tree, "v1.2.3", mirror).returncode == 0
    (tree / "LICENSE").unlink()
    (tree / "NEWS").write_text("New.\n", encoding="utf-8")
    assert push(tree, "v1.2.4", mirror).returncode == 0
    assert git(mirror, "log", "--format=%s", "main").splitlines() == [
        "Release v1.2.4",
        "Release v1.2.3",
    ]
    assert git(mirror, "tag").split() == ["v1.2.3", "v1.2.4"]
    files = git(mirror, "ls-tree", "-r", "--name-only", "v1.2.4").splitlines()
    assert sorted(files) == sorted(fingerprint(tree))
    assert "LICENSE" in git(mirror, "ls-tree", "-r", "--name-only", "v1.2.3")


def test_a_release_is_not_made_twice(tree: Path, mirror: Path) -> None:
    """Running it again does nothing; another content under the same tag is refused."""
    assert push(tree, "v1.2.3", mirror).returncode == 0
    before = git(mirror, "rev-parse", "main", "v1.2.3")
    again = push(tree, "v1.2.3", mirror)
    assert again.returncode == 0
    assert "is there already" in again.stdout
    (tree / "LICENSE").write_text("Not free.\n", encoding="utf-8")
    other = push(tree, "v1.2.3", mirror)
    assert other.returncode == 1
    assert "holds something else" in other.stderr
    assert git(mirror, "rev-parse", "main", "v1.2.3") == before


def test_an_older_release_does_not_undo_a_newer(tree: Path, mirror: Path) -> None:
    """Running the job of an old release again leaves the newer one alone."""
    assert push(tree, "v1.10.0", mirror).returncode == 0
    before = git(mirror, "rev-parse", "main")
    old = push(tree, "v1.9.9", mirror)
    assert old.returncode == 1
    assert "v1.10.0 already, which is newer than v1.9.9" in old.stderr
    assert git(mirror, "rev-parse", "main") == before
    assert git(mirror, "tag").split() == ["v1.10.0"]


def test_wrong_tree_is_refused(trees: Path, mirror: Path) -> None:
    """One vendor's integration does not get into another one's mirror."""
    done = push(trees / "nuki_bridge", "v1.2.3", mirror)
    assert done.returncode == 2
    assert "is not a tree of kettle" in done.stderr
    assert git(mirror, "tag") == ""


@pytest.mark.parametrize(("tag", "notes"), [("v1.1.0", "- Older."), ("v1.2.3", "- Newer.")])
def test_release_tells_what_changed(tmp_path: Path, tag: str, notes: str) -> None:
    """The mirror's release has the changelog's chapter of its version."""
    done, text = release_notes(tmp_path, tag)
    assert done.returncode == 0, done.stderr
    assert text.strip() == notes


def test_release_without_a_chapter_fails(tmp_path: Path) -> None:
    """A version that the changelog does not know is not released."""
    done, _ = release_notes(tmp_path, "v1.2.4")
    assert done.returncode == 1


def release_notes(folder: Path, tag: str) -> tuple[Run, str]:
    """Run the step of the mirror's workflow that reads the changelog."""
    flow = yaml.safe_load((HOUSE / ".github/mirror/workflows/release.yml").read_text("utf-8"))
    (step,) = [s for s in flow["jobs"]["release"]["steps"] if "notes.md" in s.get("run", "")][:1]
    (folder / "CHANGELOG.md").write_text(
        "# Log\n\n## [Unreleased]\n\n- Soon.\n\n## [1.2.3] - 2026-11-21\n\n- Newer.\n\n"
        "## [1.1.0] - 2026-10-01\n\n- Older.\n\n[1.2.3]: https://example.org\n",
        encoding="utf-8",
    )
    done = subprocess.run(  # noqa: S603
        ["bash", "-eo", "pipefail", "-c", step["run"]],  # noqa: S607
        cwd=folder,
        env={"GITHUB_REF_NAME": tag, "RUNNER_TEMP": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, (folder / "notes.md").read_text(encoding="utf-8")
