"""Workflows and instances as Mermaid flowcharts: structure, labels, states; that they render."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.engine import act, failed, if_, ok

TESTS = Path(__file__).resolve().parent

LABEL = r'"((?:[a-zA-Z0-9 ]|[^\x00-\x7f]|#\d+;|<br/>)*)"'
SHAPES = {
    ("[", "]"): "action",
    ("{", "}"): "condition",
    ("[/", "/]"): "set",
    ("([", "])"): "delay",
    ("[/", "\\]"): "split",
    ("[\\", "/]"): "merge",
    ("(", ")"): "loop",
    (">", "]"): "wait",
    ("{{", "}}"): "approval",
    ("[[", "]]"): "workflow",
    ("(((", ")))"): "stop",
    ("((", "))"): "end of body",
}
ID = r"(?:go|s\d+|b\d+|out\d+|x\d+x\d+)"
NODE = re.compile(rf"({ID})([\[\](){{}}>/\\]+){LABEL}([\[\](){{}}/\\]+)(?::::([a-z]+))?")
EDGE = re.compile(rf"({ID}) (-->|==>|-\.->)(?:\|{LABEL}\|)? ({ID})")
SUBGRAPH = re.compile(rf"subgraph (b\d+)\[{LABEL}\]")
CLASS = re.compile(r"classDef ([a-z]+) [a-z0-9:#,-]+")


@dataclass
class Diagram:
    """A Mermaid flowchart, read."""

    text: str
    shapes: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    classes: dict[str, str | None] = field(default_factory=dict)
    bodies: dict[str, str | None] = field(default_factory=dict)
    edges: list[tuple[str, str, str, str]] = field(default_factory=list)

    def name(self, node: str) -> str:
        """The first line of a node's label: what tests call it."""
        return self.labels[node].split("\n")[0] if node.startswith("s") else node

    @property
    def ways(self) -> set[tuple[str, str, str]]:
        return {(self.name(a), label, self.name(b)) for a, _, label, b in self.edges}

    @property
    def taken(self) -> set[tuple[str, str, str]]:
        return {
            (self.name(a), label, self.name(b)) for a, line, label, b in self.edges if line == "==>"
        }

    @property
    def states(self) -> dict[str, str | None]:
        return {self.name(n): c for n, c in self.classes.items() if n.startswith("s")}

    def label(self, step: str) -> list[str]:
        (node,) = (n for n in self.labels if self.name(n) == step)
        return self.labels[node].split("\n")


def plain(label: str | None) -> str:
    text = re.sub(r"#(\d+);", lambda m: chr(int(m[1])), label or "")
    return text.replace("<br/>", "\n").replace("\u2060", "")


def read(text: str) -> Diagram:
    """Read a diagram; whatever is not one of the lines that diagrams are made of is an error."""
    diagram = Diagram(text)
    lines = text.splitlines()
    assert lines.pop(0) == "flowchart TD"
    around: list[str] = []
    defined = set()
    for line in map(str.strip, lines):
        if match := SUBGRAPH.fullmatch(line):
            assert match[1] not in diagram.bodies, line
            diagram.bodies[match[1]] = around[-1] if around else None
            around.append(match[1])
        elif line == "end":
            around.pop()
        elif match := EDGE.fullmatch(line):
            diagram.edges.append((match[1], match[2], plain(match[3]), match[4]))
        elif match := CLASS.fullmatch(line):
            defined.add(match[1])
        else:
            match = NODE.fullmatch(line)
            assert match, line
            node = match[1]
            assert node not in diagram.labels, f"drawn twice: {line}"
            diagram.labels[node] = plain(match[3])
            diagram.shapes[node] = SHAPES[match[2], match[4]]
            diagram.classes[node] = match[5]
            diagram.bodies[node] = around[-1] if around else None
    assert not around, "a subgraph is not closed"
    assert {n for a, _, _, b in diagram.edges for n in (a, b)} <= set(diagram.labels)
    assert {c for c in diagram.classes.values() if c} <= defined
    assert all(a.removeprefix("b") in {n[1:] for n in diagram.labels} for a in around)
    return diagram


