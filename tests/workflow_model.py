"""A reference interpreter of the definition language: tokens in a tree of scopes, nothing else.

It is written from the language's description alone and shares nothing with the engine. Whatever
comes from outside (an action's result, a time that has come, an event, a vote, somebody who
cancels) stays open until `apply` is told about it, so a run is its definition and a list of moves.
"""

from __future__ import annotations

import json
import operator
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = Any
TEMPLATE = re.compile(r"\{\{(?P<name>[\w.]+)( \| default:(?P<default>\S+))?\}\}")
OPERATORS = {
    "<": operator.lt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "+": operator.add,
    "*": operator.mul,
}
WORTH_ANOTHER = {"timeout", "http_5xx"}


class Anything:
    """A value that the model cannot know, such as a time."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None

    def __repr__(self) -> str:
        return "…"


class Having(dict):
    """An object of which the model knows some keys only."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, dict) and all(
            key in other and value == other[key] for key, value in self.items()
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None


class Trouble(Exception):
    """An error of a step: (code, class)."""

    def __init__(self, code: str, kind: str = "invalid") -> None:
        super().__init__(code)
        self.code, self.kind = code, kind


class Move(NamedTuple):
    """What happens to one open activation: the nth, in order of entry, of that step and path."""

    step: str
    path: tuple[int, ...]
    nth: int
    what: str
    value: Json = None


@dataclass(eq=False)
class Scope:
    """What tokens live in: the instance, a split's activation, a turn of a loop, a scope step."""

    kind: str
    outer: Scope | None = None
    owner: Activation | None = None
    live: int = 1
    status: str = "running"
    index: int = 0
    roots: dict[str, Json] = field(default_factory=dict)
    vars: dict[str, Json] = field(default_factory=dict)
    steps: dict[str, Json] = field(default_factory=dict)
    last: Json = None
    merge: dict | None = None
    arrived: int = 0
    fired: bool = False

    def outwards(self) -> Iterator[Scope]:
        scope: Scope | None = self
        while scope:
            yield scope
            scope = scope.outer

    def nearest(self, *kinds: str) -> Scope | None:
        return next((s for s in self.outwards() if s.kind in kinds), None)

    def path(self) -> tuple[int, ...]:
        return tuple(s.index for s in self.outwards() if s.kind == "turn")[::-1]


@dataclass(eq=False)
class Activation:
    """A token that has entered a step."""

    step: dict
    scope: Scope
    status: str = "running"
    attempt: int = 1
    items: list | None = None
    started: int = 0
    turns: list[Scope] = field(default_factory=list)
    gone_on: bool = False
    output: Json = None

    def is_open(self) -> bool:
        return self.status in ("running", "waiting")

    def count(self, status: str) -> int:
        return sum(turn.status == status for turn in self.turns)


