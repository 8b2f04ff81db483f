"""What is broken in the sample, one change for each complaint of each rule."""

from typing import NamedTuple

EN, DE = "translations/en.json", "translations/de.json"
SCALE, FLOW, API = "quality_scale.yaml", "config_flow.py", "api.py"
PROOF = "tests/kettle/test_kettle.py::test_all"


class Break(NamedTuple):
    """A change to the sample and what the rule then says."""

    rule: str
    file: str
    old: str
    new: str
    says: str


BREAKS = (
    # scale
    Break("rules_answered", SCALE, "  brands:", "  brand:", "brands is missing"),
    Break("rules_answered", SCALE, "  brands:", "  brand:", "no such rule: brand"),
    Break("answers_proven", SCALE, "status: done", "status: todo", "'todo'"),
    Break("answers_proven", SCALE, "status: done", "status: exempt", "without a comment"),
    Break("answers_proven", SCALE, f"evidence: {PROOF}", "comment: trust me", "without evidence"),
    Break("answers_proven", SCALE, PROOF, "docs/kettle.md#Removal", "no test"),
    Break("answers_proven", SCALE, "status: done", "status: exempt", "kettle is not exempt"),
    Break(
        "answers_proven",
        "/tests/kettle/test_kettle.py",
        "def",
        "@pytest.mark.skip\ndef",
        "test_all may be skipped",
    ),
    Break(
        "answers_proven",
        "/tests/kettle/test_kettle.py",
        "...",
        "pytest.importorskip('pot')",
        "test_all may be skipped",
    ),
    Break(
        "answers_proven",
        "/tests/kettle/test_kettle.py",
        "def",
        "pytestmark = pytest.mark.xfail\ndef",
        "test_all may be skipped",
    ),
    Break("answers_proven", SCALE, PROOF, f"{PROOF}_more", "no function test_all_more"),
    Break("answers_proven", SCALE, PROOF, "tests/kettle/test_kettle.py", "name the test"),
    Break("answers_proven", SCALE, PROOF, "tests/none.py::test_all", "does not exist"),
    Break("answers_proven", SCALE, PROOF, "docs/kettle.md#Nothing", "no heading 'Nothing'"),
    Break("answers_proven", SCALE, "", "rules:\n  brands: done\n", "below it"),
    Break("answers_proven", SCALE, "evidence:", "proof:", "unknown keys"),
    # code
    Break("floor_plan", "strings.json", "", "{}", "strings.json: does not belong"),
    Break("floor_plan", "notes.txt", "", "Later.", "notes.txt: does not belong"),
    Break("modules_small", API, '"""Client of a kettle."""', "", "api.py: no docstring"),
    Break("modules_small", "big.py", "", '"""Big."""\n' + "x = 1\n" * 400, "401 lines"),
    Break(
        "stands_alone", API, "import aiohttp", "import custom_components.pot", "not in the folder"
    ),
    Break("stands_alone", API, "from .models", "from ..pot.models", "..pot.models"),
    Break("client_free", API, "import aiohttp", "from homeassistant import core", "api.py reaches"),
    Break("client_free", API, "from .models", "from .sensor", "sensor.py:7: api.py reaches"),
    Break("client_free", API, "import aiohttp", "from . import PLATFORMS", "the package itself"),
    Break("imports_modern", API, "import aiohttp", "import requests", "requests blocks"),
    Break("imports_modern", API, "import aiohttp", "import urllib.request", "blocks"),
    Break("imports_modern", API, "import aiohttp", "from urllib import request", "blocks"),
    Break("imports_modern", API, "import aiohttp", "from time import sleep", "blocks"),
    Break("imports_modern", API, "import aiohttp", "from __future__ import annotations", "3.14"),
    Break(
        "imports_modern", FLOW, "import voluptuous as vol", "import probatio as vol", "voluptuous"
    ),
    Break("imports_modern", "sensor.py", "UnitOfTemperature", "PERCENTAGE", "UnitOfRatio"),
    Break("calls_modern", API, "self._session = session", "aiohttp.ClientSession()", "the session"),
    Break("calls_modern", API, "self._session = session", "time.sleep(1)", "blocks"),
    Break("calls_modern", "entity.py", "translation_key=", "via_device=", "via_device_id"),
    Break("calls_modern", "sensor.py", 'translation_key="water"', 'icon="mdi:cup"', "icons.json"),
    Break(
        "calls_modern",
        "__init__.py",
        "entry.runtime_data = ",
        "entry.add_update_listener(reload)\n    entry.runtime_data = ",
        "OptionsFlowWithReload",
    ),
    Break(
        "calls_modern",
        "entity.py",
        "super().__init__(coordinator)",
        "r.async_get_device()",
        "by_id",
    ),
    Break("attributes_modern", "entity.py", "_attr_has_entity_name", "_attr_icon", "icons.json"),
    Break("attributes_modern", "entity.py", "self._attr_unique_id", "self.entity_id", "chooses"),
    Break(
        "attributes_modern", "__init__.py", "entry.runtime_data =", "hass.data[DOMAIN] =", "keep"
    ),
    Break(
        "attributes_modern",
        "__init__.py",
        "    entry.runtime_data =",
        "    x = hass.data.setdefault(DOMAIN, {})\n    entry.runtime_data =",
        "keep data",
    ),
    Break("entities_named", "entity.py", "name = True", "name = False", "is missing"),
    Break("parallel_updates", "sensor.py", "PARALLEL_UPDATES", "PARALLEL", "sensor.py: PARALLEL"),
    Break(
        "actions_early",
        "__init__.py",
        "    entry.runtime_data =",
        '    hass.services.async_register(DOMAIN, "x", y)\n    entry.runtime_data =',
        "__init__.py:29: registers",
    ),
    Break(
        "actions_early",
        "__init__.py",
        "    entry.runtime_data =",
        "    async_setup_services(hass)\n    entry.runtime_data =",
        "registers an action",
    ),
    Break(
        "actions_guarded",
        "__init__.py",
        "cv.config_entry_only_config_schema(DOMAIN)",
        "None",
        "CONFIG_SCHEMA",
    ),
    Break(
        "entry_typed", "coordinator.py", "type KettleConfigEntry", "KettleConfigEntry", "missing"
    ),
    Break("typed_strictly", API, "import aiohttp", "import aiohttp  # type: ignore", "api.py:"),
    Break("typed_strictly", "/pyproject.toml", "true", "false", "mypy is not strict"),
    Break("typed_strictly", "/pyproject.toml", "custom_", "", "mypy is not strict"),
    Break("entry_typed", "coordinator.py", "config_entry=entry,", "", "pass config_entry="),
    # texts
    Break("languages_equal", DE, '"mood"', '"temper"', "entity.sensor.mood.name is missing"),
    Break("languages_equal", DE, '"mood"', '"temper"', "entity.sensor.temper.name is not in en"),
    Break("languages_equal", "translations/fr.json", "", "{}", "not one of the languages"),
    Break("texts_sound", DE, '"Mood (de)"', '""', "entity.sensor.mood.name: empty"),
    Break("texts_sound", DE, "Mood (de)", "[%key:common::mood%]", "shown as they are"),
    Break("texts_sound", DE, "{error}", "'{error}'", "single quotes"),
    Break("texts_sound", DE, "Mood (de)", "<b>Mood</b>", "no HTML"),
    Break("texts_sound", DE, "Mood (de)", "https://kettle.example", "no URLs"),
    Break("texts_sound", DE, "Mood (de)", " Mood", "no blanks"),
    Break("texts_sound", DE, "{error}", "{error", "broken placeholder"),
    Break("placeholders_equal", DE, "{error}", "{fehler}", "has ['fehler'], en has ['error']"),
    Break(
        "texts_translated",
        DE,
        "The address of the kettle in your network. (de)",
        "The address of the kettle in your network.",
        "still English",
    ),
    Break("keys_legal", EN, '"exceptions"', '"errors"', "no such section: errors"),
    Break("keys_legal", EN, '"mood"', '"Mood"', "'Mood' is no legal key"),
    Break("keys_legal", EN, '"config": {', '"title": "Pot", "config": {', "title differs"),
    Break("keys_legal", EN, '"already_configured"', '"reauth_successful"', "has this text itself"),
    Break(
        "fields_described", EN, '"data_description": { "host"', '"x": { "host"', "host is missing"
    ),
    Break("fields_described", EN, '"data": { "host": "Host" },', "", "but described"),
    Break("issues_complete", EN, '"title": "Scale in {name}", ', "", "no title"),
    Break(
        "issues_complete", EN, '"description": "Clean', '"fix_flow": {}, "description": "', "both"
    ),
    Break("placeholders_filled", EN, "{error}", "{reason}", "nothing in the code fills {reason}"),
    Break("services_described", EN, '"name": "Whistle",', "", "whistle.name is missing"),
    Break("services_described", EN, '"tone": {', '"pitch": {', "fields.tone.name is missing"),
    Break("services_described", EN, '"tone": {', '"pitch": {', "pitch: not in services.yaml"),
    Break("services_described", "services.yaml", "whistle:", "sing:", "whistle: not in services"),
    Break("services_described", "services.yaml", "tone:", "tone:\n      name: T", "belong to"),
    # uses
    Break("errors_translated", EN, '"no_water"', '"empty"', "exceptions.no_water is not in"),
    Break("errors_translated", EN, '"no_water"', '"empty"', "exceptions.empty is never used"),
    Break("errors_translated", "coordinator.py", '"too_cold"', '"freezing"', "exceptions.freezing"),
    Break("errors_translated", "services.py", "translation_domain=DOMAIN, ", "", "without"),
    Break("errors_translated", "services.py", 'translation_key="no_water"', "", "without"),
    Break(
        "errors_translated",
        "services.py",
        "(translation_domain",
        '("No", translation_domain',
        "bare",
    ),
    Break("errors_translated", "services.py", '"no_water"', "call.why", "cannot follow call.why"),
    Break("errors_translated", "services.py", "=DOMAIN,", '="pot",', "not this integration's"),
    Break(
        "errors_translated", "services.py", 'raise refusal("hot")', "raise UpdateFailed", "without"
    ),
    Break("errors_filled", "coordinator.py", '{"error": str', '{"reason": str', "for ['error']"),
    Break(
        "errors_filled",
        "coordinator.py",
        '{"error": str',
        '{"reason": 1, "error": str',
        "['reason']",
    ),
    Break("errors_filled", "coordinator.py", '{"name": self', '{"title": self', "issues.scaled"),
    Break(
        "issues_used",
        EN,
        '"description": "Clean the kettle {name}."',
        '"fix_flow": {}',
        "contradict",
    ),
    Break(
        "errors_filled",
        "tell.py",
        "",
        """\"\"\"Tells.\"\"\"
def tell(key, **words):
    ir.async_create_issue(translation_key=key, translation_placeholders={"x": 1, **words})
tell("scaled", title="T")
""",
        "tell.py:3: issues.scaled: nothing for ['name']",
    ),
    Break("issues_used", EN, '"issues": {', '"issues": {"rust": {},', "issues.rust is never used"),
    Break("issues_used", "coordinator.py", '="scaled"', '="limed"', "issues.limed is not in"),
    Break("issues_used", "coordinator.py", 'translation_key="scaled",', "", "without a traceable"),
    Break("selectors_used", EN, '"fast": "Fast", ', "", "boil.options.fast is not in"),
    Break("selectors_used", EN, '"fast": "Fast"', '"fast": "F", "off": "Off"', "off: no choice"),
    Break("selectors_used", FLOW, '="boil"', '="cook"', "selector.cook is not in"),
    Break("selectors_used", FLOW, '="boil"', '="cook"', "selector.boil is never used"),
    Break(
        "selectors_used",
        "services.yaml",
        "text:",
        "select: {translation_key: tones, options: [a]}",
        "services.yaml: selector.tones is not in",
    ),
    Break("devices_used", EN, '"kettle": { "name"', '"pot": { "name"', "device.kettle is not in"),
    Break(
        "devices_used",
        "entity.py",
        'translation_key="kettle"',
        'name="K"',
        "device.kettle is never used",
    ),
    Break(
        "services_registered", "services.yaml", "whistle:", "sing:", "whistle is not in services"
    ),
    Break("services_registered", "services.yaml", "whistle:", "sing:", "sing is never registered"),
    Break(
        "services_registered",
        "services.py",
        "SERVICE_WHISTLE, _",
        "call.command, _",
        "cannot follow",
    ),
    Break("services_registered", "services.py", '"tone"', '"pitch"', "takes the field tone"),
    # entities
    Break(
        "entities_translated", "sensor.py", '_key="mood"', '_key="temper"', "sensor.temper is not"
    ),
    Break("entities_translated", "sensor.py", '_key="mood"', '_key="temper"', "mood is never used"),
    Break("entities_translated", EN, '{ "name": "Water temperature" }', "{}", "water: no name"),
    Break("states_translated", EN, '"calm": "Calm"', '"wild": "Wild"', "wild: not in the code"),
    Break("states_translated", EN, '"calm": "Calm"', '"wild": "Wild"', "calm: no text"),
    Break("icons_legal", "icons.json", '"services"', '"actions"', "no such section: actions"),
    Break("icons_legal", "icons.json", "mdi:emoticon", "mdi:emoticonx", "is no icon"),
    Break("icons_legal", "icons.json", '"mood"', '"temper"', "temper: no such entity"),
    Break("icons_legal", "icons.json", '"scaled"', '"rusty"', "rusty: no such state"),
    Break("icons_legal", "icons.json", '"default"', '"icon"', "wants default"),
    Break("icons_complete", "icons.json", '"mood"', '"temper"', "sensor.mood has no icon"),
    Break("icons_complete", "icons.json", '"mood"', '"water"', "the device class has an icon"),
    Break("icons_complete", "icons.json", '"whistle"', '"sing"', "whistle.service is missing"),
    Break("icons_complete", "icons.json", '"whistle"', '"sing"', "sing: no such action"),
    Break(
        "icons_complete",
        "icons.json",
        '"service": "mdi:whistle"',
        '"service": "mdi:whistle", "sections": {"more": "mdi:plus"}',
        "sections.more: no section",
    ),
    # flows
    Break(
        "steps_translated", FLOW, 'step_id="user"', 'step_id="host"', "config.step.host is not in"
    ),
    Break("steps_translated", FLOW, 'step_id="user"', 'step_id="host"', "step.user is never used"),
    Break("steps_translated", FLOW, 'step_id="init"', 'step_id="user"', "options.step.user is not"),
    Break("steps_translated", FLOW, 'step_id="init"', 'menu_options=["a"]', "menu option a has no"),
    Break(
        "steps_translated", EN, '"init": {', '"init": {"menu_options": {"a": "A"},', "options.a is"
    ),
    Break(
        "reasons_translated", EN, '"already_configured"', '"x"', "abort.already_configured is not"
    ),
    Break(
        "steps_translated",
        FLOW,
        'async_show_form(\n            step_id="user",',
        'async_show_progress(\n            progress_action="boiling",',
        "config.progress.boiling is not in",
    ),
    Break(
        "steps_translated",
        EN,
        '"error": {',
        '"progress": { "boiling": "Boiling" }, "error": {',
        "config.progress.boiling is never used",
    ),
    Break("reasons_translated", EN, '"already_configured"', '"x"', "config.abort.x is never used"),
    Break(
        "reasons_translated",
        FLOW,
        "return await self.async_step_user()",
        "return self.async_abort(reason=self.why)",
        "cannot follow the reason",
    ),
    Break("errors_in_forms", FLOW, '"cannot_connect"', '"gone"', "config.error.gone is not in"),
    Break("errors_in_forms", FLOW, '"cannot_connect"', '"gone"', "error.cannot_connect is never"),
    Break(
        "fields_translated", FLOW, "Required(CONF_HOST)", 'Required("url")', "labels the field url"
    ),
    Break(
        "fields_translated", FLOW, "Required(CONF_HOST)", 'Required("url")', "field host: no form"
    ),
    Break("fields_translated", FLOW, "Required(CONF_HOST)", "Required(x.y)", "cannot follow x.y"),
    # files
    Break("manifest_sound", "manifest.json", '"version"', '"homeassistant"', "version is missing"),
    Break("manifest_sound", "manifest.json", '"version"', '"homeassistant"', "no such key"),
    Break("manifest_sound", "manifest.json", '"dhcp"', '"zeroconf"', "out of order"),
    Break("manifest_sound", "manifest.json", "true", "false", "config_flow is not True"),
    Break("manifest_sound", "manifest.json", '"device"', '"helper"', "integration_type"),
    Break("manifest_sound", "manifest.json", ">=1.5.0", "==1.5.0", "oldest version"),
    Break("manifest_sound", "manifest.json", "PyNaCl>", "aiohttp>", "brings it along"),
    Break("manifest_owned", "manifest.json", "@hearthlink", "@somebody", "codeowners is"),
    Break("manifest_owned", "manifest.json", "docs/kettle", "docs/pot", "documentation is"),
    Break("manifest_owned", "manifest.json", "/issues", "/pulls", "issue_tracker is"),
    Break("manifest_owned", "manifest.json", "1.2.3", "1.2.4", "version is '1.2.4'"),
    Break("discovery_answered", FLOW, "async_step_dhcp", "async_step_found", "no async_step_dhcp"),
    Break("discovery_answered", FLOW, "async_step_dhcp", "async_step_ssdp", "but no matcher"),
    Break(
        "dependencies_declared",
        "entity.py",
        "from homeassistant.helpers.entity import EntityDescription",
        "from homeassistant.components import webhook",
        "webhook is no dependency",
    ),
    Break(
        "dependencies_declared",
        "manifest.json",
        '"dhcp"',
        '"dependencies": ["recorder"], "dhcp"',
        "recorder is not used",
    ),
    Break("pictures_there", "brand/icon.png", "", "GIF89a", "no PNG"),
    Break("pictures_there", "brand/symbol.png", "", "x", "symbol.png: nobody shows this"),
    # words
    Break("terms_held", DE, "Mood (de)", "Laune", "entity.sensor.mood.name: 'mood' is not 'mood'"),
    Break("terms_held", "/CONTRIBUTING.md", "English", "Englisch", "there is no table of words"),
    # docs
    Break(
        "headings_in_order", "/docs/kettle.md", "## Removal", "## End", "no heading '## Removal'"
    ),
    Break("headings_in_order", "/docs/kettle.md", "## Removal", "## End", "not in the plan"),
    Break("headings_in_order", "/docs/kettle.md", "None.", "", "is empty"),
    Break("actions_documented", "/docs/kettle.md", "kettle.whistle", "whistle", "kettle.whistle"),
    Break("actions_documented", "/docs/kettle.md", "`tone`", "tone", "the field `tone`"),
    Break("forms_documented", "/docs/kettle.md", "Way of boiling", "Boiling", "Options: does not"),
    Break("forms_documented", "/docs/kettle.md", "Host", "Address", "Setting up: does not"),
    Break("repairs_documented", "/docs/kettle.md", "*Scale", "*Lime", "repair *Scale in …*"),
    Break("repairs_documented", "/docs/kettle.md", "*Scale", "Scale", "repair *Scale in …*"),
    Break(
        "choices_documented",
        EN,
        '"init": {',
        '"init": {"menu_options": {"a": "Steam"},',
        "Options: does not name the choice **Steam**",
    ),
    Break(
        "choices_documented",
        EN,
        '"init": {',
        '"init": {"menu_options": {"a": "Way of boiling"},',
        "the choice **Way of boiling**",
    ),
    Break("entities_documented", "/docs/kettle.md", "**Mood**", "Mood", "**Mood** (sensor.mood)"),
    Break(
        "messages_documented", "/docs/kettle.md", "too cold", "cold", '"The water is too cold" ('
    ),
    Break("messages_documented", "/docs/kettle.md", '"This', "'This", "config.abort.already_conf"),
    Break("messages_documented", EN, "kettle does not answer:", "kettle is", 'is …" (exceptions.'),
    Break(
        "messages_documented",
        EN,
        '"init": {',
        '"init": {}}, "error": {"hot": "Hot. Wait."}, "x": {"y": {',
        'does not quote "Hot." (options.error.hot)',
    ),
)