def draw(engine, **of: Any) -> Diagram:
    return read(engine.call("app_backend", "workflow_diagram", **of))


def draw_instance(engine, instance) -> Diagram:
    return draw(engine, p_instance_id=instance)


def draw_steps(engine, *steps: dict, **document: Any) -> Diagram:
    return draw(engine, p_definition=document | {"steps": list(steps)})


def kind(step: str, type_: str, next: str | None = None, **more: Any) -> dict:
    return {"id": step, "type": type_} | more | ({"next": next} if next else {})


EVERY_CONSTRUCT = [
    act("begin", "sure", on_error={"next": "give_up"}, name="Begin"),
    if_("sure", "a > 1", "fork", "route", error_next="give_up"),
    kind(
        "route",
        "condition",
        cases=[
            {"when": "score >= 80", "next": "fork", "name": "good"},
            {"when": {"field": "score", "op": "gte", "value": 50}, "next": "pause"},
        ],
        default="give_up",
    ),
    kind("pause", "delay", "fork", **{"for": "P2D"}),
    kind("fork", "split", branches=["each", {"next": "hear", "name": "listen"}, {"next": "ask"}]),
    kind("each", "loop", "join", over="{{vars.leads}}", body="unit", **{"as": "lead"}),
    kind("unit", "scope", "more", body="count", on_error="continue"),
    kind("count", "set", "variant", values={"n": {"expr": "n + 1"}}),
    kind(
        "variant",
        "split",
        mode="random",
        branches=[
            {"next": "mail", "weight": 45, "name": "b"},
            {"next": "child", "weight": 45},
            {"weight": 10, "name": "holdout"},
        ],
    ),
    act("mail"),
    kind("child", "workflow", template="Another"),
    if_("more", "lead.x = 1", "enough"),
    kind("enough", "stop", scope="loop"),
    kind(
        "hear",
        "wait",
        events=[{"event": "a.created", "next": "join"}, {"event": "b.created", "next": "pick"}],
        timeout="P1D",
        timeout_next="leave",
    ),
    kind(
        "pick",
        "split",
        mode="matching",
        branches=[{"next": "late", "when": "x > 1"}, "later"],
        default="later",
    ),
    kind("late", "delay", "join", until="{{vars.day}}"),
    kind("later", "wait", "join", condition="vars.done = true"),
    kind(
        "ask",
        "approval",
        approvers=[{"role": "manager"}],
        approved_next="join",
        rejected_next="leave",
        changes_next="ask_again",
        on_timeout={"next": "leave"},
        timeout="P1D",
    ),
    kind("ask_again", "approval", "join", approvers=[{"role": "manager"}]),
    kind("join", "merge", wait_for=2),
    kind("leave", "stop", scope="branch"),
    kind("give_up", "stop", status="failed", reason="no luck"),
]


