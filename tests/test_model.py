"""The engine against a reference interpreter: cases by hand, then random definitions and moves.

`MODEL_EXAMPLES` says how many random ones (500; `make model` plays 20,000), `MODEL_SEED` where to
begin; the seed is in the message of a failure, with the example shrunk.
"""

from __future__ import annotations

import os
import pprint
import random
from collections.abc import Iterator
from itertools import islice

import pytest
from workflow_cases import CASES, Case, read_moves, write_move, write_record
from workflow_generator import TRIGGER, Author, Choices, Example, make_example, shrink
from workflow_model import Run
from workflow_regressions import REGRESSIONS
from workflow_replay import Instance, Replay

from tests.engine import Engine

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "500"))
SEED = int(os.environ.get("MODEL_SEED") or random.SystemRandom().randrange(10**9))
SIDE_BY_SIDE = 50
PARTS = 4


def named(cases: list) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.name.replace(" ", "_"))


@named(CASES + REGRESSIONS)
def test_model_says_what_the_language_says(case: Case):
    example = case.example()
    run = Run(example.definition, example.trigger)
    for move in example.moves:
        run.apply(move)
    assert write_record(run.record()) == ", ".join(sorted(case.record.split(", ")))
    assert run.status == case.status
    assert case.reason in (None, run.reason)
    assert read_moves(", ".join(map(write_move, example.moves))) == example.moves
    assert run.whole.vars.items() >= case.vars.items()


def test_generator_writes_sound_definitions():
    types = set()
    for seed in range(500):
        author = Author(Choices(seed=seed))
        definition = author.write()
        steps = {step["id"]: step for step in definition["steps"]}
        assert len(steps) == len(definition["steps"])
        types |= {step["type"] for step in definition["steps"]}
        reached, left = set(), [definition["steps"][0]["id"]]
        while left:
            step = left.pop()
            if step not in reached:
                reached.add(step)
                left += list_links(steps[step])
        assert reached == {*steps}
    assert types >= {"action", "approval", "condition", "delay", "loop", "merge"}
    assert types >= {"scope", "set", "split", "stop", "wait"}


def list_links(value: object, key: str = "") -> Iterator[str]:
    """The ids that a step names."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from list_links(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from list_links(item, key)
    elif value and (key.endswith("next") or key in ("body", "branches", "default")):
        yield value


def test_generator_repeats_itself():
    first = next(examples(1, SEED))
    again = make_example(Choices(first.numbers))
    assert (first.definition, first.moves) == (again.definition, again.moves)


def test_shrinking_keeps_what_is_wrong_and_drops_the_rest():
    assert shrink([3, 9, 4, 1, 7, 5], lambda numbers: 9 in numbers) == [9]


@pytest.fixture
def replay(engine: Engine) -> Replay:
    return Replay(engine)


def test_engine_does_what_the_language_says(replay: Replay):
    cases = CASES + REGRESSIONS
    instances = replay.play([case.example() for case in cases])
    wrong = [(c.name, i.problem) for c, i in zip(cases, instances, strict=True) if i.problem]
    assert not wrong, "\n\n".join("\n".join(pair) for pair in wrong)


@pytest.mark.on("embedded")
@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("part", range(PARTS))
def test_engine_agrees_with_the_model(replay: Replay, capsys: pytest.CaptureFixture, part: int):
    with capsys.disabled():
        print(f"\nMODEL_SEED={SEED} MODEL_EXAMPLES={EXAMPLES}, part {part + 1} of {PARTS}")
    left = examples(EXAMPLES // PARTS, SEED + part * 10**9)
    while batch := list(islice(left, SIDE_BY_SIDE)):
        for instance in replay.play(batch):
            if instance.problem:
                pytest.fail(report(replay, instance), pytrace=False)


def examples(count: int, seed: int) -> Iterator[Example]:
    """As many examples as wanted, from a seed on; those in which hardly anything happens not."""
    while count:
        example = make_example(Choices(seed=seed))
        if example and len(example.moves) > 2:
            count -= 1
            yield example
        seed += 1


def report(replay: Replay, instance: Instance) -> str:
    """The shrunk example and what is wrong with it, to be kept in workflow_regressions.py."""

    def find_problem(numbers: list[int]) -> Instance | None:
        example = make_example(Choices(numbers))
        found = replay.play([example])[0] if example else None
        return found if found and is_alike(found.problem) else None

    def is_alike(problem: str | None) -> bool:
        was_refused = instance.problem.startswith("refused")
        return bool(problem) and problem.startswith("refused") == was_refused

    numbers = shrink(instance.example.numbers, lambda numbers: bool(find_problem(numbers)))
    small = find_problem(numbers) or instance
    example = small.example
    run = Run(example.definition, example.trigger)
    for move in example.moves:
        run.apply(move)
    case = {
        "steps": example.definition["steps"],
        "moves": ", ".join(map(write_move, example.moves)),
        "record": write_record(run.record()),
        "status": run.status,
        "trigger": {key: v for key, v in example.trigger.items() if v != TRIGGER.get(key)},
    }
    return "\n".join(
        [
            f"MODEL_SEED={SEED}; shrunk{'' if small is not instance else ' not: only together'}",
            pprint.pformat(case, width=96, sort_dicts=False),
            str(small.problem),
        ]
    )
