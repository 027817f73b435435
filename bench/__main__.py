"""Measure everything, print one table and write one JSON file."""

from __future__ import annotations

import argparse
import json
import platform
import statistics
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import backtest, conditions, engine, limits, machine, rules
from bench.stage import SETTINGS, Stage
from demo.server import Server


def median(name: str, runs: int, measure: Callable[[int], float]) -> float:
    """The median of several runs, with a line of progress for each."""
    figures = []
    for run in range(runs):
        figures.append(measure(run))
        print(f"  {name} {run + 1}/{runs}: {figures[-1]:,.1f}", flush=True)
    return statistics.median(figures)


def measure(server: Server, runs: int) -> dict[str, float]:
    """All figures by name."""
    stage = Stage(server, "bench")
    figures: dict[str, float] = {}
    for clients in (1, 2, 8):
        figures[f"pgbench_updates_{clients}"] = median(
            f"pgbench, {clients} clients",
            runs,
            lambda _, c=clients: machine.one_row_updates(stage, c),
        )
    figures["set_based_pairs"] = median(
        "set-based pairs", runs, lambda _: machine.set_based_pairs(stage)
    )
    costs: list[dict[str, float]] = []

    def external(run: int, orgs: int) -> float:
        own = Stage(server, f"external_{orgs}_{run}")
        result = engine.external_steps(own, orgs)
        if orgs == 1:
            costs.append(result)
        return result["steps_per_s"]

    figures["external_steps"] = median("external steps/s", runs, lambda run: external(run, 1))
    for name in ("engine_rows", "queue_rows", "wal_bytes", "cpu_us"):
        figures[f"{name}_per_step"] = statistics.median(cost[name] for cost in costs)
    figures["external_steps_2000_orgs"] = median(
        "external steps/s, 2,000 organisations", runs, lambda run: external(run, 2_000)
    )
    figures["internal_steps"] = median("internal steps/s", runs, lambda _: engine.internal(stage))
    latencies = [engine.latency(stage) for _ in range(runs)]
    figures["latency_p50_ms"] = statistics.median(each["p50"] for each in latencies)
    figures["latency_p99_ms"] = statistics.median(each["p99"] for each in latencies)
    figures["evaluations"] = conditions.evaluations(stage)
    queues = [engine.backlog(Stage(server, f"backlog_{run}")) for run in range(min(runs, 3))]
    figures["claim_complete_empty_ms"] = statistics.median(each["empty_ms"] for each in queues)
    figures["claim_complete_100k_ms"] = statistics.median(each["backlog_ms"] for each in queues)
    figures |= {
        f"insert_{name}_us": each for name, each in rules.capture(Stage(server, "capture")).items()
    }
    for orgs in (1, 2_000):
        figures[f"events_{orgs}"] = median(
            f"events/s, {orgs:,} organisations",
            runs,
            lambda run, n=orgs: rules.dispatch(Stage(server, f"events_{n}_{run}"), n),
        )
        figures[f"evaluations_{orgs}"] = rules.LISTENERS * figures[f"events_{orgs}"]
    for rate in (200, 500):
        effects = [
            rules.effect_latency(Stage(server, f"effects_{rate}_{run}"), rate)
            for run in range(runs)
        ]
        for name in ("p50", "p99", "rate"):
            figures[f"effect_{name}_{rate}"] = statistics.median(each[name] for each in effects)
    limited = [limits.exactness(Stage(server, f"limit_{run}")) for run in range(runs)]
    figures["limit_started"] = max(each["started"] for each in limited)
    figures["limit_rate"] = statistics.median(each["rate"] for each in limited)
    figures["backtest_ms"] = 1000 * statistics.median(
        backtest.week(Stage(server, "backtest"), runs)
    )
    return figures