def test_every_construct_is_drawn_with_its_shape_and_ways(engine):
    engine.publish(act("a"))
    found = engine.client.execute(
        "select code, pointer from automation.validate_definition(%s) where severity = 'error'",
        [Jsonb({"steps": [s for s in EVERY_CONSTRUCT if s["id"] != "child"]})],
    ).fetchall()
    assert found == [("unknown_step", "/steps/8/branches/1/next")]
    diagram = draw_steps(engine, *EVERY_CONSTRUCT, trigger={"type": "event", "event": "x.created"})

    assert diagram.label("go") == ["start", "event x.created"]
    kinds = {s.get("name", s["id"]): s["type"].replace("scope", "loop") for s in EVERY_CONSTRUCT}
    assert {diagram.name(n): k for n, k in diagram.shapes.items() if n.startswith("s")} == kinds
    assert set(diagram.classes.values()) == {None}
    body = {s["id"]: f"s{n}" for n, s in enumerate(EVERY_CONSTRUCT, 1)}
    assert diagram.bodies["b6"] is None
    assert diagram.bodies["b7"] == "b6"
    assert {diagram.bodies[body[s]] for s in ("unit", "more", "enough")} == {"b6"}
    assert {diagram.bodies[body[s]] for s in ("count", "variant", "mail", "child")} == {"b7"}
    assert {diagram.bodies[body[s]] for s in ("each", "join", "hear")} == {None}
    assert diagram.ways == {
        ("go", "", "Begin"),
        ("Begin", "", "sure"),
        ("Begin", "error", "give_up"),
        ("sure", "true", "fork"),
        ("sure", "false", "route"),
        ("sure", "undecided", "give_up"),
        ("route", "good", "fork"),
        ("route", "score gte 50", "pause"),
        ("route", "otherwise", "give_up"),
        ("pause", "", "fork"),
        ("fork", "", "each"),
        ("fork", "listen", "hear"),
        ("fork", "", "ask"),
        ("each", "", "join"),
        ("each", "each turn", "unit"),
        ("unit", "", "count"),
        ("unit", "", "more"),
        ("unit", "error", "more"),
        ("count", "", "variant"),
        ("variant", "b 45%", "mail"),
        ("variant", "45%", "child"),
        ("variant", "holdout 10%", "out7"),
        ("mail", "", "out7"),
        ("child", "", "out7"),
        ("out7", "", "unit"),
        ("more", "true", "enough"),
        ("more", "false", "out6"),
        ("out6", "", "each"),
        ("hear", "a.created", "join"),
        ("hear", "b.created", "pick"),
        ("hear", "timeout", "leave"),
        ("pick", "x > 1", "late"),
        ("pick", "", "later"),
        ("pick", "otherwise", "later"),
        ("late", "", "join"),
        ("later", "", "join"),
        ("ask", "approved", "join"),
        ("ask", "rejected", "leave"),
        ("ask", "changes requested", "ask_again"),
        ("ask", "timeout", "leave"),
        ("ask_again", "approved", "join"),
        ("ask_again", "rejected", "out0"),
        ("join", "", "out0"),
    }
    assert diagram.label("sure")[1:] == ["a > 1"]
    assert diagram.label("pause")[1:] == ["for P2D"]
    assert diagram.label("each")[1:] == ["for each of {{vars.leads}}"]
    assert diagram.label("hear")[1:] == ["a.created or b.created"]
    assert diagram.label("give_up")[1:] == ["failed: no luck"]


NASTY = [
    "end",
    "graph TD; a-->b",
    'say "hi" `there`',
    "[a](b){c}<d>",
    "<script>alert(1)</script>",
    "a<br>b &amp; &#35; #35; #quot;",
    "%%{init: {'theme': 'dark'}}%% comment",
    "1. one",
    "- a list\n- of two",
    "# head\r\n\tand body",
    "**bold** _em_ `code` ~~gone~~",
    "$$x^2$$ \\(y\\)",
    "fa:fa-car ::icon(x) s1:::failed",
    "style s1 fill:#f00; click s1",
    "classDef x:y#z;",
    "subgraph b1",
    "a | b |c| --> d ==> e -.-> f & g",
    "😀 👩‍👩‍👧 مرحبا 你好 ñ é ﬂ°°35¶ß",
    "\u202eevil\u2028\u2029\u0085x\ufeff\u200b",
    "@{ shape: x }",
    "---\ntitle: x\n---",
    "a" * 500,
    "😀" * 500,
    "'single' \\ back / slash",
    "linkStyle default",
    "\u0001\u001f\u007f",
    ":::",
    "~~~ {{x}} ((y)) >z]",
]


def nasty_steps() -> list[dict]:
    following = [*(f"s{n}" for n in range(1, len(NASTY))), None]
    return [
        kind(f"s{n}", "set", next, name=name, values={"a": 1})
        for n, (name, next) in enumerate(zip(NASTY, following, strict=True))
    ]


