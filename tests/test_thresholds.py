"""Thresholds: when a value counts as crossed, and what their keys mean."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.condition_tools import QUICK
from tests.shared import shared_database
from tests.threshold_tools import (
    Level,
    beyond,
    config_of,
    fold,
    fold_all,
    lasting,
    read_all,
    tick,
    values,
)

DOCUMENT = (Path(__file__).resolve().parent.parent / "docs/thresholds.md").read_text()
TRACES = set(re.findall(r"`(\w+)`", DOCUMENT[DOCUMENT.index("| trace | |") :])) - {"on_no_data"}


@pytest.fixture(scope="module")
def db(kind, request):
    """A clone that the whole module can share: a step changes nothing."""
    with shared_database(request, kind, "thresholds") as database:
        yield database.connect()


def show(states, *keys):
    """Some keys of every state; of one key the bare value."""
    rows = [tuple(state.get(key) for key in keys) for state in states]
    return [row[0] for row in rows] if len(keys) == 1 else rows


def history(db, trigger, samples, *keys):
    return show(fold(db, config_of(db, trigger), samples), *keys)


# Level


@pytest.mark.on("embedded")
@pytest.mark.parametrize(
    ("trigger", "numbers", "fires"),
    [
        ({"above": 5}, [4, 5, 5.1, 6, 5, 4.9, 6], [0, 0, 1, 0, 0, 0, 1]),
        ({"below": 5}, [6, 5, 4.9, 4, 5, 5.1, 4], [0, 0, 1, 0, 0, 0, 1]),
        ({"outside": [1, 5]}, [3, 5, 1, 5.1, 0, 5, 3, 0], [0, 0, 0, 1, 0, 0, 0, 1]),
        ({"inside": [1, 5]}, [0, 1, 5, 3, 1, 0, 3, 6, 4], [0, 0, 0, 1, 0, 0, 1, 0, 1]),
        ({"operator": ">=", "threshold": 5}, [4, 5, 6, 4, 5], [0, 1, 0, 0, 1]),
        ({"operator": "between", "threshold": [1, 5]}, [0, 1, 5, 6, 5], [0, 1, 0, 0, 1]),
        ({"above": 5, "clear_at": 3}, [1, 6, 4, 6, 3, 6, 2.9, 6], [0, 1, 0, 0, 0, 0, 0, 1]),
        ({"threshold": 5, "hysteresis": 1}, [1, 6, 6.1, 4, 6.1, 3, 7], [0, 0, 1, 0, 0, 0, 1]),
        (
            {"outside": [0, 10], "clear_at": [2, 8]},
            [5, 11, 9, 1, 2, 8, -1, 7, -1],
            [0, 1, 0, 0, 0, 0, 0, 0, 1],
        ),
    ],
    ids=json.dumps,
)
def test_a_level_fires_once_when_it_is_crossed_strictly(db, trigger, numbers, fires):
    assert history(db, trigger, values(*numbers), "fires") == fires


@pytest.mark.parametrize("trigger", [{"above": 5}, {"above": 5, "for": "PT10M"}])
def test_the_first_value_only_arms(db, trigger):
    states = fold(db, config_of(db, trigger), values(6, 7, 4, 6))
    assert show(states, "phase", "fires", "trace")[:3] == [
        ("firing", 0, "armed"), ("firing", 0, "held"), ("clear", 0, "cleared"),
    ]  # fmt: skip
    assert states[3]["phase"] == ("pending" if "for" in trigger else "firing")
    trigger = trigger | {"first": "fire_if_true"}
    first = fold(db, config_of(db, trigger), values(6))[0]
    assert (first["phase"], first["fires"]) == (
        ("pending", 0) if "for" in trigger else ("firing", 1)
    )


def test_a_first_value_between_the_levels_is_clear(db):
    trigger = {"above": 5, "clear_at": 3}
    assert history(db, trigger, values(4, 4, 6), "phase") == ["clear", "clear", "firing"]


def test_a_value_must_stay_beyond_the_level_for_as_long_as_asked(db):
    trigger = {"above": 5, "clear_at": 3, "for": "PT10M"}
    samples = [
        *values(1, 6, 7, 5, 6, 4, every=300), {"value": 6, "at": 3000, "seq": 9}, tick(3599),
        tick(3600), tick(9999),
    ]  # fmt: skip
    assert history(db, trigger, samples, "phase", "fires", "due", "trace") == [
        ("clear", 0, None, "first_sample"),
        ("pending", 0, 900, "pending"),
        ("pending", 0, 900, "pending"),
        ("clear", 0, None, "cancelled"),
        ("pending", 0, 1800, "pending"),
        ("clear", 0, None, "cancelled"),
        ("pending", 0, 3600, "pending"),
        ("pending", 0, 3600, "not_due"),
        ("firing", 1, None, "crossed"),
        ("firing", 0, None, "not_due"),
    ]


def test_a_due_time_counts_by_tick_or_by_sample_whichever_comes_first(db):
    trigger = {"above": 5, "for": "PT10M"}
    at_the_time = [*values(1, 6), {"value": 6, "at": 660, "seq": 2}]
    assert history(db, trigger, at_the_time, "fires") == [0, 0, 1]
    later = [*values(1, 6), {"value": 4, "at": 661, "seq": 2}]
    assert history(db, trigger, later, "phase", "fires", "recovers", "overdue")[-1] == (
        "clear", 1, True, "crossed",
    )  # fmt: skip
    gone = [*values(1, 6), {"value": 4, "at": 660, "seq": 2}]
    assert history(db, trigger, gone, "phase", "fires", "trace")[-1] == ("clear", 0, "cancelled")


def test_a_stale_value_does_not_fire(db):
    trigger = {"above": 5, "for": "PT10M", "stale_after": "PT5M"}
    assert history(db, trigger, [*values(1, 6), tick(660)], "phase", "fires", "trace")[-1] == (
        "clear", 0, "stale",
    )  # fmt: skip
    fresh = [*values(1, 6), {"value": 6, "at": 400, "seq": 2}, tick(660)]
    assert history(db, trigger, fresh, "fires")[-1] == 1
    again = [*values(1, 6), {"value": 6, "at": 700, "seq": 2}]
    assert history(db, trigger, again, "phase", "due", "overdue")[-1] == ("pending", 1300, "stale")


def test_recovery_takes_as_long_as_asked(db):
    trigger = {"above": 5, "clear_at": 3, "recovery_for": "PT10M"}
    samples = [*values(1, 6, 2, 4, 2, 6, 2, every=300), tick(2399), tick(2400)]
    assert history(db, trigger, samples, "phase", "fires", "recovers", "trace") == [
        ("clear", 0, None, "first_sample"),
        ("firing", 1, None, "crossed"),
        ("recovering", 0, None, "recovering"),
        ("firing", 0, None, "relapsed"),
        ("recovering", 0, None, "recovering"),
        ("firing", 0, None, "relapsed"),
        ("recovering", 0, None, "recovering"),
        ("recovering", 0, None, "not_due"),
        ("clear", 0, True, "cleared"),
    ]


def test_stale_data_hold_a_recovery_until_something_fresh_is_known(db):
    trigger = {"above": 5, "recovery_for": "PT10M", "stale_after": "PT5M"}
    samples = [*values(1, 6, 2), tick(720), tick(9000), {"value": 2, "at": 9100, "seq": 3}]
    assert history(db, trigger, samples, "phase", "due", "recovers", "trace")[2:] == [
        ("recovering", 720, None, "recovering"),
        ("recovering", None, None, "stale"),
        ("recovering", None, None, "not_due"),
        ("clear", None, True, "cleared"),
    ]


def test_a_fire_is_repeated_while_the_value_stays(db):
    trigger = {"above": 5, "clear_at": 3, "repeat_every": "PT10M", "stale_after": "PT20M"}
    samples = [
        *values(1, 6, 7), tick(660), {"value": 4, "at": 1000, "seq": 3}, tick(1260), tick(1860),
        tick(2460), tick(9000), {"value": 6, "at": 9100, "seq": 4}, {"value": 1, "at": 9200},
        tick(9900),
    ]  # fmt: skip
    states = fold(db, config_of(db, trigger), samples)
    assert show(states, "fires", "due", "trace")[1:] == [
        (1, 660, "crossed"), (0, 660, "held"), (1, 1260, "repeated"), (0, 1260, "held"),
        (1, 1860, "repeated"), (1, 2460, "repeated"), (0, None, "stale"), (0, None, "not_due"),
        (1, 9700, "repeated"), (0, None, "cleared"), (0, None, "not_due"),
    ]  # fmt: skip
    assert {state["since"] for state in states if state["phase"] == "firing"} == {60}


def test_what_was_armed_silently_is_not_repeated(db):
    trigger = {"above": 5, "repeat_every": "PT1M", "recovery_for": "PT1H"}
    assert history(db, trigger, values(6, 7, 4, 8, 9, every=600), "fires", "due") == [
        (0, None), (0, None), (0, 4800), (0, None), (0, None),
    ]  # fmt: skip


def test_the_cooldown_suppresses_the_fire_and_the_state_still_moves(db):
    config = config_of(db, {"above": 5}) | {"cooldown": 240}
    states = fold(db, config, values(1, 6, 1, 6, 1, 6))
    assert show(states, "phase", "fires", "fired_at", "trace") == [
        ("clear", 0, None, "first_sample"), ("firing", 1, 60, "crossed"),
        ("clear", 0, 60, "cleared"), ("firing", 0, 60, "cooldown"),
        ("clear", 0, 60, "cleared"), ("firing", 1, 300, "crossed"),
    ]  # fmt: skip


# Values that say nothing


@pytest.mark.on("embedded")
@pytest.mark.parametrize(
    ("value", "trace"),
    [
        (None, "no_data"), ("6", "type_mismatch"), ("", "type_mismatch"), (True, "type_mismatch"),
        ([6], "type_mismatch"), ({"x": 6}, "type_mismatch"), (1e38, "out_of_range"),
        (-1e300, "out_of_range"), (5e-324, "out_of_range"),
    ],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("on_no_data", ["hold", "clear"])
def test_what_is_no_number_neither_arms_nor_fires_nor_cancels(db, value, trace, on_no_data):
    config = config_of(db, {"above": 5, "for": "PT10M", "on_no_data": on_no_data})
    for before in ([], values(1), values(1, 6), [*values(1, 6), tick(660)]):
        *_, last, after = [{}, *fold(db, config, [*before, {"value": value, "at": 700, "seq": 9}])]
        if trace == "no_data" and on_no_data == "clear":
            assert (after["phase"], after.get("value")) == ("clear", None)
        else:
            assert (lasting(after), after["trace"]) == (lasting(last or None), trace)
            assert after["fires"] == 0


def test_a_sample_without_a_value_has_none(db):
    assert history(db, {"above": 5}, [{"at": 0}], "phase", "trace") == [("unknown", "no_data")]


def test_no_data_counts_as_clear_when_asked(db):
    trigger = {"above": 5, "on_no_data": "clear", "recovery_for": "PT10M"}
    samples = values(None, 6, None, 6, None)
    assert history(db, trigger, [*samples, tick(840)], "phase", "fires", "recovers") == [
        ("clear", 0, None), ("firing", 1, None), ("recovering", 0, None), ("firing", 0, None),
        ("recovering", 0, None), ("clear", 0, True),
    ]  # fmt: skip


def test_too_few_samples_are_no_data(db):
    trigger = {"above": 5, "min_samples": 3}
    assert history(db, trigger, values(1, None, 6, 6, 1, 6), "phase", "samples", "trace") == [
        ("unknown", 1, "too_few_samples"), ("unknown", 1, "no_data"),
        ("unknown", 2, "too_few_samples"), ("firing", 3, "armed"), ("clear", 4, "cleared"),
        ("firing", 5, "crossed"),
    ]  # fmt: skip


def test_a_value_counts_only_above_its_least_denominator(db):
    trigger = {"below": 1, "min_denominator": {"field": "impressions", "at_least": 100}}
    samples = [
        {"value": v, "at": n, "seq": n} | ({} if d is ... else {"denominator": d})
        for n, (v, d) in enumerate([(2, 100), (0, 99), (0, None), (0, ...), (0, "100"), (0, 100)])
    ]
    assert history(db, trigger, samples, "phase", "trace") == [
        ("clear", "first_sample"), ("clear", "low_denominator"), ("clear", "low_denominator"),
        ("clear", "low_denominator"), ("clear", "type_mismatch"), ("firing", "crossed"),
    ]  # fmt: skip


def test_of_equal_times_the_sequence_decides_and_older_samples_are_ignored(db):
    def sample(value, at, seq):
        return {"value": value, "at": at, "seq": seq}

    samples = [
        sample(1, 100, 5), sample(6, 99.5, 9), sample(6, 100, 4), sample(6, 100, 5),
        sample(6, 100, 6),
    ]  # fmt: skip
    assert history(db, {"above": 5}, samples, "phase", "trace") == [
        ("clear", "first_sample"), ("clear", "out_of_order"), ("clear", "out_of_order"),
        ("clear", "out_of_order"), ("firing", "crossed"),
    ]  # fmt: skip


# Milestones, spikes, changes


@pytest.mark.on("embedded")
@pytest.mark.parametrize(
    ("trigger", "numbers", "expected"),
    [
        (
            {},
            [1500, 1700, 5000, 900, 5100, 12000, 99999],
            [("armed", 0, None), ("below", 0, None), ("reached", 1, [5000]), ("below", 0, None),
             ("below", 0, None), ("reached", 1, [10000]), ("below", 0, None)],
        ),
        (
            {},
            [10, 10000, 3],
            [("first_sample", 0, None), ("reached", 1, [10000]), ("below", 0, None)],
        ),
        (
            {"levels": "all"},
            [10, 999, 6000, 10000],
            [("first_sample", 0, None), ("below", 0, None), ("reached", 2, [1000, 5000]),
             ("reached", 1, [10000])],
        ),
        ({"first": "fire_if_true"}, [6000, 6001], [("reached", 1, [5000]), ("below", 0, None)]),
        (
            {"min_samples": 2},
            [6000, 6000, 10000],
            [("too_few_samples", 0, None), ("armed", 0, None), ("reached", 1, [10000])],
        ),
    ],
    ids=repr,
)  # fmt: skip
def test_milestones_are_reached_once(db, trigger, numbers, expected):
    trigger = {"milestones": [1000, 5000, 10000]} | trigger
    assert history(db, trigger, values(*numbers), "trace", "fires", "levels") == expected


def test_a_milestone_within_the_cooldown_is_not_made_up_for(db):
    config = config_of(db, {"milestones": [10, 20, 30]}) | {"cooldown": 90}
    states = fold(db, config, values(1, 10, 20, 30))
    assert show(states, "fires", "levels", "trace")[1:] == [
        (1, [10], "reached"), (0, None, "cooldown"), (1, [30], "reached"),
    ]  # fmt: skip
    assert states[-1]["reached"] == [10, 20, 30]


def test_a_spike_is_judged_by_the_values_before_it(db):
    trigger = {"spike": {"sigma": 3, "window": 5, "min_samples": 4}}
    # mean 10, deviation 1: more than 13 stands out
    numbers = [9, 11, 9, 11, 13, 9, 11, 9, 11, 9, 14, 9]
    states = fold(db, config_of(db, trigger), values(*numbers))
    assert show(states, "trace")[:5] == ["too_few_samples"] * 4 + ["first_sample"]
    assert show(states, "phase", "fires")[-2:] == [("firing", 1), ("clear", 0)]
    assert sum(show(states, "fires")) == 1
    assert states[-1]["window"]["values"] == numbers[-5:]


def test_without_deviation_a_spike_must_be_above_the_mean_and_the_least(db):
    trigger = {"spike": {"sigma": 3, "window": 10, "min_samples": 2, "min_absolute": 8}}
    numbers = [5, 5, 5, 6, 5, 8]
    assert history(db, trigger, values(*numbers), "fires") == [0, 0, 0, 0, 0, 1]
    trigger["spike"].pop("min_absolute")
    assert history(db, trigger, values(5, 5, 5, 5.01), "fires") == [0, 0, 0, 1]


def test_the_window_of_a_spike_may_be_a_time(db):
    trigger = {"spike": {"sigma": 2, "window": "PT5M", "min_samples": 3}}
    samples = [*values(5, 5, 5, 5, 5, 5, 5), {"value": 99, "at": 2000, "seq": 8}]
    states = fold(db, config_of(db, trigger), samples)
    assert [len(state["window"]["values"]) for state in states] == [1, 2, 3, 4, 5, 5, 5, 1]
    assert states[-1]["trace"] == "too_few_samples"


def test_a_change_compares_two_windows_of_the_same_length(db):
    trigger = {"change": {"percent": 30, "window": "PT3M"}}
    states = fold(db, config_of(db, trigger), values(10, 10, 10, 10, 10, 19, 20, 10, 5, 5))
    # means of the last three and of the three before: 13 is 30 % more than 10, no more than that
    assert show(states, "phase", "fires", "trace") == [
        ("unknown", 0, "too_few_samples"), ("unknown", 0, "too_few_samples"),
        ("unknown", 0, "too_few_samples"), ("clear", 0, "first_sample"), ("clear", 0, "below"),
        ("clear", 0, "below"), ("firing", 1, "crossed"), ("firing", 0, "held"),
        ("clear", 0, "cleared"), ("clear", 0, "below"),
    ]  # fmt: skip


def test_a_change_may_be_a_fall(db):
    trigger = {"change": {"percent": -50, "window": "PT1M"}, "clear_at": -20}
    numbers = [100, 50, 24, 19, 15.1, 15]
    assert history(db, trigger, values(*numbers), "phase") == [
        "unknown", "clear", "firing", "firing", "firing", "clear",
    ]  # fmt: skip


def test_a_change_from_nothing_is_no_data(db):
    trigger = {"change": {"percent": 30, "window": "PT1M"}}
    assert history(db, trigger, values(0, 5, 7, 7), "phase", "trace") == [
        ("unknown", "too_few_samples"), ("unknown", "no_baseline"), ("firing", "crossed"),
        ("clear", "cleared"),
    ]  # fmt: skip
    negative = {"change": {"percent": 30, "window": "PT1M"}}
    assert history(db, negative, values(-10, -6, -9), "phase")[1:] == ["firing", "clear"]


@pytest.mark.on("embedded")
@pytest.mark.parametrize(
    "trigger",
    [
        {"spike": {"sigma": 3, "window": 1000}},
        {"spike": {"sigma": 3, "window": "P5D"}},
        {"change": {"percent": 30, "window": "PT1H"}},
    ],
    ids=json.dumps,
)
def test_windows_stay_small_however_many_samples_come(db, trigger):
    config = config_of(db, trigger)
    state = db.execute(
        """
        with recursive step as (
            select 0 as n, null::jsonb as state
            union all
            select n + 1, automation.threshold_step(
                state, jsonb_build_object('value', mod(n, 7), 'at', n * 5, 'seq', n), %s
            )
            from step where n < 2500
        )
        select state from step where n = 2500
        """,
        [json.dumps(config)],
    ).fetchone()[0]
    assert state["samples"] == 2500
    window = state["window"]
    assert max(len(v) for v in window.values() if isinstance(v, list)) <= 1000
    numbers = [n % 7 for n in range(2500)]
    if "spike" in trigger:
        assert window["sum"] == sum(numbers[-1000:])
        assert window["squares"] == sum(n * n for n in numbers[-1000:])
    else:
        assert (window["count"], window["count_before"]) == pytest.approx((720, 720), abs=3)


# Laws


@st.composite
def level_configs(draw):
    """Levels of every direction with every option, in small numbers so that they meet."""
    direction = draw(st.sampled_from(["above", "below", "outside", "inside"]))
    slack = draw(st.sampled_from([0, 0, 1, 2]))
    if direction in ("above", "below"):
        fire_at, clear_at = 5, 5 - slack if direction == "above" else 5 + slack
    else:
        fire_at = [2, 8]
        clear_at = [2 + slack, 8 - slack] if direction == "outside" else [2 - slack, 8 + slack]
    config = {"kind": "level", "direction": direction, "fire_at": fire_at, "clear_at": clear_at}
    config["first"] = draw(st.sampled_from(["arm_only", "fire_if_true"]))
    config["on_no_data"] = draw(st.sampled_from(["hold", "clear"]))
    if draw(st.booleans()):
        config["inclusive"] = True
    for key in ("for", "recovery_for", "repeat_every", "stale_after", "cooldown"):
        if draw(st.booleans()):
            config[key] = draw(st.sampled_from([1, 5, 10, 20]))
    if draw(st.booleans()):
        config["min_samples"] = draw(st.integers(1, 3))
    return config


VALUES = st.one_of(st.integers(0, 10), st.integers(0, 10), st.none(), st.just("5"))


@st.composite
def sample_lists(draw, numbers=VALUES, ticks=True, ordered=False):
    """Samples, mostly in order, and ticks between them."""
    samples, now = [], 100
    steps = st.integers(0, 9) if ordered else st.integers(-3, 9)
    for seq in range(draw(st.integers(1, 25))):
        now += draw(steps)
        if ticks and draw(st.integers(0, 3)) == 0:
            samples.append(tick(now))
        else:
            samples.append({"value": draw(numbers), "at": now, "seq": seq})
    return samples


def histories(configs, samples):
    """Some histories at once: one statement tells them all."""
    one = st.fixed_dictionaries({"config": configs, "samples": samples})
    return st.lists(one, min_size=10, max_size=10)


def without(*keys):
    return level_configs().map(lambda c: {k: v for k, v in c.items() if k not in keys})


def last_values(samples, states):
    """With each state the last number that was taken, if any."""
    taken, last = [], None
    for sample, state in zip(samples, states, strict=True):
        if state["trace"] not in ("out_of_order", "type_mismatch") and not sample.get("tick"):
            last = sample["value"] if isinstance(sample["value"], int) else last
        taken.append(last)
    return taken


@pytest.mark.on("embedded")
@QUICK
@given(batch=histories(level_configs(), sample_lists()))
def test_a_level_is_what_the_reference_says(db, batch):
    for case, states in zip(batch, fold_all(db, batch), strict=True):
        model, before = Level(case["config"]), {"phase": "unknown"}
        for sample, state in zip(case["samples"], states, strict=True):
            model.step(sample)
            if "overdue" not in state:
                entered = state["phase"] != before["phase"]
                assert state.get("since") == (sample["at"] if entered else before.get("since"))
            before = state
            seen = {k: state[k] for k in ("phase", "fires", "due", "recovers") if k in state}
            assert seen == model.shown(), (case["config"], sample, state)
            assert state["trace"] in TRACES
            assert state.get("samples", 0) == model.samples


@pytest.mark.on("embedded")
@QUICK
@given(batch=histories(without("repeat_every"), sample_lists()))
def test_nothing_fires_without_a_crossing(db, batch):
    """Before each fire a value was on either side of the level, or the first may fire."""
    for case, states in zip(batch, fold_all(db, batch), strict=True):
        config, safe = case["config"], case["config"]["first"] == "fire_if_true"
        clears_itself = config["on_no_data"] == "clear"
        for sample, state, last in zip(
            case["samples"], states, last_values(case["samples"], states), strict=True
        ):
            over = last is not None and (
                beyond(last, config["direction"], config["fire_at"])
                >= (0 if config.get("inclusive") else 1e-9)
            )
            if state["fires"]:
                assert safe, (config, state)
                assert over or state.get("overdue") == "crossed", (config, sample, state)
            safe = safe or not over or clears_itself


@pytest.mark.on("embedded")
@QUICK
@given(batch=histories(without("repeat_every"), sample_lists()))
def test_between_two_clears_it_fires_at_most_once(db, batch):
    for case, states in zip(batch, fold_all(db, batch), strict=True):
        fired = False
        for state in states:
            both = state["fires"] and state.get("recovers")
            assert not (fired and state["fires"] and not both), (case["config"], state)
            if both:
                fired = state["phase"] == "firing"
            else:
                fired = bool(state["fires"]) or (fired and "recovers" not in state)


@pytest.mark.on("embedded")
@QUICK
@given(
    batch=histories(level_configs(), sample_lists(ordered=True)),
    late=st.tuples(st.integers(0, 30), st.integers(0, 10), st.integers(0, 50)),
)
def test_a_late_sample_changes_nothing_but_the_trace(db, batch, late):
    place, value, delay = late
    told = fold_all(db, batch)
    for case, states in zip(batch, told, strict=True):
        place = min(place, len(states) - 1)
        if "at" in states[place]:
            old = {"value": value, "at": states[place]["at"] - delay, "seq": -1}
            case["samples"].insert(place + 1, old)
    for states, again in zip(told, fold_all(db, batch), strict=True):
        if len(again) > len(states):
            place = next(n for n, s in enumerate(again) if s["trace"] == "out_of_order")
            assert lasting(again.pop(place)) == lasting(states[place - 1])
        assert again == states


@pytest.mark.on("embedded")
@QUICK
@given(batch=histories(level_configs(), sample_lists()), cut=st.integers(0, 25))
def test_a_state_survives_a_restart(db, batch, cut):
    whole = fold_all(db, batch)
    first = fold_all(db, [case | {"samples": case["samples"][:cut]} for case in batch])
    rest = [
        case | {"samples": case["samples"][cut:], "state": (states or [None])[-1]}
        for case, states in zip(batch, [*first, *[[]] * len(batch)], strict=False)
        if case["samples"][cut:]
    ]
    ends = [states for states in whole if len(states) > cut]
    assert [s[-1] for s in fold_all(db, json.loads(json.dumps(rest)))] == [s[-1] for s in ends]


@pytest.mark.on("embedded")
@QUICK
@given(batch=histories(without("repeat_every"), sample_lists(st.integers(0, 10), False, True)))
def test_it_does_not_matter_whether_the_clock_ticks_at_the_due_time(db, batch):
    told = fold_all(db, batch)
    ticked = []
    for case, states in zip(batch, told, strict=True):
        samples = []
        for sample, state in zip(case["samples"], [None, *states], strict=False):
            if state and state.get("due", sample["at"]) < sample["at"]:
                samples.append(tick(state["due"]))
            samples.append(sample)
        ticked.append(case | {"samples": samples})
    for states, case, again in zip(told, ticked, fold_all(db, ticked), strict=True):
        pairs = zip(case["samples"], again, strict=True)
        assert [lasting(s) for sample, s in pairs if "tick" not in sample] == [
            lasting(s) for s in states
        ]
        for key in ("fires", "recovers"):
            assert sum(s.get(key, 0) for s in again) == sum(s.get(key, 0) for s in states)


@pytest.mark.on("embedded")
@QUICK
@given(batch=histories(without("for", "recovery_for", "min_samples"), sample_lists()))
def test_between_the_levels_the_state_is_kept(db, batch):
    for case, states in zip(batch, fold_all(db, batch), strict=True):
        config = case["config"]
        for sample, before, state in zip(case["samples"][1:], states, states[1:], strict=False):
            if isinstance(sample.get("value"), int) and before["phase"] != "unknown":
                fire, clear = (
                    beyond(sample["value"], config["direction"], config[key])
                    for key in ("fire_at", "clear_at")
                )
                if fire < 0 <= clear:
                    assert state["phase"] == before["phase"], (config, before, sample, state)


@pytest.mark.on("embedded")
@QUICK
@given(batch=histories(without("repeat_every", "cooldown"), sample_lists(st.integers(0, 10))))
def test_with_for_every_value_since_it_was_entered_was_beyond_the_level(db, batch):
    batch = [case | {"config": case["config"] | {"for": 10}} for case in batch]
    for case, states in zip(batch, fold_all(db, batch), strict=True):
        config, entered = case["config"], None
        for sample, state in zip(case["samples"], states, strict=True):
            now = sample["at"]
            if state["fires"] and not sample.get("tick") and state.get("overdue") == "crossed":
                now -= 1e-9  # it was over before this value came
            if state["fires"]:
                assert entered is not None, (config, sample, state)
                assert now - entered >= 10 - 1e-6, (config, sample, state)
            if sample.get("tick") or state["trace"] in ("out_of_order", "too_few_samples"):
                entered = entered if state["trace"] != "stale" else None
                continue
            excess = beyond(sample["value"], config["direction"], config["fire_at"])
            over = excess > 0 or (excess == 0 and config.get("inclusive"))
            if not over or state.get("overdue") == "stale":
                entered = None
            if over and entered is None:
                entered = now


@pytest.mark.on("embedded")
@QUICK
@given(
    batch=histories(
        st.fixed_dictionaries(
            {
                "kind": st.just("milestones"),
                "milestones": st.sets(st.integers(0, 10), min_size=1, max_size=5).map(sorted),
                "levels": st.sampled_from(["highest", "all"]),
                "first": st.sampled_from(["arm_only", "fire_if_true"]),
            }
        ),
        sample_lists(),
    )
)
def test_a_milestone_fires_at_most_once(db, batch):
    for case, states in zip(batch, fold_all(db, batch), strict=True):
        config = case["config"]
        fired = [level for state in states for level in state.get("levels", [])]
        assert len(fired) == len(set(fired)) == sum(show(states, "fires"))
        numbers = [v for v in last_values(case["samples"], states) if v is not None]
        first = [] if config["first"] == "fire_if_true" else [
            m for m in config["milestones"] if numbers and m <= numbers[0]
        ]  # fmt: skip
        reached = [m for m in config["milestones"] if numbers and m <= max(numbers)]
        assert set(fired) <= set(reached) - set(first)
        assert states[-1].get("reached", []) == reached
        if config["levels"] == "all":
            assert fired == [m for m in reached if m not in first]


@pytest.mark.on("embedded")
@QUICK
@given(
    batch=histories(
        st.fixed_dictionaries(
            {
                "kind": st.just("spike"),
                "sigma": st.sampled_from([0, 1, 1.5, 2, 3]),
                "window_samples": st.integers(2, 6),
                "min_samples": st.integers(1, 3),
                "first": st.just("fire_if_true"),
            }
        ),
        sample_lists(st.integers(0, 10), False, True),
    )
)
def test_a_spike_is_beyond_the_mean_and_deviation_of_the_values_before(db, batch):
    for case, states in zip(batch, fold_all(db, batch), strict=True):
        config = case["config"]
        seen, expected, is_raised = [], [], False
        for sample in case["samples"]:
            window, value = seen[-config["window_samples"] :], Fraction(sample["value"])
            seen.append(value)
            if len(window) < config["min_samples"]:
                expected.append(0)
                continue
            mean = Fraction(sum(window), len(window))
            variance = sum((v - mean) ** 2 for v in window) / len(window)
            sigma = Fraction(config["sigma"])
            is_spike = value > mean and (value - mean) ** 2 > sigma**2 * variance
            expected.append(int(is_spike and not is_raised))
            is_raised = is_spike
        taken = [s["trace"] != "out_of_order" for s in states]
        if all(taken):
            assert show(states, "fires") == expected, case


@pytest.mark.on("embedded")
@QUICK
@given(
    batch=histories(
        st.sampled_from(["above", "below"]).map(
            lambda direction: {
                "kind": "change", "direction": direction, "window_seconds": 10,
                "fire_at": 25 if direction == "above" else -25,
                "clear_at": 25 if direction == "above" else -25, "first": "fire_if_true",
            }
        ),
        sample_lists(st.integers(0, 4), False, True),
    )
)  # fmt: skip
def test_a_change_is_that_of_the_means_of_two_windows(db, batch):
    for case, states in zip(batch, fold_all(db, batch), strict=True):
        config = case["config"]
        samples = [(s["at"], Fraction(s["value"])) for s in case["samples"]]
        for n, ((at, _), state) in enumerate(zip(samples, states, strict=True), start=1):
            now = [v for t, v in samples[:n] if at - 10 < t]
            before = [v for t, v in samples[:n] if at - 20 < t <= at - 10]
            if not before or not sum(before):
                assert state["trace"] == ("no_baseline" if before else "too_few_samples")
                continue
            base = sum(before) / len(before)
            excess = beyond(
                (sum(now) / len(now) - base) / abs(base) * 100,
                config["direction"], config["fire_at"],
            )  # fmt: skip
            if excess != 0:
                assert state["phase"] == ("firing" if excess > 0 else "clear"), (case, state)


def test_equal_arguments_give_an_equal_state(db):
    query = "select provolatile from pg_proc where oid = 'automation.threshold_step'::regproc"
    assert db.execute(query).fetchone()[0] == "i"


# What is refused

STEPS = [
    ([], {"at": 1}, {}, "MA001"),
    ("x", {"at": 1}, {}, "MA001"),
    (None, {"value": 5}, {}, "MA001"),
    (None, {"value": 5, "at": "1"}, {}, "MA001"),
    (None, {"value": 5, "at": 1, "seq": "1"}, {}, "MA001"),
    (None, {"value": 5, "at": 10**13}, {}, "MA001"),
    (None, [], {}, "MA001"),
    (None, None, {}, "MA001"),
    (None, {"value": 5, "at": 1}, None, "MA001"),
    (None, {"value": 5, "at": 1}, {"kind": "level"}, "MA001"),
    (None, {"value": 5, "at": 1}, {"kind": "other"}, "MA001"),
    (None, {"value": 5, "at": 1}, {"kind": "milestones", "milestones": 7}, "MA001"),
    (None, {"value": 5, "at": 1}, {"above": 5}, "MA001"),
]


@pytest.mark.on("embedded")
@pytest.mark.parametrize(("state", "sample", "config", "code"), STEPS, ids=repr)
def test_what_is_no_step_is_refused(db, state, sample, config, code):
    with pytest.raises(psycopg.Error) as error:
        fold_one(db, state, sample, config)
    assert error.value.sqlstate == code


def fold_one(db, *arguments):
    step = "select automation.threshold_step(%s, %s, %s)"
    return db.execute(step, [json.dumps(a) for a in arguments]).fetchone()[0]


def test_sql_null_json_null_and_an_empty_object_are_no_state(db):
    config = {"kind": "level", "direction": "above", "fire_at": 5, "clear_at": 5}
    step = "select automation.threshold_step(%s, %s, %s)"
    sample = json.dumps({"value": 1, "at": 1})
    states = [
        db.execute(step, [state, sample, json.dumps(config)]).fetchone()[0]
        for state in (None, "null", "{}")
    ]
    assert states[0] == states[1] == states[2]
    assert states[0]["trace"] == "first_sample"


def test_clients_may_ask(database, orgs):
    client = database.connect("svc_a", org=orgs.a)
    config = {"kind": "level", "direction": "above", "fire_at": 5, "clear_at": 5}
    assert fold_one(client, None, {"value": 6, "at": 0}, config)["trace"] == "armed"


# What triggers say


@pytest.mark.on("embedded")
@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ({"above": 5}, {"direction": "above", "fire_at": 5, "clear_at": 5}),
        ({"below": 5, "clear_at": 6}, {"direction": "below", "fire_at": 5, "clear_at": 6}),
        ({"above": 5, "clear_at": 5}, {"fire_at": 5, "clear_at": 5}),
        ({"below": 5, "clear_at": 5.0}, {"fire_at": 5, "clear_at": 5}),
        ({"outside": [1, 9], "clear_at": [1, 9]}, {"fire_at": [1, 9], "clear_at": [1, 9]}),
        ({"inside": [1, 9], "clear_at": [1, 9]}, {"fire_at": [1, 9], "clear_at": [1, 9]}),
        ({"outside": {"min": 1, "max": 9}}, {"direction": "outside", "fire_at": [1, 9]}),
        ({"inside": [1, 9], "clear_at": [0, 10]}, {"direction": "inside", "clear_at": [0, 10]}),
        ({"operator": ">", "threshold": 5}, {"direction": "above", "fire_at": 5}),
        ({"operator": "less than", "value": 5}, {"direction": "below", "fire_at": 5}),
        ({"op": "lte", "value": 5}, {"direction": "below", "inclusive": True}),
        (
            {"operator": "not_between", "threshold": {"min": 1, "max": 9}},
            {"direction": "outside", "fire_at": [1, 9]},
        ),
        ({"threshold": 5, "hysteresis": 1}, {"direction": "above", "fire_at": 6, "clear_at": 4}),
        ({"below": 5, "hysteresis": 1}, {"fire_at": 4, "clear_at": 6}),
        ({"outside": [1, 9], "hysteresis": 1}, {"fire_at": [0, 10], "clear_at": [2, 8]}),
        ({"inside": [1, 9], "hysteresis": 1}, {"fire_at": [2, 8], "clear_at": [0, 10]}),
        (
            {"above": 5, "for": "PT10M", "recovery_for": "1 hour", "repeat_every": "P1D",
             "stale_after": "90s"},
            {"for": 600, "recovery_for": 3600, "repeat_every": 86400, "stale_after": 90},
        ),
        ({"above": 5}, {"first": "arm_only", "on_no_data": "hold"}),
        ({"above": 5, "first": "fire_if_true"}, {"first": "fire_if_true"}),
        (
            {"above": 5, "min_denominator": {"field": "n", "at_least": 9}},
            {"min_denominator": 9},
        ),
        ({"milestones": [1, 2.5]}, {"milestones": [1, 2.5], "levels": "highest"}),
        (
            {"spike": {"sigma": 2, "window": 5}},
            {"window_samples": 5, "min_samples": 5, "first": "fire_if_true"},
        ),
        (
            {"spike": {"sigma": 2, "window": "PT1H", "min_absolute": 3}},
            {"window_samples": 1000, "window_seconds": 3600, "min_samples": 10, "min_absolute": 3},
        ),
        (
            {"change": {"percent": -30, "window": "P7D"}},
            {"direction": "below", "fire_at": -30, "clear_at": -30, "window_seconds": 604800},
        ),
    ],
    ids=lambda value: json.dumps(value)[:60],
)  # fmt: skip
def test_the_keys_of_a_trigger_become_a_configuration(db, trigger, expected):
    config = config_of(db, trigger)
    assert expected.items() <= config.items()
    first = fold_one(db, None, {"value": 1, "at": 0, "denominator": 100}, config)
    assert first["trace"] in ("first_sample", "armed", "reached", "too_few_samples")


def test_what_takes_no_time_is_left_out(db):
    config = config_of(db, {"above": 5, "for": "PT0S", "recovery_for": "0 s"})
    assert not {"for", "recovery_for"} & set(config)


@pytest.mark.on("embedded")
@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("roi", '$."new"."roi"'),
        ("metrics.roi", '$."new"."metrics"."roi"'),
        ('["odd key"][0]', '$."new"."odd key"[0]'),
        ("spend / budget * 100", '(($."new"."spend" / $."new"."budget") * 100)'),
    ],
)
def test_a_field_is_of_the_new_row_or_arithmetic_about_it(db, field, path):
    found = read_all(db, [{"metric": field, "above": 5}])[0]
    assert (found["errors"], found["field"], found["path"]) == (None, field, path)


def test_other_keys_of_a_trigger_are_somebody_elses(db):
    trigger = {
        "type": "metric_threshold", "event": "campaign", "metric": "roi", "operator": ">",
        "threshold": 5, "condition": "x", "on_loop": 7, "entity": [], "ui": {}, "x-y": 1,
    }  # fmt: skip
    assert read_all(db, [trigger])[0]["errors"] is None
    keys = db.execute("select automation_private.list_threshold_keys()").fetchone()[0]
    assert len(keys) == len(set(keys))
    assert not {"type", "event", "condition", "on_loop", "entity", "ui", "cooldown"} & set(keys)
    assert {"field", "metric", "above", "operator", "threshold", "milestones", "for"} <= set(keys)


X = {"field": "x"}
WRONG = [
    ({}, ["missing_key ", "missing_key "]),
    ({"above": 5}, ["missing_key "]),
    (X, ["missing_key "]),
    (X | {"metric": "y", "above": 5}, ["conflicting_keys "]),
    ({"field": 7, "above": 5}, ["wrong_type /field"]),
    ({"metric": 7, "above": 5}, ["wrong_type /metric"]),
    ({"field": "old.x", "above": 5}, ["not_a_value /field"]),
    ({"field": "now", "above": 5}, ["not_a_value /field"]),
    ({"field": "a[].x", "above": 5}, ["not_a_value /field"]),
    ({"field": "x >", "above": 5}, ["syntax /field"]),
    ({"field": "", "above": 5}, ["syntax /field"]),
    (X | {"above": 5, "below": 3}, ["conflicting_keys "]),
    (X | {"above": 5, "milestones": [1]}, ["conflicting_keys "]),
    (X | {"above": 5, "operator": ">"}, ["conflicting_keys /operator"]),
    (X | {"threshold": 5}, ["missing_key "]),
    (X | {"operator": ">"}, ["missing_key "]),
    (X | {"operator": "=", "threshold": 5}, ["unknown_operator /operator"]),
    (X | {"op": 7, "threshold": 5}, ["wrong_type /op"]),
    (X | {"op": ">", "operator": ">", "threshold": 5}, ["conflicting_keys "]),
    *((X | {"above": v}, ["wrong_type /above"]) for v in ("5", "NaN", None, [5], True)),
    (X | {"above": 10**38}, ["out_of_range /above"]),
    *(
        (X | {"inside": v}, ["wrong_type /inside"])
        for v in (5, [1], [1, 2, 3], [1, "2"], {"min": 1}, None)
    ),
    (X | {"outside": [5, 5]}, ["empty_range /outside"]),
    (X | {"above": 5, "clear_at": 5.1}, ["wrong_side /clear_at"]),
    (X | {"below": 5, "clear_at": 4.9}, ["wrong_side /clear_at"]),
    (X | {"outside": [1, 9], "clear_at": [0, 8]}, ["wrong_side /clear_at"]),
    (X | {"inside": [1, 9], "clear_at": [0, 8]}, ["wrong_side /clear_at"]),
    (X | {"inside": [1, 9], "clear_at": 5}, ["wrong_type /clear_at"]),
    (X | {"above": 5, "clear_at": 4, "hysteresis": 1}, ["conflicting_keys /hysteresis"]),
    (X | {"above": 5, "hysteresis": -1}, ["out_of_range /hysteresis"]),
    (X | {"inside": [1, 3], "hysteresis": 1}, ["out_of_range /hysteresis"]),
    (X | {"above": 5, "for": 600}, ["wrong_type /for"]),
    (X | {"above": 5, "for": "soon"}, ["invalid_duration /for"]),
    (X | {"above": 5, "repeat_every": "PT0S"}, ["out_of_range /repeat_every"]),
    (X | {"above": 5, "stale_after": "P9Y"}, ["out_of_range /stale_after"]),
    (X | {"above": 5, "first": "fire"}, ["unknown_mode /first"]),
    (X | {"above": 5, "on_no_data": "keep"}, ["unknown_mode /on_no_data"]),
    (X | {"above": 5, "min_samples": 0}, ["out_of_range /min_samples"]),
    (X | {"above": 5, "levels": "all"}, ["conflicting_keys /levels"]),
    (X | {"above": 5, "min_denominator": 9}, ["wrong_type /min_denominator"]),
    (
        X | {"above": 5, "min_denominator": {"at": 9}},
        ["unknown_key /min_denominator/at", "missing_key /min_denominator",
         "missing_key /min_denominator"],
    ),
    (X | {"milestones": []}, ["empty_list /milestones"]),
    (X | {"milestones": 5}, ["wrong_type /milestones"]),
    (X | {"milestones": [1, 3, 2]}, ["not_ascending /milestones/2"]),
    (X | {"milestones": [1, 1]}, ["not_ascending /milestones/1"]),
    (X | {"milestones": [1, "2", None]}, ["wrong_type /milestones/1", "wrong_type /milestones/2"]),
    (X | {"milestones": list(range(101))}, ["too_many /milestones"]),
    (
        X | {"milestones": [1], "for": "PT1M", "clear_at": 0, "levels": "some"},
        ["conflicting_keys /clear_at", "conflicting_keys /for", "unknown_mode /levels"],
    ),
    (X | {"spike": 3}, ["wrong_type /spike"]),
    (X | {"spike": {}}, ["missing_key /spike", "missing_key /spike"]),
    (
        X | {"spike": {"sigma": -1, "window": 1, "min_samples": 0, "of": 1}},
        ["unknown_key /spike/of", "out_of_range /spike/sigma", "out_of_range /spike/window",
         "out_of_range /spike/min_samples"],
    ),
    (X | {"spike": {"sigma": 3, "window": 1001}}, ["out_of_range /spike/window"]),
    (X | {"spike": {"sigma": 3, "window": [5]}}, ["wrong_type /spike/window"]),
    (
        X | {"spike": {"sigma": 3, "window": 5, "min_samples": 6}},
        ["out_of_range /spike/min_samples"],
    ),
    (
        X | {"spike": {"sigma": 3, "window": 5}, "min_samples": 3},
        ["conflicting_keys /min_samples"],
    ),
    (X | {"change": {"percent": 0, "window": 5}},
     ["out_of_range /change/percent", "wrong_type /change/window"]),
    (
        X | {"change": {"percent": 30, "window": "P1D"}, "clear_at": 31},
        ["wrong_side /clear_at"],
    ),
]  # fmt: skip


def test_everything_that_is_wrong_is_said_at_once(db):
    found = [
        [f"{e['code']} {e['pointer'].removeprefix('/trigger')}" for e in read["errors"] or []]
        for read in read_all(db, [trigger for trigger, _ in WRONG])
    ]
    assert found == [errors for _, errors in WRONG]


def test_an_invalid_trigger_has_no_configuration_and_every_error_a_message(db):
    for read in read_all(db, [trigger for trigger, _ in WRONG]):
        assert read["config"] is None
        assert all(error["message"] for error in read["errors"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=5)
    | st.sampled_from(["PT1H", ">", "x", "all", "hold"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["field", "at_least", "sigma", "window", "percent", "min", "max", "x"]),
        inner, max_size=4,
    ),
    max_leaves=5,
)  # fmt: skip
KEYS = [
    "field", "metric", "above", "below", "outside", "inside", "operator", "op", "threshold",
    "value", "clear_at", "hysteresis", "milestones", "levels", "spike", "change", "for",
    "recovery_for", "repeat_every", "stale_after", "first", "on_no_data", "min_samples",
    "min_denominator",
]  # fmt: skip


@pytest.mark.on("embedded")
@QUICK
@given(batch=st.lists(st.dictionaries(st.sampled_from(KEYS), JSON), min_size=30, max_size=30))
def test_reading_never_raises(db, batch):
    text = re.sub(r"\\u0000|\b(NaN|-?Infinity)\b", "5", json.dumps(batch))
    for trigger, read in zip(json.loads(text), read_all(db, json.loads(text)), strict=True):
        assert (read["config"] is None) == bool(read["errors"]), trigger


def test_the_table_in_the_documentation_is_what_happens(db):
    trigger = json.loads(re.search(r"```json\n(.*?)```", DOCUMENT, re.S)[1])
    rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in re.findall(r"^\| \d\d:\d\d .*$", DOCUMENT, re.M)
    ]
    samples = []
    for n, (time, value, *_) in enumerate(rows):
        at = int(time[:2]) * 3600 + int(time[3:]) * 60
        number = {"value": json.loads(value), "seq": n} if value != "tick" else {"tick": True}
        samples.append({"at": at} | number)
    config = config_of(db, trigger)
    told = [
        [
            state["phase"],
            "{:02}:{:02}".format(*divmod(state["due"] // 60, 60)) if "due" in state else "",
            "fires" if state["fires"] else "recovers" if "recovers" in state else "",
            state["trace"],
        ]
        for state in fold(db, config, samples)
    ]
    assert told == [row[2:6] for row in rows]
