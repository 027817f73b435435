"""Plays examples on the engine, many instances at once, and compares it with the model."""

from __future__ import annotations

import re
import uuid
from collections import Counter, defaultdict
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from workflow_generator import EVENTS, Example
from workflow_model import Move, Run

from tests.engine import Engine, failed, ok

ANSWERS = {"fail": failed(), "break": failed("invalid", "broken")}
TIMERS = {"due": "delay", "retry": "retry", "timeout": "timeout"}
CONTROL = {
    "cancel": "cancel_step",
    "skip": "skip_step",
    "finish": "complete_loop",
    "add": "add_loop_item",
}
JUDGE_ROLE = "marketing_manager"
JUDGE = uuid.UUID("11111111-1111-4111-8111-111111111111")

REFUSALS = """
    select d.place - 1, string_agg(concat_ws(' ', e.pointer, e.code, e.message), '; ')
    from unnest(%s::jsonb[]) with ordinality as d (definition, place)
    cross join automation.validate_definition(d.definition) as e
    where e.severity = 'error'
    group by d.place
"""
PUBLISH = """
    select automation.create_template(
        p_name => 'model ' || gen_random_uuid(), p_definition => d.definition
    )
    from unnest(%s::jsonb[]) with ordinality as d (definition, place)
    order by d.place
"""
START = """
    select automation.start_workflow(p_template_id => t.id, p_trigger => t.trigger)
    from unnest(%s::uuid[], %s::jsonb[]) with ordinality as t (id, trigger, place)
    order by t.place
"""
FORWARD = """
    update automation_private.timers as t
    set due_at = automation_private.clock() - interval '1 second'
    from unnest(%s::uuid[], %s::text[]) as m (step_id, kind)
    inner join automation.workflow_steps as s on s.step_id = m.step_id
    where t.step_id = m.step_id and t.kind = m.kind
        and (t.kind <> 'timeout' or t.attempt = s.attempt)
    returning t.step_id
"""


class Instance:
    """An example on its way: what the model says and what the engine has."""

    def __init__(self, example: Example) -> None:
        self.example = example
        self.moves = list(example.moves)
        self.model = Run(example.definition, example.trigger)
        self.done: list[Move] = []
        self.problem: str | None = None
        self.rows: list[dict] = []
        self.paths: dict[uuid.UUID | None, tuple[int, ...]] = {}
        self.state: dict[str, Any] = {}

    def see(self, state: dict, rows: list[dict]) -> None:
        """Take in what the engine's tables say."""
        self.state, self.rows, self.paths = state, rows, {None: ()}
        for row in rows:
            if row["step_type"] == "iteration":
                outer = self.paths[row["iteration_id"]]
                self.paths[row["step_id"]] = (*outer, row["iteration"])

    def record(self) -> Counter:
        """The engine's record, in the model's words."""
        seen: Counter = Counter()
        for row in self.rows:
            status = "running" if row["status"] == "pending" else row["status"]
            if row["step_type"] == "iteration":
                seen[f"{row['step_key']} turn", self.paths[row["step_id"]], status] += 1
            else:
                seen[row["step_key"], self.paths[row["iteration_id"]], status] += 1
        return seen

    def find(self, move: Move) -> dict:
        """The engine's activation that a move means."""
        return [
            row
            for row in self.rows
            if row["status"] in ("pending", "running", "waiting")
            and row["step_type"] != "iteration"
            and (row["step_key"], self.paths[row["iteration_id"]]) == (move.step, move.path)
        ][move.nth]

    def key(self, id: uuid.UUID, move: Move, number: int) -> str:
        """What an event must carry for a wait to take it for its own."""
        a = self.model.find(move)

        def fill(found: re.Match) -> str:
            return str(id if found[1] == "run.id" else self.model.look(found[1], a.scope))

        return re.sub(r"\{\{([\w.]+)\}\}", fill, a.step["events"][number]["match"]["key"])

    def compare(self) -> None:
        """Note what the engine and the model see differently."""
        model, problems = self.model, []
        mutexes = {i for i, step in model.by_id.items() if "mutex" in step}
        expected, actual = (without_waiting(r, mutexes) for r in (model.record(), self.record()))
        for text, more in (("missing", expected - actual), ("unexpected", actual - expected)):
            problems += [f"{text}: {key} x {count}" for key, count in sorted(more.items())]
        if self.state["status"] == "failed" != model.status:
            problems.append(f"error: {self.state['error_details']}")
        pairs = {
            "status": (model.status, self.state["status"]),
            "variables": (model.whole.vars, self.state["context_data"]),
        }
        if model.status == "failed":
            pairs["error"] = (model.reason, self.state["code"])
        if model.status == "completed":
            pairs["output"] = (model.output, self.state["execution_results"])
        for name, (should, is_) in pairs.items():
            if should != is_:
                problems.append(f"{name}: {show(should, is_)} expected, got {show(is_, should)}")
        if problems:
            self.problem = "\n".join([f"after {self.done}", *problems])


def show(value: Any, other: Any) -> str:
    """A value, or what of it is different from another."""
    if isinstance(value, dict) and isinstance(other, dict):
        return str({k: v for k, v in value.items() if k not in other or v != other[k]})
    return repr(value)


def without_waiting(record: Counter, mutexes: set[str]) -> Counter:
    """Cancelled before or after it got the mutex is the same."""
    return Counter(
        {
            key: count
            for key, count in record.items()
            if not (key[0] in mutexes and key[2] == "cancelled")
        }
    )