def shown(name: str) -> str:
    """A name as a diagram shows it: on one line, without what hides or reorders, not too long."""
    hidden = r"[\x00-\x20\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+"
    text = re.sub(hidden, " ", name).strip()
    return text if len(text) <= 60 else text[:59] + "…"


def test_names_are_shown_whatever_is_in_them(engine):
    diagram = draw_steps(engine, *nasty_steps())
    assert [diagram.name(f"s{n}") for n in range(1, len(NASTY) + 1)] == [
        shown(name) or f"s{n}" for n, name in enumerate(NASTY)
    ]


def test_names_of_branches_cases_and_templates_are_escaped(engine):
    nasty = 'x"] ; end |"| <b>'
    diagram = draw_steps(
        engine,
        kind(
            "c",
            "condition",
            "w",
            cases=[{"when": f"a = '{nasty}'", "next": "w"}, {"when": "b > 1", "name": nasty}],
        ),
        kind("w", "workflow", template=nasty),
    )
    assert ("c", nasty, "w") in diagram.ways
    assert ("c", f"a = '{nasty}'", "w") in diagram.ways
    assert diagram.label("w")[1:] == [nasty]


def test_links_that_lead_nowhere_are_drawn_as_such(engine):
    diagram = draw_steps(engine, act("a", "nobody"), kind("b", "split", branches=["a", "none"]))
    assert ("a", 'no step "nobody"', "x1x1") in diagram.ways
    assert diagram.shapes["x1x1"] == "action"


@pytest.mark.parametrize(
    "definition",
    [
        {},
        [],
        5,
        "text",
        {"steps": 5},
        {"steps": {"type": "workflow"}},
        {"steps": []},
        {"steps": [5, None, "x", [], {}, {"id": 7, "type": []}, {"type": "workflow"}]},
        {"steps": [{"id": "a", "type": "nonsense", "next": "b", "body": "a"}]},
        {"steps": [{"id": "a", "type": "loop", "body": "a", "over": 7}]},
        {"steps": [{"id": "a", "type": "loop", "body": "b"}, {"id": "b", "type": "scope"}]},
        {"steps": [kind("a", "loop", "b", body="b"), kind("b", "loop", "a", body="a")]},
        {"steps": [kind("a", "split", branches={"x": 1}), kind("c", "condition", cases=["x", 7])]},
        {"steps": [kind("a", "wait", events=["x", {}]), kind("b", "approval", approvers=7)]},
        {"steps": [kind("a", "set", values=[1]), act("a", "a"), kind("d", "merge", wait_for={})]},
        {"steps": [kind("a", "delay"), kind("b", "stop", scope=["x"], next="a", reason={})]},
        {"trigger": "x", "steps": [kind("a", "workflow", template=[], version="x")]},
        {"trigger": {"type": {}, "event": 7}, "steps": [act("", name=7)]},
    ],
    ids=json.dumps,
)
def test_unfinished_drafts_are_drawn_as_far_as_they_go(engine, definition):
    read(
        engine.client.execute(
            "select automation.workflow_diagram(p_definition => %s)", [Jsonb(definition)]
        ).fetchone()[0]
    )


def test_a_diagram_of_a_definition_stores_nothing(engine):
    def rows():
        return engine.admin.execute(
            "select (select count(*) from automation.workflow_definitions), "
            "(select count(*) from automation.workflow_templates), "
            "(select count(*) from automation.automation_audit)"
        ).fetchone()

    before = rows()
    draw_steps(engine, act("a"))
    assert rows() == before


