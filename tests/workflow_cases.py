"""What the language's description says, case by case: for the model and for the engine alike.

A move is "step what", with the turn as "step@0.1" and the second of several as "step#1". A step
that completed is "step@0", another one "step:failed"; of turns, "loop turn@0".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from definition_tools import act, if_, merge, split
from workflow_generator import RETRY, TRIGGER, Example
from workflow_model import Move

KEY = {"key": "{{run.id}} w"}


@dataclass(frozen=True)
class Case:
    """One definition, what happens to it, and what comes of it."""

    name: str
    steps: list[dict]
    moves: str
    record: str
    status: str = "completed"
    vars: dict[str, Any] = field(default_factory=dict)
    reason: str | None = None
    trigger: dict[str, Any] = field(default_factory=dict)

    def example(self) -> Example:
        definition = {"steps": self.steps}
        return Example(definition, TRIGGER | self.trigger, read_moves(self.moves), [])


def read_moves(text: str) -> list[Move]:
    return [read_move(part.strip()) for part in text.split(",") if part.strip()]


def read_move(text: str) -> Move:
    if text in ("cancel workflow", "pause and resume"):
        return Move("", (), 0, text)
    step, path, nth, what, value = re.fullmatch(
        r"(\w+)(?:@([\d.]+))?(?:#(\d))? ([a-z]+(?: \d)?)(?: =(\d+))?", text
    ).groups()
    turn = tuple(map(int, path.split("."))) if path else ()
    output: Any = int(value or 0) if what in ("complete", "add") else None
    if what == "complete":
        output = {f"o_{step}": output}
    return Move(step, turn, int(nth or 0), what, output)


def write_move(move: Move) -> str:
    if not move.step:
        return move.what
    path = "@" + ".".join(map(str, move.path)) if move.path else ""
    value = move.value[f"o_{move.step}"] if move.what == "complete" else move.value
    nth = f"#{move.nth}" if move.nth else ""
    return f"{move.step}{path}{nth} {move.what}" + (f" ={value}" if value else "")


def write_record(record: Any) -> str:
    """A model's record as text."""
    words = []
    for (step, path, status), count in record.items():
        word = step + ("@" + ".".join(map(str, path)) if path else "")
        words += [word if status == "completed" else f"{word}:{status}"] * count
    return ", ".join(sorted(words))


def step(type: str, id: str, **more: Any) -> dict:
    return {"id": id, "type": type} | more


def loop(id: str, body: str, **more: Any) -> dict:
    return step(
        "loop", id, body=body, **({} if {"while", "until"} & {*more} else {"over": [1, 2]}) | more
    )


def set_(id: str, next: str | None = None, **values: Any) -> dict:
    return step("set", id, values=values) | ({"next": next} if next else {})


def fan(*wait: Any, **more: Any) -> list[dict]:
    """Three branches that join."""
    join = merge("j", "z", **({"wait_for": wait[0]} if wait else {}), **more)
    return [split("f", "a", "b", "c"), act("a", "j"), act("b", "j"), act("c", "j"), join, act("z")]