class Replay:
    """The engine as the model test drives it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.messages: dict[str, tuple[int, int, dict]] = {}
        self.instances: dict[uuid.UUID, Instance] = {}
        engine.call("app_backend", "set_member", p_user_id=JUDGE, p_role_code=JUDGE_ROLE)
        self.judge = engine.database.connect("app_backend", org=engine.org, user_id=JUDGE)

    def play(self, examples: list[Example]) -> list[Instance]:
        """Play examples side by side; each instance says what was wrong with it."""
        instances = [Instance(example) for example in examples]
        self.refuse(instances)
        valid = [instance for instance in instances if not instance.problem]
        started = self.start([instance.example for instance in valid])
        self.instances = dict(zip(started, valid, strict=True))
        going = dict(self.instances)
        while going:
            self.settle()
            self.look(going)
            moves = []
            for id, instance in list(going.items()):
                instance.compare()
                if instance.problem or not instance.moves:
                    del going[id]
                    continue
                move = instance.moves.pop(0)
                moves.append((id, instance, move))
            self.apply(moves)
            for _, instance, move in moves:
                instance.model.apply(move)
                instance.done.append(move)
        return instances

    def refuse(self, instances: list[Instance]) -> None:
        """Note whose definition is not valid."""
        definitions = [Jsonb(instance.example.definition) for instance in instances]
        for place, errors in self.engine.client.execute(REFUSALS, [definitions]).fetchall():
            instances[place].problem = f"refused: {errors}"

    def start(self, examples: list[Example]) -> list[uuid.UUID]:
        client = self.engine.client
        rows = client.execute(PUBLISH, [[Jsonb(e.definition) for e in examples]]).fetchall()
        templates = [row[0] for row in rows]
        client.execute(
            "select automation.publish_template(t) from unnest(%s::uuid[]) as t", [templates]
        )
        triggers = [Jsonb(e.trigger) for e in examples]
        return [row[0] for row in client.execute(START, [templates, triggers]).fetchall()]

    def settle(self) -> None:
        """Tick until nothing moves, and take every message into our hands."""
        while self.engine.tick():
            pass
        while found := self.engine.read(1000, 86400):
            self.messages |= {message[2]["step"]: message for message in found}

    def look(self, going: dict[uuid.UUID, Instance]) -> None:
        """Read the state of instances, and whether the tables contradict themselves."""
        ids = list(going)
        rows = defaultdict(list)
        with self.engine.admin.cursor(row_factory=dict_row) as cursor:
            cursor.execute(
                "select s.instance_id, s.step_id, s.step_key, s.step_type, s.status,"
                " s.iteration_id, s.iteration from automation.workflow_steps as s"
                " where s.instance_id = any (%s) order by s.step_id",
                [ids],
            )
            for row in cursor:
                rows[row["instance_id"]].append(row)
            states = cursor.execute(
                "select i.instance_id, i.status, i.context_data, i.execution_results,"
                " coalesce(i.error_details ->> 'code', i.stop_reason) as code, i.error_details"
                " from automation.workflow_instances as i where i.instance_id = any (%s)",
                [ids],
            ).fetchall()
        for state in states:
            going[state["instance_id"]].see(state, rows[state["instance_id"]])
        for invariant, _, id, detail in self.engine.invariants():
            for instance in [self.instances.get(id)] if id else going.values():
                if instance and not instance.problem:
                    instance.problem = f"after {instance.done}\ninvariant: {invariant}: {detail}"

    def apply(self, moves: list[tuple[uuid.UUID, Instance, Move]]) -> None:
        """Let one thing happen to each instance."""
        results, steps = [], {}
        for id, instance, move in moves:
            if move.what == "cancel workflow":
                self.engine.call("app_backend", "cancel_workflow", p_instance_id=id)
                continue
            if move.what == "pause and resume":
                self.engine.call("app_backend", "pause_workflow", p_instance_id=id)
                self.settle()
                self.engine.call("app_backend", "resume_workflow", p_instance_id=id)
                continue
            row = instance.find(move)
            if move.what in ("complete", "fail", "break"):
                answer = ANSWERS.get(move.what) or ok(move.value)
                results.append((self.messages.pop(str(row["step_id"])), answer))
            elif move.what in TIMERS:
                steps[row["step_id"]] = (TIMERS[move.what], instance)
            else:
                try:
                    self.tell(id, instance, row, move)
                except psycopg.Error as error:
                    instance.problem = f"after {instance.done}\n{move} is refused: {error}"
        if results:
            stale = self.engine.report(*results)["stale"]
            assert not stale, stale
        if steps:
            kinds = [kind for kind, _ in steps.values()]
            moved = self.engine.admin.execute(FORWARD, [list(steps), kinds]).fetchall()
            for id in steps.keys() - {row[0] for row in moved}:
                kind, instance = steps[id]
                instance.problem = f"after {instance.done}\nno {kind} timer"

    def tell(self, id: uuid.UUID, instance: Instance, row: dict, move: Move) -> None:
        """What people and events do."""
        match move.what.split():
            case [("cancel" | "skip" | "finish" | "add") as what]:
                function = CONTROL[what]
                more = {"add": {"p_item": Jsonb(move.value)}, "skip": {"p_output": None}}
                self.engine.call(
                    "app_backend",
                    function,
                    p_instance_id=id,
                    p_step=move.step,
                    p_step_id=row["step_id"],
                    **more.get(what, {}),
                )
            case ["event", number]:
                key = instance.key(id, move, int(number))
                self.engine.call(
                    "app_backend", "emit_event", p_event=EVENTS[int(number)], p_new={"key": key}
                )
            case [decision]:
                self.judge.execute(f"select automation.{decision}_step(%s)", [row["step_id"]])