def test_a_template_is_shown_as_published_and_as_draft_while_it_is_not(engine):
    def names(**of):
        diagram = draw(engine, **of)
        return {diagram.name(n) for n in diagram.labels if n.startswith("s")}

    template = engine.call(
        "app_backend", "create_template", p_name="T", p_definition={"steps": [act("draft")]}
    )
    assert names(p_template_id=template) == {"draft"}
    engine.call("app_backend", "publish_template", p_template_id=template)
    engine.call(
        "app_backend",
        "update_template",
        p_template_id=template,
        p_definition={"steps": [act("second")]},
    )
    assert names(p_template_id=template) == {"draft"}
    instance = engine.start(template)
    engine.call("app_backend", "publish_template", p_template_id=template)
    assert names(p_template_id=template) == {"second"}
    assert names(p_template_id=template, p_version=1) == {"draft"}
    assert names(p_instance_id=instance) == {"draft"}
    for wrong, code in (
        ({"p_template_id": template, "p_version": 3}, "MA002"),
        ({"p_template_id": instance}, "MA002"),
        ({"p_instance_id": template}, "MA002"),
        ({"p_template_id": template, "p_instance_id": instance}, "MA001"),
        ({"p_instance_id": instance, "p_version": 1}, "MA001"),
        ({}, "MA001"),
    ):
        with pytest.raises(errors.Error) as raised:
            draw(engine, **wrong)
        assert raised.value.sqlstate == code


def test_a_published_sub_workflow_is_shown_by_its_name(engine):
    engine.call(
        "app_backend", "create_template", p_name="Child; 1", p_definition={"steps": [act("a")]}
    )
    engine.client.execute(
        "select automation.publish_template(template_id) from automation.workflow_templates"
    )
    template = engine.publish(
        kind("named", "workflow", "own", template="Child; 1"),
        kind("own", "workflow", template={"self": True}),
    )
    diagram = draw(engine, p_template_id=template)
    assert diagram.label("named")[1:] == ["Child; 1"]
    assert diagram.label("own")[1:] == ["this workflow"]


def test_another_organisation_sees_neither_templates_nor_instances(engine, orgs):
    template = engine.publish(act("a"))
    instance = engine.start(template)
    other = engine.database.connect("app_backend", org=orgs.b)
    for of in ("p_template_id", "p_instance_id"):
        with pytest.raises(errors.Error) as raised:
            other.execute(
                f"select automation.workflow_diagram({of} => %s)",
                [template if of == "p_template_id" else instance],
            )
        assert raised.value.sqlstate == "MA002"


def test_an_instance_shows_states_and_the_way_taken(engine):
    template = engine.publish(
        act("first", "sure"),
        if_("sure", "x > 1", "fork", "other"),
        act("other", "fork"),
        kind("fork", "split", branches=["quick", "slow", "wrong"]),
        act("quick", "join"),
        kind("slow", "delay", "join", **{"for": "P1D"}),
        act("wrong", "join", on_error={"next": "comfort"}),
        act("comfort", "join"),
        kind("join", "merge", "last"),
        act("last"),
    )
    instance = engine.start(template, x=2)
    diagram = draw_instance(engine, instance)
    assert diagram.states["first"] == "running"
    assert diagram.states["last"] == "unreached"
    assert diagram.taken == {("go", "", "first")}
    engine.work({"first": ok(), "quick": ok(), "wrong": failed("refused"), "comfort": ok()})
    diagram = draw_instance(engine, instance)
    assert diagram.states == {
        "first": "completed",
        "sure": "completed",
        "fork": "running",
        "other": "unreached",
        "quick": "completed",
        "slow": "waiting",
        "wrong": "failed",
        "comfort": "completed",
        "join": "unreached",
        "last": "unreached",
    }
    taken = {
        ("go", "", "first"),
        ("first", "", "sure"),
        ("sure", "true", "fork"),
        ("fork", "", "quick"),
        ("fork", "", "slow"),
        ("fork", "", "wrong"),
        ("wrong", "error", "comfort"),
        ("quick", "", "join"),
        ("comfort", "", "join"),
    }
    assert diagram.taken == taken
    assert diagram.classes["out0"] == "unreached"
    engine.call("app_backend", "cancel_workflow", p_instance_id=instance, p_reason="enough")
    diagram = draw_instance(engine, instance)
    assert diagram.states["slow"] == "cancelled"
    assert diagram.taken == taken
    assert diagram.labels["out0"] == "cancelled: enough"
    assert diagram.classes["out0"] == "cancelled"


