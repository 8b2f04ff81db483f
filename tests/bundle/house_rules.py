"""Rules for the repository as a whole. Each takes its root."""

from collections.abc import Iterator
import json
import os
from pathlib import Path
import re
from typing import Any

import yaml

from tests.bundle.blueprint_rules import OLDEST
from tests.bundle.room import Room, found_rooms, owner_of, version_of

NOT_OURS = """
    .git .venv .cache .demo .mypy_cache .pytest_cache .ruff_cache __pycache__ node_modules
"""
LEFT_BEHIND = re.compile(r"\.coverage.*|coverage\.json")
LOCKS = "uv.lock poetry.lock pdm.lock Pipfile.lock package-lock.json yarn.lock pnpm-lock.yaml"
# In parts, so that this file does not find itself.
FORBIDDEN = (
    ".." + "/shared",
    "/wo" + "rk/",
    "/ro" + "ot/",
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "crates" + ".io",
    "proxy.golang" + ".org",
    "gh" + "cr.io",
    "docker" + ".io",
)
ACTIONS = {
    "actions/checkout": ("3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1"),
    "astral-sh/setup-uv": ("20cfd1bf945f4377ade1205e4dbc17946fc9a30d", "v10.0.1"),
    "actions/upload-artifact": ("bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", "v7.0.0"),
    "hacs/action": ("285e417a83cc9c6a99806236b7f22414c209ef10", ""),
    "home-assistant/actions/hassfest": ("e91ad1948e57189485b9c1ad608af0c303946f89", ""),
}
# A mirror turns a tag into a release of its own.
MAY_WRITE = {(".github/mirror/workflows/release.yml", "contents")}
HACS_KEYS = """
    content_in_root country filename hacs hide_default_branch homeassistant name
    persistent_directory render_readme zip_release
"""
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?")
OWNED = re.compile(
    r"(?:github\.com|githubusercontent\.com|api\.github\.com/repos)/([\w.-]+)/(?:hearthlink|ha-[a-z-]+)\b"
    r"|hacs_repository/\?owner=([\w.-]+)"
)


def files_of(house: Path) -> Iterator[tuple[str, Path]]:
    """Yield the project's own files, what runs leave behind left out."""
    for folder, folders, files in os.walk(house):
        folders[:] = sorted(set(folders) - set(NOT_OURS.split()))
        for name in sorted(files):
            path = Path(folder, name)
            if not LEFT_BEHIND.fullmatch(name) and path.suffix != ".pyc" and not path.is_symlink():
                yield path.relative_to(house).as_posix(), path


def texts_of(house: Path) -> Iterator[tuple[str, str]]:
    """Yield the project's text files."""
    for name, path in files_of(house):
        data = path.read_bytes()
        if b"\0" not in data:
            yield name, data.decode("utf-8", "replace")


def nothing_foreign(house: Path) -> Iterator[str]:
    """No file names a place outside of the project, a machine's path or a package registry."""
    for name, text in texts_of(house):
        for number, line in enumerate(text.splitlines(), 1):
            for needle in FORBIDDEN:
                if needle in line:
                    yield f"{name}:{number}: mentions {needle}"


def no_locks(house: Path) -> Iterator[str]:
    """No lock file: Home Assistant's own constraints hold the packages."""
    for name, path in files_of(house):
        # uv writes its own where somebody calls it by hand; git does not see it.
        if path.name in LOCKS.split() and name != "uv.lock":
            yield f"{name}: lock files do not belong here"
    ignored = (house / ".gitignore").read_text(encoding="utf-8").split()
    if "uv.lock" not in ignored:
        yield ".gitignore: uv.lock is missing"


def owner_named(house: Path) -> Iterator[str]:
    """Every address of the project has the owner of pyproject.toml."""
    owner = owner_of(house)
    for name, text in texts_of(house):
        if name.startswith("tests/bundle/"):
            continue
        for match in OWNED.finditer(text):
            found = match[1] or match[2]
            if found != owner:
                yield f"{name}: {match[0]} belongs to {found}, not to {owner}"
    for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        path = house / name
        if not path.is_file():
            yield f"{name}: missing"
        elif name != "CONTRIBUTING.md" and f"{owner}/hearthlink" not in path.read_text("utf-8"):
            yield f"{name}: does not name {owner}/hearthlink"


def workflows_pinned(house: Path) -> Iterator[str]:
    """Workflows use only known actions, by hash, and may only read."""
    for path in sorted((house / ".github").glob("**/workflows/*")):
        where = path.relative_to(house).as_posix()
        text = path.read_text(encoding="utf-8")
        flow = yaml.safe_load(text)
        for number, line in enumerate(text.splitlines(), 1):
            if match := re.search(r"uses:\s*(\S+)\s*(?:#\s*(.*))?$", line):
                name, _, commit = match[1].partition("@")
                if ACTIONS.get(name, ("", ""))[0] != commit or not commit:
                    yield f"{where}:{number}: {match[1]} is not one of the pinned actions"
                elif ACTIONS[name][1] not in (match[2] or ""):
                    yield f"{where}:{number}: wrong release in the comment of {name}"
        if not isinstance(flow.get("permissions"), dict):
            yield f"{where}: no permissions at the top"
        for place, permissions in _permissions(flow):
            for scope, right in permissions.items():
                if right not in {"read", "none"} and (where, scope) not in MAY_WRITE:
                    yield f"{where}: {place} may {right} {scope}"
        # YAML 1.1 reads the key "on" as True.
        if "pull_request_target" in str(flow.get(True, flow.get("on"))):
            yield f"{where}: pull_request_target runs strangers' code with our rights"
        if re.search(r"\$\{\{\s*github\.(event|head_ref)", " ".join(_commands(flow))):
            yield f"{where}: a stranger's text in a command"


