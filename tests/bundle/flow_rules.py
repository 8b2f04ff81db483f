"""Flows: steps, fields, errors and reasons to abort, against their texts."""

import ast
from collections.abc import Iterator
from typing import Any

from tests.bundle.room import Room, called, keyword, last_name
from tests.bundle.text_rules import CENTRAL_ABORTS, flows
from tests.bundle.tracing import Tracer
from tests.bundle.use_rules import hits

KINDS = {
    "ConfigSubentryFlow": "config_subentries",
    "OptionsFlow": "options",
    "OptionsFlowWithReload": "options",
    "ConfigFlow": "config",
    "RepairsFlow": "issues",
    "ConfirmRepairFlow": "issues",
}
FORMS = {"async_show_form", "async_show_menu", "async_show_progress", "async_external_step"}
# The reason to abort that a helper of Home Assistant takes when none is given.
REASONS = {
    "_abort_if_unique_id_configured": ("error", 2, "already_configured"),
    "_abort_if_unique_id_mismatch": ("reason", 0, "unique_id_mismatch"),
    "_async_abort_entries_match": ("", 9, "already_configured"),
    "async_abort": ("reason", 0, ""),
    "AbortFlow": ("reason", 0, ""),
    "async_update_reload_and_abort": ("reason", 9, "reconfigure_successful"),
    "async_update_and_abort": ("reason", 9, "reconfigure_successful"),
}

type Found = dict[tuple[str, str], str]


class Flows:
    """What the flows of a folder use, and what is translated, by kind of flow."""

    def __init__(self, room: Room) -> None:
        """Read the texts of all flows."""
        self.room = room
        self.tracer = Tracer(room)
        self.texts: dict[str, list[dict[str, Any]]] = {}
        for path, flow in flows(room):
            self.texts.setdefault(path.split(".")[0], []).append(flow)

    def kind(self, node: ast.AST) -> str:
        """Return the kind of flow around a node, "" in a mixin or outside of any class."""
        scope: ast.AST | None = node
        while scope is not None and not isinstance(scope, ast.ClassDef):
            scope = self.tracer.parents.get(scope)
        todo = [scope] if scope else []
        while todo:
            for base in todo.pop().bases:
                if last_name(base) in KINDS:
                    return KINDS[last_name(base)]
                if last_name(base) in self.tracer.classes:
                    todo.append(self.tracer.classes[last_name(base)][1])
        return ""

    def known(self, kind: str, part: str) -> set[str]:
        """Return the translated keys of one part of all flows of a kind."""
        chosen = [self.texts.get(kind, [])] if kind else self.texts.values()
        return {key for group in chosen for flow in group for key in flow.get(part, {})}

    def compare(self, part: str, used: Found) -> Iterator[str]:
        """Yield what is used and not translated, and the other way round."""
        for (kind, name), where in used.items():
            if not hits(name, self.known(kind, part)):
                place = kind or "config"
                yield f"{where}: {place}.{part}.{name} is not in translations/en.json"
        for kind in self.texts:
            names = {name for found, name in used if found in (kind, "")}
            for key in sorted(self.known(kind, part)):
                if not any(hits(name, [key]) for name in names):
                    where = f"{self.room.domain}/translations/en.json"
                    yield f"{where}: {kind}.{part}.{key} is never used"


def steps_translated(room: Room) -> Iterator[str]:
    """Every step that is shown has its text, and every text its step."""
    found = Flows(room)
    used: Found = {}
    actions: Found = {}
    menus: dict[str, str] = {}
    for name, call in room.nodes(ast.Call):
        if called(call) == "ConfirmRepairFlow":
            used["issues", "confirm"] = room.at(name, call)
        if called(call) not in FORMS:
            continue
        ids = found.tracer.strings(name, keyword(call, "step_id")) or _own_step(found, call)
        shown = {(found.kind(call), step): room.at(name, call) for step in ids}
        if called(call) == "async_show_progress":
            # The frontend shows the action's text; a title of the step is optional.
            for action in found.tracer.strings(name, keyword(call, "progress_action")):
                actions[found.kind(call), action] = room.at(name, call)
            shown = {
                at: line for at, line in shown.items() if hits(at[1], found.known(at[0], "step"))
            }
        used |= shown
        for option in found.tracer.strings(name, keyword(call, "menu_options")):
            menus[option] = room.at(name, call)
    for name, body in room.nodes(ast.ClassDef):
        if any(last_name(base) == "ConfirmRepairFlow" for base in body.bases):
            used["issues", "confirm"] = room.at(name, body)
    yield from found.compare("step", used)
    yield from found.compare("progress", actions)
    texts = {
        option
        for group in found.texts.values()
        for flow in group
        for step in flow.get("step", {}).values()
        for option in step.get("menu_options", {})
    }
    yield from (
        f"{where}: menu option {m} has no text" for m, where in menus.items() if m not in texts
    )
    for option in sorted(texts - menus.keys()):
        yield f"{room.domain}/translations/en.json: menu_options.{option} is never used"