HOUSE_BREAKS = [
    Break(
        "nothing_foreign", "/README.md", "", "see .." + "/shared/plan.md", "README.md:1: mentions"
    ),
    Break("nothing_foreign", "/README.md", "", "cd /wo" + "rk/main", "mentions"),
    Break("nothing_foreign", "/docs/x.md", "", "from py" + "pi.org", "mentions"),
    Break("no_locks", "/demo/package-lock.json", "", "{}", "package-lock.json: lock files"),
    Break("no_locks", "/.gitignore", "uv.lock", "", "uv.lock is missing"),
    Break("owner_named", "/README.md", "", "https://github.com/somebody/hearthlink", "to somebody"),
    Break("owner_named", "/README.md", "", "github.com/somebody/ha-nuki-bridge", "to somebody"),
    Break("owner_named", "/README.md", "", "hacs_repository/?owner=somebody", "to somebody"),
    Break("owner_named", "/SECURITY.md", "hearthlink", "h", "SECURITY.md: does not name"),
    Break("workflows_pinned", "/.github/workflows/tests.yml", "3d3c42", "3d3c43", "not one of"),
    Break("workflows_pinned", "/.github/workflows/tests.yml", "v7.0.1", "v6", "wrong release"),
    Break("workflows_pinned", "/.github/workflows/tests.yml", "@3d3c4", "-x@3d3c4", "not one of"),
    Break(
        "workflows_pinned", "/.github/workflows/tests.yml", "read", "write", "may write contents"
    ),
    Break(
        "workflows_pinned",
        "/.github/mirror/workflows/release.yml",
        "contents: read",
        "issues: write",
        "may write issues",
    ),
    Break("workflows_pinned", "/.github/workflows/tests.yml", "permissions", "x", "no permissions"),
    Break(
        "workflows_pinned", "/.github/workflows/tests.yml", "[push]", "pull_request_target", "run"
    ),
    Break(
        "workflows_pinned",
        "/.github/workflows/tests.yml",
        "run: ",
        "run: echo ${{ github.event.issue.title }} ",
        "stranger's text",
    ),
    Break(
        "workflows_pinned",
        "/.github/workflows/tests.yml",
        "run: ",
        "run: |\n          echo ${{ github.event.issue.title }}\n          ",
        "stranger's text",
    ),
    Break("terms_needed", "/CONTRIBUTING.md", "| mood |", "| lime |", "no text uses 'lime'"),
    Break("terms_needed", "/CONTRIBUTING.md", "| mood |", "| water |", "are not in order"),
    Break("hacs_sound", "/hacs.json", '"name"', '"title"', "no such key: title"),
    Break("hacs_sound", "/hacs.json", '"name"', '"title"', "no name"),
    Break("hacs_sound", "/hacs.json", "2026.10.0", "2025.1.0", "homeassistant is not"),
    Break("hacs_sound", "/hacs.json", '"zip_release": true', '"zip_release": false', "one of many"),
    Break("hacs_sound", "/hacs.json", "see-README.zip", "", "one of many"),
    Break(
        "mirrors_complete", "/.github/workflows/release.yml", "[kettle]", "[pot]", "not ['kettle']"
    ),
    Break("mirrors_complete", "/README.md", "ha-kettle`", "ha-pot`", "to add ha-kettle"),
    Break("mirrors_complete", "/README.md", "=ha-kettle", "=ha-pot", "no button for ha-kettle"),
    Break("mirrors_complete", "/README.md", "## Kettle", "## A\n## Kettle", "first chapter"),
    Break("mirrors_complete", "/docs/kettle.md", "=ha-kettle", "=ha-pot", "docs/kettle.md: does"),
    Break("domains_apart", "/custom_components/kettles/__init__.py", "", "x", "begins with kettle"),
    Break("hacs_sound", "/.github/workflows/tests.yml", "2026.10.0", "2026.10.4", "does not test"),
    Break(
        "vendors_listed",
        "/.github/ISSUE_TEMPLATE/bug_report.yml",
        "Kettle",
        "Pot",
        "does not offer",
    ),
    Break("vendors_listed", "/CHANGELOG.md", "Kettle", "Pot", "does not mention Kettle"),
    Break("vendors_listed", "/CHANGELOG.md", "[Unreleased]", "", "neither"),
    Break("vendors_listed", "/README.md", "docs/kettle.md", "docs/pot.md", "does not link"),
    Break(
        "links_alive", "/README.md", "docs/kettle.md", "docs/pot.md", "docs/pot.md does not exist"
    ),
    Break("links_alive", "/README.md", "#removal", "#end", "docs/kettle.md#end: there is no such"),
    Break("links_alive", "/SECURITY.md", "docs/kettle.md#removal", "#kettel", "#kettel: there is"),
]