def _commands(flow: dict[str, Any]) -> Iterator[str]:
    for job in flow.get("jobs", {}).values():
        yield from (str(step.get("run", "")) for step in job.get("steps", []))


def _permissions(flow: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for name, part in {"the workflow": flow, **flow.get("jobs", {})}.items():
        permissions = part.get("permissions", {})
        yield name, permissions if isinstance(permissions, dict) else {"all": str(permissions)}


def hacs_sound(house: Path) -> Iterator[str]:
    """hacs.json says what HACS reads, and the oldest Home Assistant that the tests run on."""
    hacs = json.loads((house / "hacs.json").read_text(encoding="utf-8"))
    yield from (f"hacs.json: no such key: {key}" for key in hacs if key not in HACS_KEYS.split())
    if hacs.get("homeassistant") != OLDEST:
        yield f"hacs.json: homeassistant is not {OLDEST}"
    if not hacs.get("name"):
        yield "hacs.json: no name"
    # Of several integrations HACS would install one, and not say so: it has to fail instead.
    if hacs.get("zip_release") is not True or not str(hacs.get("filename", "")).endswith(".zip"):
        yield "hacs.json: zip_release and filename have to keep HACS from installing one of many"
    matrix = (house / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    if OLDEST not in matrix:
        yield f".github/workflows/tests.yml: does not test {OLDEST}"


def vendors_listed(house: Path) -> Iterator[str]:
    """What lists the vendors lists all of them: README, bug form, changelog, blueprints."""
    form = (house / ".github/ISSUE_TEMPLATE/bug_report.yml").read_text(encoding="utf-8")
    change = (house / "CHANGELOG.md").read_text(encoding="utf-8")
    readme = house / "README.md"
    for domain in found_rooms(house):
        manifest = Room(house / "custom_components" / domain).manifest
        if manifest["name"] not in form:
            yield f".github/ISSUE_TEMPLATE/bug_report.yml: does not offer {manifest['name']}"
        if manifest["name"] not in change:
            yield f"CHANGELOG.md: does not mention {manifest['name']}"
        if readme.is_file() and f"docs/{domain}.md" not in readme.read_text(encoding="utf-8"):
            yield f"README.md: does not link docs/{domain}.md"
    if f"[{version_of(house)}]" not in change and "[Unreleased]" not in change:
        yield f"CHANGELOG.md: neither [Unreleased] nor [{version_of(house)}]"


def mirrors_complete(house: Path) -> Iterator[str]:
    """Each integration has its mirror: in the release, and on top of the README, with a button."""
    flow = (house / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    matrix = yaml.safe_load(flow)["jobs"]["mirror"]["strategy"]["matrix"]["domain"]
    if matrix != found_rooms(house):
        yield f".github/workflows/release.yml: mirrors {matrix}, not {found_rooms(house)}"
    readme = (house / "README.md").read_text(encoding="utf-8")
    first = "## ".join(readme.split("## ")[:2])
    owner = owner_of(house)
    for domain in found_rooms(house):
        mirror = f"ha-{domain.replace('_', '-')}"
        if f"https://github.com/{owner}/{mirror}`" not in first:
            yield f"README.md: the first chapter does not say to add {mirror}"
        if f"hacs_repository/?owner={owner}&repository={mirror}&category=integration" not in first:
            yield f"README.md: the first chapter has no button for {mirror}"
        page = (house / "docs" / f"{domain}.md").read_text(encoding="utf-8")
        if f"/{mirror}`" not in page or f"repository={mirror}&" not in page:
            yield f"docs/{domain}.md: does not say to add {mirror}"


def domains_apart(house: Path) -> Iterator[str]:
    """No domain begins with another one: logs, entity ids and folders stay apart."""
    rooms = found_rooms(house)
    for one in rooms:
        for other in rooms:
            if one != other and other.startswith(one):
                yield f"custom_components/{other}: begins with {one}"


def links_alive(house: Path) -> Iterator[str]:
    """Links between the project's own pages lead somewhere, to a heading too."""
    for name, text in texts_of(house):
        if not name.endswith(".md"):
            continue
        for target, anchor in LINK.findall(_without_code(text)):
            path = (house / name).parent.joinpath(target) if target else house / name
            if not path.exists():
                yield f"{name}: {target} does not exist"
            elif anchor and path.suffix == ".md" and anchor not in anchors_of(path):
                yield f"{name}: {target}#{anchor}: there is no such heading"


def anchors_of(page: Path) -> set[str]:
    """Return what GitHub makes of the headings of a page."""
    headings = re.findall(r"^#+ +(.+?) *$", _without_code(page.read_text("utf-8")), re.MULTILINE)
    plain = (re.sub(r"\[([^]]*)]\([^)]*\)", r"\1", heading) for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in plain}


def _without_code(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