def _own_step(found: Flows, call: ast.Call) -> set[str]:
    """Return the step of the method around a call, Home Assistant's default."""
    scope: ast.AST | None = call
    while scope is not None:
        if isinstance(scope, ast.AsyncFunctionDef) and scope.name.startswith("async_step_"):
            return {scope.name.removeprefix("async_step_")}
        scope = found.tracer.parents.get(scope)
    return set()


def reasons_translated(room: Room) -> Iterator[str]:
    """Every reason to abort has its text, and every text its reason."""
    found = Flows(room)
    used: Found = {}
    for name, call in room.nodes(ast.Call):
        if called(call) not in REASONS:
            continue
        word, position, default = REASONS[called(call)]
        value = keyword(call, word)
        if value is None and len(call.args) > position:
            value = call.args[position]
        reasons = found.tracer.strings(name, value) if value else {default}
        if not reasons or "" in reasons:
            yield f"{room.at(name, call)}: {called(call)}: cannot follow the reason to a literal"
        for reason in reasons - set(CENTRAL_ABORTS.split()) - {""}:
            used[found.kind(call), reason] = room.at(name, call)
    yield from found.compare("abort", used)


def errors_in_forms(room: Room) -> Iterator[str]:
    """Every error of a form has its text, and every text its error."""
    found = Flows(room)
    used: Found = {}
    for name, kind, value in _given_errors(found):
        for error in found.tracer.strings(name, value):
            used[kind, error] = room.at(name, value)
    yield from found.compare("error", used)


def _given_errors(found: Flows) -> Iterator[tuple[str, str, ast.expr]]:
    for name, assign in found.room.nodes(ast.Assign):
        for target in assign.targets:
            if isinstance(target, ast.Subscript) and "error" in last_name(target.value):
                yield name, found.kind(assign), assign.value
            elif isinstance(assign.value, ast.Dict) and "error" in last_name(target):
                yield from ((name, found.kind(assign), value) for value in assign.value.values)
    for name, call in found.room.nodes(ast.Call):
        if called(call) == "async_show_form" and (errors := keyword(call, "errors")):
            for where, leaf in found.tracer.leaves(name, errors):
                if isinstance(leaf, ast.Dict):
                    yield from ((where, found.kind(call), value) for value in leaf.values)
    for name, annotated in found.room.nodes(ast.AnnAssign):
        if isinstance(annotated.value, ast.Dict) and "error" in last_name(annotated.target):
            kind = found.kind(annotated)
            yield from ((name, kind, value) for value in annotated.value.values)
    for name, result in found.room.nodes(ast.Return):
        scope: ast.AST | None = result
        while scope is not None and not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            scope = found.tracer.parents.get(scope)
        if scope and found.kind(result) and isinstance(result.value, ast.Dict):
            if not scope.name.startswith(("async_step_", "async_get_supported")):
                yield from ((name, found.kind(result), value) for value in result.value.values)


def fields_translated(room: Room) -> Iterator[str]:
    """Every field of a form has its label, and every label its field."""
    found = Flows(room)
    used: dict[str, str] = {}
    for name, call in room.nodes(ast.Call):
        asked = called(call) in {"Required", "Optional"} and call.args and _shows_forms(room, name)
        if asked:
            keys = found.tracer.strings(name, call.args[0])
            if not keys:
                yield f"{room.at(name, call)}: cannot follow {ast.unparse(call.args[0])} to a key"
            used |= dict.fromkeys(keys, room.at(name, call))
    known = {
        field
        for group in found.texts.values()
        for flow in group
        for step in flow.get("step", {}).values()
        for part in (step, *step.get("sections", {}).values())
        for field in (*part.get("data", {}), *part.get("sections", {}))
    }
    for field, where in used.items():
        if not hits(field, known):
            yield f"{where}: no step labels the field {field}"
    for field in sorted(known):
        if not any(hits(name, [field]) for name in used):
            yield f"{room.domain}/translations/en.json: field {field}: no form asks for it"


def _shows_forms(room: Room, module: str) -> bool:
    """Tell whether a module holds flows or their schemas."""
    stem = module.removesuffix(".py")
    if stem.endswith(("flow", "flows", "schemas", "forms")):
        return True
    return any(called(node) in FORMS for node in ast.walk(room.modules[module]))
