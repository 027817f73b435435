"""Random valid definitions and what happens to them, made from a list of small numbers.

The numbers decide everything, so an example shrinks by shrinking its numbers: nought is always the
simplest choice. Definitions are built of blocks that nest, as people build them.

Tokens that move in the same instant must not disturb each other, for in which order they do is
nobody's business. `Place.alone` says that only one token can be moving here: whatever cancels,
fails or reads what others write stands only there. An external step makes a token alone again,
because what comes from outside comes one at a time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from workflow_model import Move, Run

MAX_STEPS = 14
MAX_ACTIVATIONS = 120
MAX_MOVES = 60

EVENTS = ("news.first", "news.second")
APPROVERS = [{"role": "marketing_manager"}]
RETRY = {"max_attempts": 2, "backoff": "PT1H", "jitter": 0}
TRIGGER = {"x": 1, "word": "hello", "list": [10, 20, 30], "none": [], "total": 0, "log": []}


class Choices:
    """A source of small numbers: those of a list first, then random ones, or noughts."""

    def __init__(self, numbers: Iterable[int] = (), seed: int | None = None) -> None:
        self.given = list(numbers)
        self.random = None if seed is None else random.Random(seed)
        self.used: list[int] = []

    def below(self, limit: int) -> int:
        place = len(self.used)
        if place < len(self.given):
            number = min(self.given[place], limit - 1)
        else:
            number = self.random.randrange(limit) if self.random else 0
        self.used.append(number)
        return number

    def one(self, options: list) -> Any:
        return options[self.below(len(options))]

    def rarely(self, one_in: int) -> bool:
        return self.below(one_in) == one_in - 1


@dataclass(frozen=True)
class Place:
    """Where a block stands."""

    alone: bool = True
    twins: bool = False  # several tokens may stand in the same step and turn
    turn: bool = False
    branch: bool = False
    line: bool = True  # every token that comes by here has come the same way
    whole: bool = False  # splits must leave nothing behind
    aliases: tuple[str, ...] = ()


Block = dict[str, Any]


class Author:
    """Writes one definition."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.left = 2 + choices.below(MAX_STEPS - 1)
        self.names: dict[str, int] = {}
        self.outputs: list[str] = []
        self.steps: list[dict] = []
        self.counters: dict[str, int] = {}
        self.is_open = False  # a split without a merge has let its tokens go on

    def write(self) -> dict:
        blocks, _ = self.sequence(Place(), least=2, most=5)
        self.emit(blocks, None)
        return {"steps": self.steps}

    def trigger(self) -> dict:
        return TRIGGER | self.counters | {"x": self.choices.below(3)}

    def name(self, letter: str) -> str:
        self.left -= 1
        self.names[letter] = self.names.get(letter, 0) + 1
        return f"{letter}{self.names[letter]}"

    # Blocks, written forwards: each says where its token comes out, or None when it does not

    def sequence(
        self, place: Place, least: int = 0, most: int = 3, guarded: bool = False
    ) -> tuple[list[Block], Place | None]:
        """Some blocks; guarded ones begin with an external step and end alone."""
        blocks: list[Block] = []
        after: Place | None = place
        count = least + self.choices.below(most - least + 1)
        while after and (len(blocks) < least or (len(blocks) < count and self.left > 0)):
            block, after = self.block(after, external=guarded and not blocks)
            blocks.append(block)
        if guarded and after and not after.alone:
            block, after = self.action(after)
            blocks.append(block)
        return blocks, after

    def block(self, place: Place, external: bool) -> tuple[Block, Place | None]:
        kinds: list[Callable] = [self.action] * 5 + [self.delay, self.approval]
        if not place.twins:
            kinds.append(self.wait)
        if not external:
            kinds += [self.set, self.if_]
            if place.alone and (place.turn or place.branch or self.left == 0):
                kinds += [self.stop]
            if self.left > 1:
                kinds += [self.if_, *[self.split] * 5]
            if place.alone and self.left > 0:
                kinds += [*[self.loop] * 6, self.scope, self.scope, self.repeat]
        return self.choices.one(kinds)(place)

    def action(self, place: Place) -> tuple[Block, Place]:
        step = {"id": self.name("a"), "type": "action", "action": "work", "config": {}}
        block: Block = {"step": step}
        self.outputs.append(f"o_{step['id']}")
        after = self.common(step, block, replace(place, alone=True))
        if self.choices.rarely(8):
            step["save_as"] = self.choices.one([None, "kept"])
        if self.choices.rarely(6) and "retry" not in step:
            step["mutex"] = "m1"
        return block, after

    def common(self, step: dict, block: Block, place: Place, retry: bool = True) -> Place:
        """Keys about time and errors; where tokens stand behind the step."""
        if retry and self.choices.rarely(4):
            step["retry"] = RETRY
        if self.choices.rarely(4):
            step["timeout"] = "PT2H"
        match self.choices.below(6):
            case 3:
                step["on_error"] = "continue"
            case 4 | 5 if self.left > 0:
                way = replace(place, alone=True, line=False)
                block["handler"], after = self.sequence(way, least=1, most=2)
                return self.meet(place, place, after)
        return place

    def delay(self, place: Place) -> tuple[Block, Place]:
        step = {"id": self.name("d"), "type": "delay", "for": "PT1H"}
        block: Block = {"step": step}
        return block, self.common(step, block, replace(place, alone=True), retry=False)

    def approval(self, place: Place) -> tuple[Block, Place | None]:
        step = {
            "id": self.name("v"),
            "type": "approval",
            "approvers": [{"role": "marketing_manager"}],
        }
        block: Block = {"step": step, "ways": {}}
        place = replace(place, alone=True)
        if self.choices.rarely(2):
            step["timeout"] = "PT2H"
            if answer := self.choices.one([None, "reject", "approve"]):
                step["on_timeout"] = answer
        way = replace(place, line=False)
        block["ways"]["approved_next"], after = self.sequence(way, most=1)
        other = None
        if self.choices.below(4):
            block["ways"]["rejected_next"], other = self.sequence(way, least=1, most=1)
        return block, self.meet(place, after, other)

    def wait(self, place: Place) -> tuple[Block, Place | None]:
        step = {"id": self.name("w"), "type": "wait", "timeout": "PT2H"}
        block: Block = {"step": step, "events": [], "ways": {}}
        place = replace(place, alone=True)
        way = replace(place, line=False)
        key = " ".join(["{{run.id}}", step["id"], *(f"{{{{{alias}}}}}" for alias in place.aliases)])
        afters = []
        for number in range(1 + self.choices.below(2)):
            event = {"event": EVENTS[number], "match": {"key": key}}
            blocks, after = self.sequence(way, most=1)
            block["events"].append((event, blocks))
            afters.append(after)
        step["events"] = [event for event, _ in block["events"]]
        if self.choices.below(2):
            block["ways"]["timeout_next"], after = self.sequence(way, least=1, most=1)
            afters.append(after)
        return block, self.meet(place, *afters)

    @staticmethod
    def meet(before: Place, *afters: Place | None) -> Place | None:
        """Where tokens stand that come from one of several ways."""
        real = [after for after in afters if after]
        if not real:
            return None
        alone, twins = all(a.alone for a in real), any(a.twins for a in real)
        return replace(before, alone=alone, twins=twins)

    def set(self, place: Place) -> tuple[Block, Place]:
        step = {"id": self.name("s"), "type": "set"}
        values: list[dict] = [{f"s_{step['id']}": 7}, {"total": {"expr": "total + 1"}}]
        if place.turn:
            values.append({"mine": "{{loop.index}}"})
        if place.alone:
            values += [
                {"log": {"append": step["id"]}},
                {"bag": {"merge": {step["id"]: "{{vars.total}}"}}},
                {"copy": f"{{{{vars.{self.output()} | default:0}}}}"},
                {"total": {"expr": "total * 2"}, "copy": "{{vars.total}}"},
            ]
        step["values"] = self.choices.one(values)
        if "mine" in step["values"]:
            step["scope"] = "iteration"
        return {"step": step}, place

    def output(self) -> str:
        return self.choices.one(["x", *self.outputs])

    def condition(self, place: Place) -> str:
        options = [f"{self.output()} >= {1 + self.choices.below(2)}", "x < 1"]
        if place.turn:
            options.append("loop.index < 1")
        if place.alone:
            options += ["total >= 1", "mine == 0", "word == 'hello'"]
        return self.choices.one(options)

    def if_(self, place: Place) -> tuple[Block, Place | None]:
        step = {"id": self.name("c"), "type": "condition"}
        block: Block = {"step": step, "ways": {}}
        afters, line = [], replace(place, line=False)
        if self.choices.rarely(3):
            step["cases"] = []
            for number in range(1 + self.choices.below(2)):
                case = {"when": self.condition(place), "name": f"case {number}"}
                blocks, after = self.sequence(line, most=1)
                step["cases"].append(case)
                block.setdefault("cases", []).append((case, blocks))
                afters.append(after)
            ways = ["default"]
        else:
            step["condition"] = self.condition(place)
            ways = ["true_next", "false_next"]
        if self.choices.rarely(6):
            step["cases" if "cases" in step else "condition"] = self.unsound(step)
            if not place.alone or self.choices.below(2):
                ways.append("error_next")
        for way in ways:
            if self.choices.rarely(8):
                step[way] = None
                continue
            blocks, after = self.sequence(line, least=way == "error_next", most=1)
            block["ways"][way] = blocks
            afters.append(after)
        step_is_dead_end = not afters
        if step_is_dead_end:
            del step[ways[0]]
            block["ways"][ways[0]] = []
            afters.append(place)
        return block, self.meet(place, *afters)

    @staticmethod
    def unsound(step: dict) -> Any:
        """The condition, with a comparison of a text with a number."""
        if "cases" not in step:
            return "word >= 3"
        step["cases"][0]["when"] = "word >= 3"
        return step["cases"]

    def split(self, place: Place) -> tuple[Block, Place | None]:
        step = {"id": self.name("f"), "type": "split", "branches": []}
        joins = ["all", "all", "any", 2, "each", None]
        joins += ["none"] if place.line else []
        join = self.choices.one(["all"] if place.whole else joins)
        matching = self.choices.rarely(3)
        threads = not matching and self.choices.rarely(6)
        if threads:
            step["count"] = 2
        if matching:
            step["mode"] = "matching"
        inner = replace(
            place, alone=False, branch=True, line=join != "none", twins=place.twins or threads
        )
        branches, falls = [], False
        for _ in range(1 if threads else 2 + self.choices.below(2)):
            branch = {"when": self.condition(place)} if matching and self.choices.below(4) else {}
            guarded = join in ("any", 2, "each")
            blocks, after = self.sequence(inner, least=1, most=2, guarded=guarded)
            branches.append((branch, blocks))
            falls = falls or after is not None
        block: Block = {"step": step, "branches": branches}
        if matching and self.choices.below(2):
            block["ways"] = {}
            guarded = join in ("any", 2, "each")
            block["ways"]["default"], after = self.sequence(inner, 1, 1, guarded=guarded)
            falls = falls or after is not None
        if join is None or not falls:
            block["ends"] = join is None
            return block, None
        if join == "none":
            self.is_open = True
            return block, replace(place, alone=False, twins=True)
        merge = block["merge"] = {"id": self.name("j"), "type": "merge"}
        if join != "all" or self.choices.rarely(3):
            merge["wait_for"] = join
        if join in ("any", 2) and self.choices.rarely(2):
            merge["cancel_rest"] = False
        if self.choices.rarely(3) or self.is_open:
            merge["split"] = step["id"]
        if join == "all":
            return block, place
        return block, replace(place, alone=True, twins=place.twins or join == "each")

    def loop(self, place: Place) -> tuple[Block, Place]:
        step = {"id": self.name("l"), "type": "loop"}
        block: Block = {"step": step}
        aliases, side_by_side = place.aliases, False
        match self.choices.below(4):
            case 0 | 1:
                step["over"] = self.choices.one(
                    [[1, 2], [1], [1, 2, 3], "{{vars.list}}", "{{vars.none}}"]
                )
                step["as"] = f"item_of_{step['id']}"
                aliases += (step["as"],)
                if side_by_side := bool(self.choices.below(2)):
                    step["max_concurrency"] = 2 + self.choices.below(2)
                if self.choices.rarely(8):
                    step["max_iterations"] = 2
            case 2:
                step |= {"while": f"loop.completed < {1 + self.choices.below(2)}"}
                step["max_iterations"] = 3
            case 3:
                step |= {"until": f"loop.completed >= {1 + self.choices.below(2)}"}
                step["max_iterations"] = 3
        if "over" in step and self.choices.rarely(3):
            step["complete_when"] = self.choices.one([1, 2, "loop.completed >= 1"])
            if not place.whole and self.choices.rarely(2):
                step["cancel_rest"] = False
        if self.choices.rarely(3):
            step["tolerated_failures"] = self.choices.one([1, "50%"])
        guarded = "complete_when" in step
        inner = Place(not side_by_side, place.twins, turn=True, aliases=aliases)
        splits = self.names.get("f")
        block["body"], _ = self.sequence(inner, least=1, most=2, guarded=guarded)
        if self.choices.rarely(3) or self.names.get("f") != splits or side_by_side:
            step["result"] = "{{loop.index}}"
        if self.choices.below(2):
            step["save_as"] = f"r_{step['id']}"
        behind = replace(place, alone=step.get("cancel_rest", True))
        return block, self.common(step, block, behind)

    def scope(self, place: Place) -> tuple[Block, Place]:
        step = {"id": self.name("b"), "type": "scope"}
        block: Block = {"step": step}
        splits = self.names.get("f")
        inner = replace(place, branch=False, line=True)
        block["body"], _ = self.sequence(inner, least=1, most=3)
        if self.names.get("f") == splits and self.choices.below(2):
            step["save_as"] = f"r_{step['id']}"
        return block, self.common(step, block, place)

    def repeat(self, place: Place) -> tuple[Block, Place | None]:
        """A way back, taken until a counter says that it is enough."""
        counter = f"n_{self.name('n')}"
        self.counters[counter] = 0
        inner = replace(place, line=False, whole=True)
        if self.choices.below(2):
            inner = replace(inner, whole=place.whole, twins=True)
        body, after = self.sequence(inner, least=1, most=2)
        again = None if after is None else self.name("g")
        block = {"counter": counter, "body": body, "again": again}
        return block, self.meet(replace(place, twins=inner.twins), after)

    def stop(self, place: Place) -> tuple[Block, None]:
        step = {"id": self.name("x"), "type": "stop"}
        where = ["iteration", "loop"] if place.turn else []
        where += ["branch"] if place.branch else []
        if where and self.choices.below(6):
            step["scope"] = self.choices.one(where)
        if step.get("scope") != "branch":
            step["status"] = self.choices.one(["completed", "failed", "cancelled"])
        if step.get("status") == "failed":
            step["code"] = "enough"
        return {"step": step}, None

    # Steps, written with their links

    def entry(self, blocks: list[Block], next: str | None) -> str | None:
        if not blocks:
            return next
        return self.entry_of(blocks[0])

    @staticmethod
    def entry_of(block: Block) -> str:
        return block["counter"].removeprefix("n_") if "counter" in block else block["step"]["id"]

    def emit(self, blocks: list[Block], next: str | None) -> None:
        for place, block in enumerate(blocks):
            self.emit_block(block, self.entry(blocks[place + 1 :], next))

    def emit_block(self, block: Block, next: str | None) -> None:
        if "counter" in block:
            self.emit_repeat(block, next)
            return
        step = block["step"]
        self.steps.append(step)
        behind = block["merge"]["id"] if "merge" in block else next
        if block.get("ends"):
            behind = None
        if step["type"] not in ("split", "stop") and next:
            step["next"] = next
        for branch, blocks in block.get("branches", ()):
            target = self.entry(blocks, behind)
            step["branches"].append({"next": target} | branch if branch else target)
            self.emit(blocks, behind)
        for case, blocks in [*block.get("cases", ()), *block.get("events", ())]:
            if blocks:
                case["next"] = self.entry(blocks, next)
            self.emit(blocks, next)
        for way, blocks in block.get("ways", {}).items():
            if blocks:
                step[way] = self.entry(blocks, behind)
            self.emit(blocks, behind)
        if has_no_use_for_next(step):
            step.pop("next", None)
        if "handler" in block:
            step["on_error"] = {"next": self.entry(block["handler"], next)}
            self.emit(block["handler"], next)
        if "body" in block:
            step["body"] = self.entry(block["body"], None)
            self.emit(block["body"], None)
        if "merge" in block:
            self.steps.append(block["merge"] | ({"next": next} if next else {}))

    def emit_repeat(self, block: Block, next: str | None) -> None:
        counter, again = block["counter"], block["again"]
        step = {"id": self.entry_of(block), "type": "set"}
        step["values"] = {counter: {"expr": f"{counter} + 1"}}
        self.steps.append(step | {"next": self.entry(block["body"], again)})
        self.emit(block["body"], again)
        if again:
            way_back = {"condition": f"{counter} < 2", "true_next": step["id"]}
            more = {"next": next} if next else {}
            self.steps.append({"id": again, "type": "condition"} | way_back | more)


