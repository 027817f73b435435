"""What engine and model once saw differently, shrunk; a failing model test prints the like."""

from __future__ import annotations

from definition_tools import act, if_, split
from workflow_cases import Case, loop, set_, step

REGRESSIONS = [
    Case(
        "a loop as the last step of a turn has its results there",
        [loop("l", "m", over=[1], save_as="r"), loop("m", "a", over=[1]), act("a")],
        "a@0.0 complete =3",
        "a@0.0, l, l turn@0, m turn@0.0, m@0",
        vars={
            "r": {
                "results": [{"results": [{"o_a": 3}], "count": 1, "completed": 1, "failed": 0}],
                "count": 1,
                "completed": 1,
                "failed": 0,
            }
        },
    ),
    Case(
        "a condition as the last step of a scope is its output",
        [step("scope", "b", body="c", save_as="r"), if_("c", condition="x >= 1")],
        "",
        "b, c",
        vars={"r": {"result": True, "branch": "true"}},
    ),
    Case(
        "a scope in which nothing completes has no output",
        [
            set_("s", "b", r=7),
            step("scope", "b", body="a", save_as="r"),
            act("a", on_error="continue"),
        ],
        "a break",
        "a:failed, b, s",
        vars={"r": None},
    ),
    Case(
        "the rest of a loop that has gone on ends, too",
        [loop("l", "a", max_concurrency=2, complete_when=1, cancel_rest=False), act("a")],
        "a@1 complete, a@0 complete",
        "a@0, a@1, l, l turn@0, l turn@1",
    ),
    Case(
        "a mutex that is waited for counts in its scope",
        [
            split("f", "a", "b", "d"),
            act("a", mutex="m"),
            act("b", mutex="m"),
            act("d"),
        ],
        "d complete, a complete, b complete",
        "a, b, d, f",
    ),
]