class Run:
    """One instance of a definition."""

    def __init__(self, definition: dict, trigger: dict) -> None:
        self.definition = definition
        self.by_id = {step["id"]: step for step in definition["steps"]}
        self.status, self.reason = "running", None
        self.output: Json = None
        self.whole = Scope("instance", vars=dict(trigger))
        self.activations: list[Activation] = []
        self.scopes: list[Scope] = []
        self.queues: dict[Any, Counter] = {}
        self.holders: dict[str, Activation] = {}
        self.held: deque[tuple[str, Scope, str | None]] = deque()
        self.ready: deque[tuple[str | None, Scope, str | None]] = deque()
        self.go(definition.get("start", definition["steps"][0]["id"]), self.whole)
        self.walk()

    # What is seen from outside

    def open(self) -> list[Activation]:
        return [a for a in self.activations if a.is_open()]

    def record(self) -> Counter:
        """The steps and turns so far: (step, path, status) and how often."""
        seen = Counter((a.step["id"], a.scope.path(), a.status) for a in self.activations)
        turns = (scope for scope in self.scopes if scope.kind == "turn")
        seen.update((t.owner.step["id"] + " turn", t.path(), t.status) for t in turns)
        return seen

    def moves(self) -> list[list[tuple[str, tuple[int, ...], int, str]]]:
        """What may happen next: for each open activation, in a fixed order, what to it."""
        found: dict[tuple, list] = {}
        for number, a in enumerate(self.open()):
            found.setdefault((a.step["id"], a.scope.path()), []).append((number, a))
        return [
            [(*key, nth, what) for what in self.possible(a)]
            for key, group in sorted(found.items())
            for nth, (_, a) in enumerate(group)
        ]

    def possible(self, a: Activation) -> list[str]:
        kind = a.step["type"]
        if a.gone_on:
            return ["cancel"]
        if a.status == "waiting" and kind not in ("delay", "wait", "approval"):
            return ["retry", "cancel", "skip"]
        kinds = {
            "action": ["complete", "fail", "break", "skip"],
            "delay": ["due", "skip"],
            "wait": [f"event {n}" for n in range(len(a.step.get("events", [])))] + ["skip"],
            "approval": ["approve", "reject", "skip"],
            "loop": ["finish", "skip"],
            "scope": ["skip"],
        }
        more = ["timeout"] if "timeout" in a.step else []
        if a.items is not None and len(a.items) < a.step.get("max_iterations", 1000):
            more.append("add")
        return [*kinds.get(kind, []), *more, "cancel"]

    def find(self, move: Move) -> Activation:
        place = (move.step, move.path)
        return [a for a in self.open() if (a.step["id"], a.scope.path()) == place][move.nth]

    # What happens

    def apply(self, move: Move) -> None:
        """Let something happen and walk on until everything waits again."""
        if move.what == "cancel workflow":
            self.finish("cancelled", "cancelled")
            return
        if move.what == "pause and resume":
            return
        a = self.find(move)
        match move.what.split():
            case ["complete"]:
                self.complete(a, move.value)
            case ["due"]:
                self.complete(a, Having(until=Anything()))
            case ["fail"]:
                self.fail(a, Trouble("boom", "http_5xx"))
            case ["break"]:
                self.fail(a, Trouble("broken", "invalid"))
            case ["retry"]:
                a.status = "running"
                self.begin(a)
            case ["event", number]:
                event = a.step["events"][int(number)]
                self.complete(a, Having(matched=True), event)
            case ["approve" | "reject" as decision]:
                self.decide(a, decision)
            case ["timeout"]:
                self.time_out(a)
            case ["cancel"]:
                self.cancel_inside(a)
                # a loop that has gone on was completed; only its rest ends
                self.end(a, "completed" if a.gone_on else "cancelled", None)
            case ["skip"]:
                self.cancel_inside(a)
                self.end(a, "skipped", a.step.get("approved_next", a.step.get("next")))
            case ["finish"]:
                self.end_loop(a, "completed")
            case ["add"]:
                a.items.append(move.value)
                self.proceed(a)
        self.walk()

    def time_out(self, a: Activation) -> None:
        self.cancel_inside(a)
        answer = a.step.get("on_timeout", "reject")
        if a.step["type"] == "approval" and isinstance(answer, str):
            self.decide(a, answer)
        elif a.step["type"] == "approval":
            self.end(a, "completed", answer["next"])
        elif "timeout_next" in a.step:
            self.end(a, "completed", a.step["timeout_next"])
        else:
            self.fail(a, Trouble("timeout", "timeout"))

    def decide(self, a: Activation, decision: str) -> None:
        said = {"approve": "approved", "reject": "rejected"}[decision]
        approved = a.step.get("approved_next", a.step.get("next"))
        way = approved if decision == "approve" else a.step.get("rejected_next")
        self.complete(a, Having(decision=said), {"next": way})

    def walk(self) -> None:
        """Move tokens until each stands in an open step or is gone."""
        while self.ready:
            step, scope, came_from = self.ready.popleft()
            if scope.status != "running":
                continue
            if step is None:
                self.leave(scope)
            elif self.by_id[step]["type"] != "merge":
                self.enter(step, scope, came_from)
            elif "from" in self.by_id[step]:
                self.join(self.by_id[step], scope, came_from)
            else:
                self.arrive(self.by_id[step], scope)

    def go(self, step: str | None, scope: Scope, came_from: str | None = None) -> None:
        self.ready.append((step, scope, came_from))

    def enter(self, step_id: str, scope: Scope, came_from: str | None) -> None:
        step = self.by_id[step_id]
        if (mutex := step.get("mutex")) and mutex in self.holders:
            self.held.append((step_id, scope, came_from))
            return
        a = Activation(step, scope)
        if mutex:
            self.holders[mutex] = a
        self.activations.append(a)
        self.begin(a)

    def begin(self, a: Activation) -> None:
        try:
            getattr(self, "begin_" + a.step["type"])(a)
        except Trouble as trouble:
            self.cancel_inside(a)
            self.fail(a, trouble)

    # How activations end

    def end(self, a: Activation, status: str, next: str | None) -> None:
        """Close an activation; its token goes on at `next`."""
        a.status = status
        self.release(a)
        self.go(next, a.scope, a.step["id"])

    def release(self, a: Activation) -> None:
        mutex = a.step.get("mutex")
        if mutex and self.holders.get(mutex) is a:
            del self.holders[mutex]
            for waiting in list(self.held):
                if waiting[1].status != "running":
                    self.held.remove(waiting)
                elif self.by_id[waiting[0]]["mutex"] == mutex:
                    self.held.remove(waiting)
                    self.ready.append(waiting)
                    break

    def complete(self, a: Activation, output: Json, way: dict | None = None) -> None:
        self.keep(a, output)
        save_as = a.step.get("save_as", "" if a.step["type"] == "action" else None)
        if save_as:
            self.whole.vars[save_as] = output
        elif save_as == "" and isinstance(output, dict):
            self.whole.vars.update(output)
        if a.gone_on:
            a.status = "completed"
        else:
            self.end(a, "completed", (way or {}).get("next", a.step.get("next")))

    def keep(self, a: Activation, output: Json) -> None:
        a.scope.nearest("turn", "instance").steps[a.step["id"]] = output
        a.scope.nearest("turn", "scope", "instance").last = output

    def fail(self, a: Activation, trouble: Trouble) -> None:
        retry = a.step.get("retry")
        again = retry and a.attempt < retry["max_attempts"] and trouble.kind in WORTH_ANOTHER
        if again and a.step["type"] in ("action", "loop", "scope"):
            a.attempt += 1
            a.status = "waiting"
            return
        on_error = a.step.get("on_error", "fail")
        a.scope.nearest("turn", "instance").steps[a.step["id"]] = {"error": {"code": trouble.code}}
        if on_error != "fail":
            self.end(
                a, "failed", a.step.get("next") if on_error == "continue" else on_error["next"]
            )
            return
        a.status = "failed"
        self.release(a)
        boundary = a.scope.nearest("turn", "scope", "instance")
        if boundary.kind == "instance":
            self.finish("failed", trouble.code)
        elif boundary.kind == "turn":
            self.end_turn(boundary, "failed", trouble)
        else:
            self.cancel_inside(boundary.owner)
            self.fail(boundary.owner, trouble)

    def finish(self, status: str, reason: str | None = None) -> None:
        self.cancel_inside(self.whole)
        self.status, self.reason = status, reason
        self.whole.status = status
        if status == "completed":
            self.output = self.fill(self.definition.get("output", "{{vars}}"), self.whole)

    def open_scope(self, kind: str, owner: Activation, live: int = 1, **more: Any) -> Scope:
        self.scopes.append(Scope(kind, owner.scope, owner, live, **more))
        return self.scopes[-1]

    def cancel_inside(self, place: Activation | Scope) -> None:
        """Cancel everything that is open in a scope, or in the scopes of an activation."""

        def is_inside(scope: Scope) -> bool:
            return any(place in (outer, outer.owner) for outer in scope.outwards())

        for scope in self.scopes:
            if scope.status == "running" and scope is not place and is_inside(scope):
                scope.status = "cancelled"
        cancelled = [a for a in self.open() if is_inside(a.scope)]
        for a in cancelled:
            a.status = "cancelled"
        for a in cancelled:
            self.release(a)

    # Scopes, splits and merges

    def leave(self, scope: Scope) -> None:
        """A token of a scope is gone; the last one closes it."""
        scope.live -= 1
        if scope.live > 0:
            return
        if scope.kind == "instance":
            self.finish("completed")
        elif scope.kind == "turn":
            self.end_turn(scope, "completed")
        elif scope.kind == "scope":
            scope.status = "completed"
            self.complete(scope.owner, scope.last)
        else:
            self.close_split(scope)

    def close_split(self, scope: Scope) -> None:
        scope.status = scope.owner.status = "completed"
        self.release(scope.owner)
        if scope.arrived and not scope.fired:
            self.fire(scope.merge, scope.arrived, scope.outer)
        else:
            self.go(None, scope.outer)

    def arrive(self, merge: dict, scope: Scope) -> None:
        """A token reaches a merge: of its own split, or on its way to that of an outer one."""
        wait_for = {"all": 0, "any": 1}.get(merge.get("wait_for", "all"), merge.get("wait_for"))
        if merge.get("split", scope.owner.step["id"]) != scope.owner.step["id"]:
            # an inner split has arrived as soon as one of its tokens has
            if wait_for == "each" or not scope.fired:
                scope.outer.live += 1
                self.go(merge["id"], scope.outer)
            scope.fired = True
            self.leave(scope)
            return
        if wait_for == "each":
            scope.outer.live += 1
            self.fire(merge, 1, scope.outer)
            self.leave(scope)
            return
        scope.merge = merge
        scope.arrived += 1
        if scope.arrived == wait_for and not scope.fired:
            if merge.get("cancel_rest", True):
                self.cancel_inside(scope.owner)
                scope.status = scope.owner.status = "completed"
                self.release(scope.owner)
                self.fire(merge, scope.arrived, scope.outer)
                return
            scope.outer.live += 1
            scope.fired = True
            self.fire(merge, scope.arrived, scope.outer)
        self.leave(scope)

    def fire(self, merge: dict, arrived: int, scope: Scope) -> None:
        """One token goes on behind a merge."""
        a = Activation(merge, scope)
        self.activations.append(a)
        self.complete(a, {"arrived": arrived})

    def join(self, merge: dict, scope: Scope, came_from: str) -> None:
        """An arrival at a merge without a split is queued until there is one of each."""
        queue = self.queues.setdefault((merge["id"], scope), Counter())
        queue[came_from] += 1
        if all(queue[step] for step in merge["from"]):
            queue.subtract(merge["from"])
            self.fire(merge, len(merge["from"]), scope)
        else:
            self.leave(scope)

    # The kinds of steps

    def begin_action(self, a: Activation) -> None:
        pass

    def begin_delay(self, a: Activation) -> None:
        a.status = "waiting"

    begin_wait = begin_approval = begin_delay

    def begin_scope(self, a: Activation) -> None:
        self.go(a.step["body"], self.open_scope("scope", a), a.step["id"])

    def begin_condition(self, a: Activation) -> None:
        step, next = a.step, a.step.get("next")
        cases = step.get("cases", [])
        branch, way = "default", step.get("default", next)
        if not cases:
            cases = [
                {"when": step["condition"], "name": "true", "next": step.get("true_next", next)}
            ]
            branch, way = "false", step.get("false_next", next)
        try:
            for case in cases:
                if self.holds(case["when"], a.scope):
                    branch, way = case["name"], case.get("next", next)
                    break
        except Trouble:
            if "error_next" not in step:
                raise
            branch, way = "error", step["error_next"]
        result = branch not in ("false", "default", "error")
        self.complete(a, {"result": result, "branch": branch}, {"next": way})

    def begin_set(self, a: Activation) -> None:
        values = {}
        for name, value in a.step["values"].items():
            before = self.look(name, a.scope)
            match value:
                case {"expr": text}:
                    values[name] = self.compute(text, a.scope)
                case {"append": item}:
                    values[name] = [*(before or []), self.fill(item, a.scope)]
                case {"merge": more}:
                    values[name] = (before or {}) | self.fill(more, a.scope)
                case _:
                    values[name] = self.fill(value, a.scope)
        local = a.step.get("scope") == "iteration"
        (a.scope.nearest("turn") if local else self.whole).vars.update(values)
        self.complete(a, values)

    def begin_split(self, a: Activation) -> None:
        taken = []
        for branch in a.step["branches"]:
            branch = branch if isinstance(branch, dict) else {"next": branch}
            if "when" not in branch or self.holds(branch["when"], a.scope):
                taken.append(branch["next"])
        if not taken and "default" in a.step:
            taken = [a.step["default"]]
        taken = [step for step in taken for _ in range(a.step.get("count", 1))]
        a.scope.nearest("turn", "instance").steps[a.step["id"]] = {"branches": Anything()}
        if not taken:
            self.end(a, "completed", None)
            return
        scope = self.open_scope("split", a, len(taken))
        for step in taken:
            self.go(step, scope, a.step["id"])

    def begin_stop(self, a: Activation) -> None:
        status, where = a.step.get("status", "completed"), a.step.get("scope", "instance")
        trouble = Trouble(a.step.get("code", "stopped"))
        a.status = "completed"
        turn = a.scope.nearest("turn")
        if where == "instance":
            self.finish(status, trouble.code if status == "failed" else a.step.get("reason"))
        elif where == "branch":
            self.go(None, a.scope)
        elif where == "iteration":
            self.end_turn(turn, status, trouble)
        else:
            self.end_loop(turn.owner, status, trouble)

    # Loops

    def begin_loop(self, a: Activation) -> None:
        a.turns, a.started, a.items = [], 0, None
        limit = a.step.get("max_iterations", 1000)
        if "over" in a.step:
            a.items = list(self.fill(a.step["over"], a.scope))
            if len(a.items) > limit:
                raise Trouble("loop_overrun")
        self.proceed(a)

    def proceed(self, a: Activation) -> None:
        """Start turns as far as the loop may, or end it."""
        while a.count("running") < a.step.get("max_concurrency", 1) and self.has_more(a):
            if a.items is None and a.started >= a.step["max_iterations"]:
                raise Trouble("loop_overrun")
            roots = {"index": a.started}
            if a.items is not None:
                roots |= {"item": a.items[a.started], "count": len(a.items)}
            turn = self.open_scope("turn", a, index=a.started, roots={"loop": roots})
            if "as" in a.step and a.items is not None:
                turn.roots[a.step["as"]] = roots["item"]
            a.turns.append(turn)
            a.started += 1
            self.go(a.step["body"], turn, a.step["id"])
        if a.count("running") == 0:
            self.end_loop(a, "completed")

    def has_more(self, a: Activation) -> bool:
        if a.items is not None:
            return a.started < len(a.items)
        if "while" in a.step:
            return self.holds(a.step["while"], a.scope, self.progress(a))
        return a.started == 0 or not self.holds(a.step["until"], a.scope, self.progress(a))

    def progress(self, a: Activation) -> dict:
        """The root `loop` of the loop's own conditions."""
        done = {"completed": a.count("completed"), "failed": a.count("failed")}
        count = a.started if a.items is None else len(a.items)
        return {"loop": {"index": a.started, "count": count, "results": self.results(a)} | done}

    def results(self, a: Activation) -> list:
        return [t.last if t.status == "completed" else None for t in a.turns]

    def end_turn(self, turn: Scope, status: str, trouble: Trouble | None = None) -> None:
        a = turn.owner
        self.cancel_inside(turn)
        turn.status = status
        if status != "completed":
            turn.last = None
        elif "result" in a.step:
            turn.last = self.fill(a.step["result"], turn)
        tolerated = a.step.get("tolerated_failures", 0)
        if isinstance(tolerated, str):
            tolerated = int(tolerated.rstrip("%")) * len(a.items or a.turns) / 100
        wanted = a.step.get("complete_when")
        if a.gone_on:
            if a.count("running") == 0:
                a.status = "completed"
                self.keep(a, a.output)
                self.go(None, a.scope)
        elif status == "failed" and a.count("failed") > tolerated:
            self.end_loop(a, "failed", trouble)
        elif wanted is not None and (
            a.count("completed") >= wanted
            if isinstance(wanted, int)
            else self.holds(wanted, a.scope, self.progress(a))
        ):
            self.end_loop(a, "leaving")
        else:
            try:
                self.proceed(a)
            except Trouble as overrun:
                self.end_loop(a, "failed", overrun)

    def end_loop(self, a: Activation, status: str, trouble: Trouble | None = None) -> None:
        output = self.progress(a)["loop"]
        del output["index"]
        if status == "leaving" and a.count("running") and not a.step.get("cancel_rest", True):
            unit = a.scope.nearest("turn", "scope", "instance")
            a.scope.live += 1
            last, a.output = unit.last, output
            self.complete(a, output)
            a.status, a.gone_on, unit.last = "running", True, last
            return
        self.cancel_inside(a)
        if status in ("completed", "leaving"):
            self.complete(a, output)
        elif status == "failed":
            self.fail(a, trouble)
        else:
            self.end(a, "cancelled", None)

    # Values

    def look(self, path: str, scope: Scope, more: dict | None = None) -> Json:
        """What a name means here; None when it means nothing."""
        turns = [s for s in scope.outwards() if s.kind in ("turn", "instance")][::-1]
        roots: dict[str, Json] = {
            "vars": {k: v for turn in turns for k, v in turn.vars.items()},
            "steps": {k: v for turn in turns for k, v in turn.steps.items()},
        }
        for turn in turns:
            roots |= turn.roots
        roots |= more or {}
        names = path.split(".")
        value = roots if names[0] in roots else roots["vars"]
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def holds(self, condition: str, scope: Scope, more: dict | None = None) -> bool:
        """Whether `name op constant` holds; missing is false, another type is an error."""
        name, symbol, text = condition.split(" ", 2)
        left, right = self.look(name, scope, more), json.loads(text.replace("'", '"'))
        if left is None:
            return symbol == "!="
        if type(left) is not type(right):
            raise Trouble("condition_error")
        return OPERATORS[symbol](left, right)

    def compute(self, text: str, scope: Scope) -> Json:
        name, symbol, number = text.split(" ")
        if not isinstance(value := self.look(name, scope), int):
            raise Trouble("condition_error")
        return OPERATORS[symbol](value, int(number))

    def fill(self, value: Json, scope: Scope) -> Json:
        """A template with its values; those the generator writes are single expressions."""
        if isinstance(value, dict):
            return {key: self.fill(item, scope) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item, scope) for item in value]
        if not (found := isinstance(value, str) and TEMPLATE.fullmatch(value)):
            return value
        if (result := self.look(found["name"], scope)) is None:
            if found["default"] is None:
                raise Trouble("template_missing")
            return json.loads(found["default"])
        return result