CASES = [
    # sequences, choices, errors
    Case(
        "a sequence",
        [act("a", "b"), act("b")],
        "a complete =3, b complete",
        "a, b",
        vars={"o_a": 3},
    ),
    Case(
        "a failure fails the instance",
        [act("a", "b"), act("b")],
        "a break",
        "a:failed",
        "failed",
        reason="broken",
    ),
    Case(
        "a failure is passed over",
        [act("a", "b", on_error="continue"), act("b")],
        "a fail, b complete",
        "a:failed, b",
    ),
    Case(
        "a failure has its own way",
        [act("a", "b", on_error={"next": "c"}), act("b"), act("c")],
        "a fail, c complete",
        "a:failed, c",
    ),
    Case("a retry succeeds", [act("a", retry=RETRY)], "a fail, a retry, a complete", "a"),
    Case(
        "a retry fails, too",
        [act("a", retry=RETRY)],
        "a fail, a retry, a fail",
        "a:failed",
        "failed",
        reason="boom",
    ),
    Case(
        "what cannot pass is not tried again",
        [act("a", retry=RETRY)],
        "a break",
        "a:failed",
        "failed",
        reason="broken",
    ),
    Case(
        "a timeout is an error",
        [act("a", timeout="PT1H", retry=RETRY)],
        "a timeout, a retry, a timeout",
        "a:failed",
        "failed",
        reason="timeout",
    ),
    Case(
        "a condition without a way ends the token",
        [if_("c", "a", condition="x >= 5"), act("a")],
        "",
        "c",
    ),
    Case(
        "an undecidable condition fails",
        [if_("c", "a", condition="word >= 5"), act("a")],
        "",
        "c:failed",
        "failed",
        reason="condition_error",
    ),
    Case(
        "an undecidable condition has a way",
        [if_("c", "a", error_next="b", condition="word >= 5"), act("a"), act("b")],
        "b complete",
        "b, c",
    ),
    Case("a cancelled step ends its token", [act("a", "b"), act("b")], "a cancel", "a:cancelled"),
    Case(
        "a cancelled instance",
        [split("f", "a", "b"), act("a"), step("delay", "b", **{"for": "PT1H"})],
        "a complete, cancel workflow",
        "a, b:cancelled, f:cancelled",
        "cancelled",
    ),
    Case(
        "a delay",
        [step("delay", "d", **{"for": "PT1H"}, next="a"), act("a")],
        "d due, a complete",
        "a, d",
    ),
    Case(
        "a way back",
        [
            set_("s", "a", total={"expr": "total + 1"}),
            act("a", "c"),
            if_("c", "s", condition="total < 2"),
        ],
        "a complete, a complete",
        "a, a, c, c, s, s",
        vars={"total": 2},
    ),
    # splits and merges
    Case(
        "all branches join",
        fan(),
        "c complete, a complete, b complete, z complete",
        "a, b, c, f, j, z",
    ),
    Case(
        "a dead branch counts as arrived",
        [
            split("f", "a", "c"),
            act("a", "j"),
            if_("c", "j", condition="x >= 5"),
            merge("j", "z"),
            act("z"),
        ],
        "a complete, z complete",
        "a, c, f, j, z",
    ),
    Case(
        "all branches dead",
        [split("f", "a", "b"), act("a", "j"), act("b", "j"), merge("j", "z"), act("z")],
        "a cancel, b cancel",
        "a:cancelled, b:cancelled, f",
    ),
    Case(
        "the first cancels the rest",
        fan("any"),
        "b complete, z complete",
        "a:cancelled, b, c:cancelled, f, j, z",
    ),
    Case(
        "the first leaves the rest",
        fan("any", cancel_rest=False),
        "b complete, z complete, a complete, c complete",
        "a, b, c, f, j, z",
    ),
    Case(
        "two of three cancel the rest",
        fan(2),
        "b complete, a complete, z complete",
        "a, b, c:cancelled, f, j, z",
    ),
    Case(
        "two of three where two die",
        fan(2),
        "b complete, a cancel, c cancel, z complete",
        "a:cancelled, b, c:cancelled, f, j, z",
    ),
    Case(
        "each passes",
        fan("each"),
        "b complete, a complete, z#1 complete, z complete, c complete, z complete",
        "a, b, c, f, j, j, j, z, z, z",
    ),
    Case(
        "matching branches only",
        [
            split(
                "f",
                {"next": "a", "when": "x >= 1"},
                {"next": "b", "when": "x >= 9"},
                mode="matching",
            ),
            act("a", "j"),
            act("b", "j"),
            merge("j", "z"),
            act("z"),
        ],
        "a complete, z complete",
        "a, f, j, z",
    ),
    Case(
        "no branch matches",
        [split("f", {"next": "a", "when": "x >= 9"}, mode="matching"), act("a")],
        "",
        "f",
    ),
    Case(
        "threads merge",
        [split("f", "a", count=3), act("a", "j"), merge("j", "z", wait_for=2), act("z")],
        "a complete, a complete, z complete",
        "a, a, a:cancelled, f, j, z",
    ),
    Case(
        "a split in a split joins outside",
        [
            split("f", "g", "c"),
            split("g", "a", "b"),
            act("a", "j"),
            act("b", "j"),
            act("c", "j"),
            merge("j", "z", split="f"),
            act("z"),
        ],
        "a complete, c complete, b complete, z complete",
        "a, b, c, f, g, j, z",
    ),
    Case(
        "an inner branch is one arrival",
        [
            split("f", "g", "c"),
            split("g", "a", "b"),
            act("a", "j"),
            act("b", "j"),
            act("c", "j"),
            merge("j", "z", split="f", wait_for=2),
            act("z"),
        ],
        "a complete, b complete, c complete, z complete",
        "a, b, c, f, g, j, z",
    ),
    Case(
        "arrivals are queued for each step",
        [
            split("f", "a", "b"),
            act("a", "j"),
            act("b", "j"),
            merge("j", "z", **{"from": ["a", "b"]}),
            act("z"),
        ],
        "b complete, a complete, z complete",
        "a, b, f, j, z",
    ),
    Case(
        "generations do not mix",
        [
            set_("s", "f", total={"expr": "total + 1"}),
            split("f", "a", "b"),
            act("a", "j"),
            act("b", "j"),
            merge("j", "c", wait_for="any"),
            if_("c", "s", condition="total < 2"),
        ],
        "a complete, b complete",
        "a, a:cancelled, b, b:cancelled, c, c, f, f, j, j, s, s",
    ),
    # loops
    Case(
        "one turn after the other",
        [loop("l", "a", save_as="r"), act("a")],
        "a@0 complete =1, a@1 complete =2",
        "a@0, a@1, l, l turn@0, l turn@1",
        vars={"r": {"results": [{"o_a": 1}, {"o_a": 2}], "count": 2, "completed": 2, "failed": 0}},
    ),
    Case(
        "turns side by side keep their order",
        [
            loop("l", "a", over=[5, 6, 7], max_concurrency=2, save_as="r", result="{{loop.item}}"),
            act("a"),
        ],
        "a@1 complete, a@2 complete, a@0 complete",
        "a@0, a@1, a@2, l, l turn@0, l turn@1, l turn@2",
        vars={"r": {"results": [5, 6, 7], "count": 3, "completed": 3, "failed": 0}},
    ),
    Case(
        "an empty list",
        [loop("l", "a", over="{{vars.none}}", next="z"), act("a"), act("z")],
        "z complete",
        "l, z",
    ),
    Case(
        "too many items",
        [loop("l", "a", max_iterations=1), act("a")],
        "",
        "l:failed",
        "failed",
        reason="loop_overrun",
    ),
    Case(
        "while a condition holds",
        [loop("l", "a", **{"while": "loop.completed < 2", "max_iterations": 3}), act("a")],
        "a@0 complete, a@1 complete",
        "a@0, a@1, l, l turn@0, l turn@1",
    ),
    Case(
        "while it does not hold at all",
        [loop("l", "a", **{"while": "x >= 5", "max_iterations": 3}), act("a")],
        "",
        "l",
    ),
    Case(
        "until a condition holds",
        [loop("l", "a", **{"until": "o_a >= 1", "max_iterations": 3}), act("a")],
        "a@0 complete, a@1 complete =2",
        "a@0, a@1, l, l turn@0, l turn@1",
    ),
    Case(
        "too many turns",
        [loop("l", "a", **{"until": "o_a >= 1", "max_iterations": 2}), act("a")],
        "a@0 complete, a@1 complete",
        "a@0, a@1, l turn@0, l turn@1, l:failed",
        "failed",
        reason="loop_overrun",
    ),
    Case(
        "enough turns",
        [loop("l", "a", over=[1, 2, 3], max_concurrency=3, complete_when=1), act("a")],
        "a@1 complete",
        "a@0:cancelled, a@1, a@2:cancelled, l, l turn@0:cancelled, l turn@1, l turn@2:cancelled",
    ),
    Case(
        "enough turns by a condition",
        [
            loop("l", "a", over=[1, 2], max_concurrency=2, complete_when="loop.completed >= 1"),
            act("a"),
        ],
        "a@1 complete",
        "a@0:cancelled, a@1, l, l turn@0:cancelled, l turn@1",
    ),
    Case(
        "enough turns and the rest unseen",
        [
            loop("l", "a", max_concurrency=2, complete_when=1, cancel_rest=False, next="z"),
            act("a"),
            act("z"),
        ],
        "a@1 complete, z complete, a@0 complete",
        "a@0, a@1, l, l turn@0, l turn@1, z",
    ),
    Case(
        "a failed turn fails the loop",
        [loop("l", "a", max_concurrency=2), act("a")],
        "a@0 break",
        "a@0:failed, a@1:cancelled, l turn@0:failed, l turn@1:cancelled, l:failed",
        "failed",
        reason="broken",
    ),
    Case(
        "a failed turn is tolerated",
        [loop("l", "a", tolerated_failures=1, save_as="r"), act("a")],
        "a@0 break, a@1 complete =4",
        "a@0:failed, a@1, l, l turn@0:failed, l turn@1",
        vars={"r": {"results": [None, {"o_a": 4}], "count": 2, "completed": 1, "failed": 1}},
    ),
    Case(
        "half of the turns may fail",
        [loop("l", "a", tolerated_failures="50%"), act("a")],
        "a@0 break, a@1 break",
        "a@0:failed, a@1:failed, l turn@0:failed, l turn@1:failed, l:failed",
        "failed",
        reason="broken",
    ),
    Case(
        "a loop is tried again",
        [loop("l", "a", over=[1], retry=RETRY), act("a")],
        "a@0 fail, l retry, a@0 complete",
        "a@0, a@0:failed, l, l turn@0, l turn@0:failed",
    ),
    Case(
        "a loop takes too long",
        [loop("l", "a", timeout="PT1H", on_error="continue", next="z"), act("a"), act("z")],
        "l timeout, z complete",
        "a@0:cancelled, l turn@0:cancelled, l:failed, z",
    ),
    Case(
        "the last step's output is the turn's, in a split, too",
        [loop("l", "f", over=[1], save_as="r"), split("f", "a", "b"), act("a"), act("b")],
        "b@0 complete =1, a@0 complete =2",
        "a@0, b@0, f@0, l, l turn@0",
        vars={"r": {"results": [{"o_a": 2}], "count": 1, "completed": 1, "failed": 0}},
    ),
    Case(
        "loops in loops",
        [loop("l", "m"), loop("m", "a", max_concurrency=2), act("a")],
        "a@0.1 complete, a@0.0 complete, a@1.0 complete, a@1.1 complete",
        "a@0.0, a@0.1, a@1.0, a@1.1, l, l turn@0, l turn@1, "
        "m turn@0.0, m turn@0.1, m turn@1.0, m turn@1.1, m@0, m@1",
    ),
    Case(
        "a variable of one turn",
        [loop("l", "s", save_as="r"), set_("s", mine="{{loop.index}}") | {"scope": "iteration"}],
        "",
        "l, l turn@0, l turn@1, s@0, s@1",
        vars={
            "r": {"results": [{"mine": 0}, {"mine": 1}], "count": 2, "completed": 2, "failed": 0}
        },
    ),
    Case(
        "joins in turns",
        [
            loop("l", "f", max_concurrency=2),
            split("f", "a", "b"),
            act("a", "j"),
            act("b", "j"),
            merge("j"),
        ],
        "a@0 complete, b@1 complete, b@0 complete, a@1 complete",
        "a@0, a@1, b@0, b@1, f@0, f@1, j@0, j@1, l, l turn@0, l turn@1",
    ),
    # scopes, stops, mutexes
    Case(
        "a scope is one step",
        [step("scope", "b", body="a", save_as="r", next="z"), act("a"), act("z")],
        "a complete =2, z complete",
        "a, b, z",
        vars={"r": {"o_a": 2}},
    ),
    Case(
        "a scope catches a failure",
        [
            step("scope", "b", body="f", on_error="continue", next="z"),
            split("f", "a", "c"),
            act("a"),
            act("c"),
            act("z"),
        ],
        "a break, z complete",
        "a:failed, b:failed, c:cancelled, f:cancelled, z",
    ),
    Case(
        "a scope is tried again",
        [step("scope", "b", body="a", retry=RETRY), act("a")],
        "a fail, b retry, a complete",
        "a, a:failed, b",
    ),
    Case(
        "a cancelled scope",
        [step("scope", "b", body="a", next="z"), act("a"), act("z")],
        "b cancel",
        "a:cancelled, b:cancelled",
    ),
    Case(
        "a stop ends everything",
        [
            split("f", "a", "b"),
            act("a", "x"),
            act("b"),
            step("stop", "x", status="failed", code="enough"),
        ],
        "a complete",
        "a, b:cancelled, f:cancelled, x",
        "failed",
        reason="enough",
    ),
    Case(
        "a stop of a turn",
        [
            loop("l", "a"),
            act("a", "c"),
            if_("c", "x", "z", condition="o_a >= 1"),
            step("stop", "x", scope="iteration"),
            act("z"),
        ],
        "a@0 complete =1, a@1 complete, z@1 complete",
        "a@0, a@1, c@0, c@1, l, l turn@0, l turn@1, x@0, z@1",
    ),
    Case(
        "a stop that fails a turn",
        [
            loop("l", "a"),
            act("a", "x"),
            step("stop", "x", scope="iteration", status="failed", code="enough"),
        ],
        "a@0 complete",
        "a@0, l turn@0:failed, l:failed, x@0",
        "failed",
        reason="enough",
    ),
    Case(
        "a stop of a loop",
        [
            loop("l", "a", max_concurrency=2, next="z"),
            act("a", "x"),
            step("stop", "x", scope="loop"),
            act("z"),
        ],
        "a@1 complete, z complete",
        "a@0:cancelled, a@1, l, l turn@0:cancelled, l turn@1:cancelled, x@1, z",
    ),
    Case(
        "a stop of a branch",
        [
            split("f", "a", "b"),
            act("a", "x"),
            step("stop", "x", scope="branch"),
            act("b", "j"),
            merge("j"),
        ],
        "a complete, b complete",
        "a, b, f, j, x",
    ),
    Case(
        "one at a time",
        [split("f", "a", "b"), act("a", "j", mutex="m"), act("b", "j", mutex="m"), merge("j")],
        "a complete, b complete",
        "a, b, f, j",
    ),
    # people and events
    Case(
        "an approval",
        [
            step(
                "approval",
                "v",
                approvers=[{"role": "marketing_manager"}],
                approved_next="a",
                rejected_next="b",
            ),
            act("a"),
            act("b"),
        ],
        "v approve, a complete",
        "a, v",
    ),
    Case(
        "a rejection",
        [
            step(
                "approval",
                "v",
                approvers=[{"role": "marketing_manager"}],
                approved_next="a",
                rejected_next="b",
            ),
            act("a"),
            act("b"),
        ],
        "v reject, b complete",
        "b, v",
    ),
    Case(
        "nobody votes",
        [
            step(
                "approval",
                "v",
                approvers=[{"role": "marketing_manager"}],
                timeout="PT1H",
                approved_next="a",
                rejected_next="b",
            ),
            act("a"),
            act("b"),
        ],
        "v timeout, b complete",
        "b, v",
    ),
    Case(
        "the first event decides",
        [
            step(
                "wait",
                "w",
                timeout="PT1H",
                events=[
                    {"event": "news.first", "match": KEY, "next": "a"},
                    {"event": "news.second", "match": KEY, "next": "b"},
                ],
            ),
            act("a"),
            act("b"),
        ],
        "w event 1, b complete",
        "b, w",
    ),
    Case(
        "no event comes",
        [
            step(
                "wait",
                "w",
                timeout="PT1H",
                timeout_next="b",
                events=[{"event": "news.first", "match": KEY}],
                next="a",
            ),
            act("a"),
            act("b"),
        ],
        "w timeout, b complete",
        "b, w",
    ),
    Case(
        "a wait without a way out",
        [
            step(
                "wait",
                "w",
                timeout="PT1H",
                events=[{"event": "news.first", "match": KEY}],
                next="a",
            ),
            act("a"),
        ],
        "w timeout",
        "w:failed",
        "failed",
        reason="timeout",
    ),
]
