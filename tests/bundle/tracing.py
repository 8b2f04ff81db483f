"""Which strings an expression of an integration can stand for, found without running it."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from functools import cached_property
import importlib
from itertools import product

from tests.bundle.room import Room, called, last_name

type Place = tuple[str, ast.AST]

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Tracer:
    """Follows names, tables, conditions, parameters and attributes back to literals."""

    def __init__(self, room: Room) -> None:
        """Index the modules of the folder."""
        self.room = room
        self.active: set[int] = set()  # what is being followed just now: names can go in circles
        self.parents: dict[ast.AST, ast.AST] = {}
        self.classes: dict[str, tuple[str, ast.ClassDef]] = {}
        self.functions: dict[str, list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]]
        self.functions = defaultdict(list)
        self.calls: dict[str, list[tuple[str, ast.Call]]] = defaultdict(list)
        for module, tree in room.modules.items():
            for node in ast.walk(tree):
                self.parents |= dict.fromkeys(ast.iter_child_nodes(node), node)
                if isinstance(node, ast.ClassDef):
                    self.classes[node.name] = (module, node)
                elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    self.functions[node.name].append((module, node))
                elif isinstance(node, ast.Call):
                    self.calls[called(node)].append((module, node))

    def strings(self, module: str, node: ast.AST | None) -> set[str]:
        """Return every string the expression may be; parts that vary are written as *."""
        if node is None:
            return set()
        found: set[str] = set()
        for where, leaf in self.leaves(module, node):
            match leaf:
                case ast.Constant(value=str(text)):
                    found.add(text)
                case ast.JoinedStr(values=parts):
                    options = [self._part(where, part) for part in parts]
                    found |= {"".join(words) for words in product(*options)}
                case ast.List() | ast.Tuple() | ast.Set():
                    for item in leaf.elts:
                        found |= self.strings(where, item)
                case ast.Dict(keys=keys, values=values):
                    for key, value in zip(keys, values, strict=True):
                        found |= self.strings(where, key or value)
        return found

    def _part(self, module: str, part: ast.expr) -> set[str]:
        if isinstance(part, ast.FormattedValue):
            return self.strings(module, part.value) or {"*"}
        return self.strings(module, part)

    def leaves(self, module: str, node: ast.AST) -> list[Place]:
        """Return the expressions that the given one may stand for."""
        if id(node) in self.active:
            return []
        self.active.add(id(node))
        found = list(self._leaves(module, node, set()))
        self.active.remove(id(node))
        return found

    def _leaves(self, module: str, node: ast.AST, seen: set[int]) -> Iterator[Place]:
        if id(node) in seen:
            return
        seen.add(id(node))
        for where, origin in self._origins(module, node, seen):
            if origin is node:
                yield where, origin
            else:
                yield from self._leaves(where, origin, seen)

    def _origins(self, module: str, node: ast.AST, seen: set[int]) -> Iterator[Place]:
        """Yield one step back from a node; the node itself where there is nothing behind it."""
        match node:
            case ast.IfExp(body=body, orelse=other):
                yield from ((module, body), (module, other))
            case ast.BoolOp(values=values):
                yield from ((module, value) for value in values)
            case ast.NamedExpr(value=value) | ast.Await(value=value) | ast.Starred(value=value):
                yield module, value
            case ast.Name(id=name):
                yield from self._name(module, node, name)
            case ast.Attribute():
                yield from self._attribute(module, node)
            case ast.Subscript(value=table):
                yield from self._entries(module, table, seen)
            case ast.Call(func=ast.Attribute(attr="get", value=table)):
                yield from self._entries(module, table, seen)
                yield from ((module, default) for default in node.args[1:])
            case ast.Call(func=ast.Name(id="str" | "list" | "tuple" | "sorted"), args=[value]):
                yield module, value
            case ast.Call() if called(node) in self.functions:
                yield from self._results(called(node))
            case ast.Call() if called(node) == "auto":
                target = self.parents.get(node)
                if isinstance(target, ast.Assign):
                    yield module, ast.Constant(last_name(target.targets[0]).lower())
            case _:
                yield module, node

    def _results(self, name: str) -> Iterator[Place]:
        for module, function in self.functions[name]:
            for node in ast.walk(function):
                if isinstance(node, ast.Return) and node.value:
                    yield module, node.value

    def _entries(self, module: str, table: ast.AST, seen: set[int]) -> Iterator[Place]:
        for where, leaf in self._leaves(module, table, seen):
            if isinstance(leaf, ast.Dict):
                yield from ((where, value) for value in leaf.values)
            elif isinstance(leaf, ast.List | ast.Tuple):
                yield from ((where, value) for value in leaf.elts)

    def _name(self, module: str, node: ast.AST, name: str) -> Iterator[Place]:
        scope: ast.AST | None = node
        while scope := self.parents.get(scope) if scope else None:
            if isinstance(scope, FUNCTIONS):
                found = [*self._assigned(module, scope, name), *self._passed(module, scope, name)]
                if found:
                    yield from found
                    return
            elif isinstance(scope, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
                for loop in scope.generators:
                    yield from self._unpacked(module, loop.target, loop.iter, name, looped=True)
        tree = self.room.modules[module]
        if found := list(self._assigned(module, tree, name, nested=False)):
            yield from found
        else:
            yield from self._imported(module, name)

    def _assigned(
        self, module: str, scope: ast.AST, name: str, *, nested: bool = True
    ) -> Iterator[Place]:
        for node in ast.walk(scope) if nested else ast.iter_child_nodes(scope):
            match node:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        yield from self._unpacked(module, target, value, name)
                case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value):
                    if found == name:
                        yield module, value
                case ast.NamedExpr(target=ast.Name(id=found), value=value) if found == name:
                    yield module, value
                case ast.For(target=target, iter=values) | ast.AsyncFor(target=target, iter=values):
                    yield from self._unpacked(module, target, values, name, looped=True)

    def _unpacked(
        self, module: str, target: ast.AST, value: ast.AST, name: str, *, looped: bool = False
    ) -> Iterator[Place]:
        if name not in {last_name(part) for part in ast.walk(target)}:
            return
        sources = [(module, value)]
        if looped:
            match value:
                case ast.Call(func=ast.Attribute(attr="items", value=table)):
                    sources = list(self._looped(module, table, pairs=True))
                case _:
                    sources = list(self._looped(module, value, pairs=False))
        if isinstance(target, ast.Name) and target.id == name:
            yield from sources
        elif isinstance(target, ast.Tuple):
            for index, part in enumerate(target.elts):
                if isinstance(part, ast.Name) and part.id == name:
                    for where, source in sources:
                        for place, leaf in self.leaves(where, source):
                            if isinstance(leaf, ast.Tuple) and index < len(leaf.elts):
                                yield place, leaf.elts[index]

    def _looped(self, module: str, value: ast.AST, *, pairs: bool) -> Iterator[Place]:
        for where, leaf in self.leaves(module, value):
            if isinstance(leaf, ast.Dict):
                for key, entry in zip(leaf.keys, leaf.values, strict=True):
                    if key:
                        yield where, ast.Tuple([key, entry]) if pairs else key
            elif isinstance(leaf, ast.List | ast.Tuple | ast.Set):
                yield from ((where, item) for item in leaf.elts)

    def _passed(self, module: str, function: ast.AST, name: str) -> Iterator[Place]:
        """Yield what callers hand to a parameter, and its default."""
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        spec = function.args
        ordered = [arg.arg for arg in (*spec.posonlyargs, *spec.args)]
        named = (*ordered, *(arg.arg for arg in spec.kwonlyargs))
        if spec.kwarg and spec.kwarg.arg == name:
            for where, call in self.calls[function.name]:
                extra = [word for word in call.keywords if word.arg and word.arg not in named]
                keys: list[ast.expr | None] = [ast.Constant(word.arg) for word in extra]
                yield where, ast.Dict(keys, [word.value for word in extra])
        if name not in named:
            return
        defaults = dict(zip(reversed(ordered), reversed(spec.defaults), strict=False))
        defaults |= {a.arg: d for a, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if d}
        if name in defaults:
            yield module, defaults[name]
        owner = self.parents.get(function)
        is_init = function.name == "__init__" and isinstance(owner, ast.ClassDef)
        callers = owner.name if is_init and isinstance(owner, ast.ClassDef) else function.name
        shift = 1 if ordered[:1] in (["self"], ["cls"]) else 0
        for where, call in self.calls[callers]:
            yield from ((where, word.value) for word in call.keywords if word.arg == name)
            if name in ordered and len(call.args) > ordered.index(name) - shift >= 0:
                yield where, call.args[ordered.index(name) - shift]

    def _attribute(self, module: str, node: ast.Attribute) -> Iterator[Place]:
        """Yield a class's or an enum's member, else every value given to such an attribute."""
        if node.attr == "value":
            yield module, node.value
            return
        owner = last_name(node.value)
        if owner in self.classes:
            where, body = self.classes[owner]
            if found := list(self._assigned(where, body, node.attr, nested=False)):
                yield from found
                return
        member = getattr(self._outside(module, owner), node.attr, None)
        if isinstance(member, str | Enum):
            yield module, ast.Constant(str(getattr(member, "value", member)))
            return
        yield from self._given.get(node.attr, [])

    @cached_property
    def _given(self) -> dict[str, list[Place]]:
        """Collect what is given to attributes: in class bodies, to self, to dataclasses."""
        found: dict[str, list[Place]] = defaultdict(list)
        for where, body in self.classes.values():
            fields = [n for n in body.body if isinstance(n, ast.AnnAssign)]
            names = [last_name(field.target) for field in fields]
            for node in body.body:
                if isinstance(node, ast.Assign):
                    found[last_name(node.targets[0])].append((where, node.value))
                elif isinstance(node, ast.AnnAssign) and node.value:
                    found[last_name(node.target)].append((where, node.value))
            for place, call in self.calls[body.name]:
                for name, value in zip(names, call.args, strict=False):
                    found[name].append((place, value))
        for where, call in (item for group in self.calls.values() for item in group):
            for word in call.keywords:
                found[word.arg or ""].append((where, word.value))
        for where, assign in self.room.nodes(ast.Assign):
            for target in assign.targets:
                if isinstance(target, ast.Attribute):
                    found[target.attr].append((where, assign.value))
        return found

    def _imported(self, module: str, name: str) -> Iterator[Place]:
        for node in ast.walk(self.room.modules[module]):
            if not isinstance(node, ast.ImportFrom):
                continue
            for alias in node.names:
                if (alias.asname or alias.name) != name:
                    continue
                source = f"{(node.module or '').replace('.', '/')}.py"
                if node.level and source in self.room.modules:
                    tree = self.room.modules[source]
                    yield from self._assigned(source, tree, alias.name, nested=False)
        value = self._outside(module, name)
        if isinstance(value, str | Enum):
            yield module, ast.Constant(str(getattr(value, "value", value)))

    def _outside(self, module: str, name: str) -> object:
        """Return what a name imported from Home Assistant is."""
        for node in ast.walk(self.room.modules[module]):
            if isinstance(node, ast.ImportFrom) and not node.level:
                for alias in node.names:
                    source = node.module or ""
                    if (alias.asname or alias.name) == name and source.startswith("homeassistant"):
                        return getattr(importlib.import_module(source), alias.name, None)
        return None