def test_an_instance_shows_how_often_a_step_ran(engine):
    template = engine.publish(
        kind("each", "loop", "after", over=[1, 2, 3], body="odd", tolerated_failures=3),
        if_("odd", "loop.item != 2", "work"),
        act("work"),
        act("after"),
    )
    instance = engine.start(template)
    engine.work({"work": [ok()]})
    diagram = draw_instance(engine, instance)
    assert diagram.label("odd")[1:] == ["loop.item != 2", "3 times"]
    assert diagram.label("work")[1:] == ["work", "2 times"]
    assert diagram.label("each")[1:] == ["for each of [1, 2, 3]"]
    assert {("odd", "true", "work"), ("odd", "false", "out1"), ("each", "each turn", "odd")} <= (
        diagram.taken
    )
    assert diagram.states["each"] == diagram.states["after"] == "completed"
    assert diagram.classes["out0"] == "completed"

    instance = engine.start(template)
    engine.work(lambda message: failed("refused") if message["key"] == "work" else ok())
    diagram = draw_instance(engine, instance)
    assert diagram.label("work")[1:] == ["work", "2 times"]
    assert diagram.states["work"] == "failed"


def test_an_instance_shows_what_was_undone(engine):
    template = engine.publish(
        act("book", "pay", compensate={"action": "other_work"}),
        act("pay"),
        settings={"on_failure": "rollback"},
    )
    instance = engine.start(template)
    engine.work({"pay": failed("refused")})
    diagram = draw_instance(engine, instance)
    assert diagram.label("book") == ["book", "work", "undone"]
    assert diagram.states == {"book": "completed", "pay": "failed"}


@pytest.mark.on("embedded")
def test_the_largest_definition_is_drawn_quickly(engine):
    steps = [act(f"s{n}", f"s{n + 1}" if n < 500 else None) for n in range(1, 501)]
    engine.client.execute("set statement_timeout = '5s'")
    diagram = draw_steps(engine, *steps)
    assert len(diagram.edges) == 501


def mermaid_home() -> str:
    """A folder from which node finds mermaid and jsdom."""
    home = os.environ.get("MERMAID_HOME", str(TESTS.parent))
    if not shutil.which("node") or not all(
        (Path(home) / "node_modules" / name).exists() for name in ("mermaid", "jsdom")
    ):
        pytest.skip(
            "Mermaid itself is not here, so nothing is rendered: run 'npm install mermaid jsdom' "
            "in some folder and set MERMAID_HOME to it. What diagrams are made of is tested anyway"
        )
    return home


@pytest.mark.on("embedded")
def test_mermaid_renders_every_construct_name_and_state(engine):
    home = mermaid_home()
    template = engine.publish(
        kind("each", "loop", "after", over=[1, 2], body="work", max_concurrency=2),
        act("work"),
        act("after"),
    )
    instance = engine.start(template)
    diagrams = [
        draw_steps(engine, *EVERY_CONSTRUCT),
        draw_steps(engine, *nasty_steps()),
        draw_steps(engine),
        draw_steps(engine, act("a", "nobody")),
        draw_steps(engine, kind("a", "split", branches=nasty_branches()), act("b")),
        draw_instance(engine, instance),
    ]
    run = subprocess.run(
        ["node", str(TESTS / "render_diagrams.mjs"), home],
        input=json.dumps([diagram.text for diagram in diagrams]),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    for diagram, labels in zip(diagrams, json.loads(run.stdout), strict=True):
        assert sorted(map(squeeze, labels)) == sorted(map(squeeze, diagram.labels.values()))


def nasty_branches() -> list[dict]:
    return [{"next": "b", "name": name} for name in NASTY if name.strip()]


def squeeze(label: str) -> str:
    return " ".join(label.replace("\u2060", "").split())