def has_no_use_for_next(step: dict) -> bool:
    """Whether every way of a condition or approval has a step of its own."""
    if step["type"] == "approval":
        return "approved_next" in step
    if step["type"] != "condition":
        return False
    if "cases" in step:
        return "default" in step and all("next" in case for case in step["cases"])
    return "true_next" in step and "false_next" in step


@dataclass
class Example:
    """A definition, the row that starts it, and what happens; with the numbers it came from."""

    definition: dict
    trigger: dict
    moves: list[Move]
    numbers: list[int]


def make_example(choices: Choices) -> Example | None:
    """The example that these numbers say; None when it would be too long."""
    author = Author(choices)
    definition = author.write()
    trigger = author.trigger()
    run = Run(definition, trigger)
    moves: list[Move] = []
    while run.status == "running":
        if len(run.activations) > MAX_ACTIVATIONS or len(moves) > MAX_MOVES:
            return None
        move = choose_move(run, choices)
        moves.append(move)
        run.apply(move)
    return Example(definition, trigger, moves, choices.used)


def choose_move(run: Run, choices: Choices) -> Move:
    """What happens next: mostly things go well."""
    possible = [move for moves in run.moves() for move in moves]
    kinds = {
        "bad": ("fail", "break"),
        "timeout": ("timeout",),
        "control": ("cancel", "skip", "finish", "add"),
    }
    wanted = choices.one(["good"] * 24 + ["bad"] * 4 + ["timeout"] * 2 + ["control"] * 2)
    if choices.rarely(40):
        return Move("", (), 0, choices.one(["pause and resume", "cancel workflow"]))
    good = [move for move in possible if move[3] not in sum(kinds.values(), ())]
    options = [move for move in possible if move[3] in kinds.get(wanted, ())] or good
    if not options:
        return Move("", (), 0, "cancel workflow")
    what = choices.one(sorted({move[3] for move in options}))
    move = Move(*choices.one([move for move in options if move[3] == what]))
    if what == "complete":
        return move._replace(value={f"o_{move.step}": choices.below(4)})
    # items differ, for by them events find the turns that wait for them
    return move._replace(value=100 + len(run.activations)) if what == "add" else move


def shrink(numbers: list[int], is_bad: Callable[[list[int]], bool], tries: int = 200) -> list[int]:
    """Shorter and smaller numbers of which the same is true."""
    size = max(1, len(numbers) // 2)
    while size:
        place = 0
        while place < len(numbers) and tries:
            shorter = numbers[:place] + numbers[place + size :]
            smaller = [*numbers[:place], *([0] * len(numbers[place : place + size]))]
            smaller += numbers[place + size :]
            for candidate in (shorter, smaller):
                tries -= 1
                if candidate != numbers and is_bad(candidate):
                    numbers = candidate
                    break
            else:
                place += size
        size //= 2
    return numbers