def table(figures: dict[str, float]) -> Table:
    """The figures with what was wanted and the ratio to the machine's limit."""
    one = figures["pgbench_updates_1"]
    rows = [
        ("pgbench one-row updates/s, 1 client", "pgbench_updates_1", "", ""),
        ("pgbench one-row updates/s, 2 clients", "pgbench_updates_2", "", ""),
        ("pgbench one-row updates/s, 8 clients", "pgbench_updates_8", "", ""),
        ("set-based insert + update pairs/s", "set_based_pairs", "", ""),
        (
            "(a) external steps/s",
            "external_steps",
            "2.5 x pgbench",
            figures["external_steps"] / one,
        ),
        ("(b) internal steps/s", "internal_steps", "10 x pgbench", figures["internal_steps"] / one),
        ("(c) 10 external steps, p50 ms", "latency_p50_ms", "<= 20 ms", ""),
        ("(c) 10 external steps, p99 ms", "latency_p99_ms", "", ""),
        ("(d) evaluations/s", "evaluations", ">= 1,000,000", ""),
        ("(e) engine row writes per step", "engine_rows_per_step", "<= 5", ""),
        ("(e) queue row writes per step", "queue_rows_per_step", "", ""),
        ("(e) WAL bytes per step", "wal_bytes_per_step", "", ""),
        ("(e) server CPU us per step", "cpu_us_per_step", "", ""),
        (
            "(f) external steps/s, 2,000 organisations",
            "external_steps_2000_orgs",
            ">= 0.8 of (a)",
            figures["external_steps_2000_orgs"] / figures["external_steps"],
        ),
        ("(g) claim + complete 100, short queue, ms", "claim_complete_empty_ms", "", ""),
        (
            "(g) claim + complete 100, backlog 100,000, ms",
            "claim_complete_100k_ms",
            "<= 1.2 x",
            figures["claim_complete_100k_ms"] / figures["claim_complete_empty_ms"],
        ),
        ("INSERT of 100,000 rows, plain, us/row", "insert_plain_us", "", ""),
        ("(h) the same, a trigger that logs", "insert_logged_us", "", ""),
        (
            "(h) the same, captured, six columns",
            "insert_captured_us",
            "<= 1.4 x logged",
            figures["insert_captured_us"] / figures["insert_logged_us"],
        ),
        (
            "(h) the same, watched, nobody listens",
            "insert_unheard_us",
            "<= 1.05 x plain",
            figures["insert_unheard_us"] / figures["insert_plain_us"],
        ),
        (
            "(h) the same, another organisation listens",
            "insert_unheard_here_us",
            "",
            figures["insert_unheard_here_us"] / figures["insert_plain_us"],
        ),
        ("(i) events/s, 20 rules listen, 1 organisation", "events_1", ">= 20,000", ""),
        ("(i) evaluations/s, the same", "evaluations_1", "", ""),
        ("(i) events/s, 2,000 organisations", "events_2000", ">= 20,000", ""),
        ("(i) evaluations/s, the same", "evaluations_2000", "", ""),
        ("(j) 200 events/s: effects/s", "effect_rate_200", "", ""),
        ("(j) event to first effect, p50 ms", "effect_p50_200", "", ""),
        ("(j) event to first effect, p99 ms", "effect_p99_200", "", ""),
        ("(j) 500 events/s: effects/s", "effect_rate_500", "500", ""),
        ("(j) event to first effect, p50 ms", "effect_p50_500", "", ""),
        ("(j) event to first effect, p99 ms", "effect_p99_500", "<= 300 ms", ""),
        ("(k) runs under a limit of 100, 16 engines", "limit_started", "100", ""),
        ("(k) firings/s, nearly all held back", "limit_rate", "", ""),
        ("(l) backtest of a rule over 100,000 events, ms", "backtest_ms", "<= 2,000 ms", ""),
    ]
    result = Table(title="Benchmarks")
    for heading, justify in (
        ("what", "left"),
        ("figure", "right"),
        ("wanted", "left"),
        ("ratio", "right"),
    ):
        result.add_column(heading, justify=justify)
    for label, name, wanted, ratio in rows:
        result.add_row(label, f"{figures[name]:,.1f}", wanted, f"{ratio:.2f}" if ratio else "")
    return result


def main() -> None:
    """Measure on a server of its own, that keeps its promises (fsync on)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="how often each figure is measured")
    runs = parser.parse_args().runs
    with Server("embedded", durable=True, settings=SETTINGS) as server:
        figures = measure(server, runs)
        version = server.version
    path = Path(__file__).parent / "results.json"
    path.write_text(
        json.dumps(
            {
                "postgresql": version,
                "machine": platform.machine(),
                "runs": runs,
                "figures": figures,
            },
            indent=2,
        )
        + "\n"
    )
    Console(width=100).print(table(figures))
    print(f"written to {path}")


if __name__ == "__main__":
    main()
