"""Approvals: who is asked, what a vote does, what time does, and who may not."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.engine import act, if_
from tests.test_races import DEADLOCKS, race  # noqa: F401

MANAGER = "marketing_manager"
FUNCTIONS = {
    "approve": "approve_step",
    "reject": "reject_step",
    "request_changes": "request_changes",
    "comment": "comment_step",
    "delegate": "delegate_approval",
    "revise": "revise_approval",
}


def ask(step: str = "ok", **more: Any) -> dict:
    """An approval step; by default of any manager."""
    return {"id": step, "type": "approval", "approvers": [{"role": MANAGER}]} | more


def people(*users: uuid.UUID) -> list[dict]:
    return [{"user": str(user)} for user in users]


@contextmanager
def refused(state: str, detail: str = ""):
    with pytest.raises(psycopg.Error) as caught:
        yield
    assert caught.value.sqlstate == state, caught.value
    assert detail in (caught.value.diag.message_detail or "")


class Desk:
    """The people of one organisation, each of whom the platform's backend names."""

    def __init__(self, engine, database) -> None:
        self.engine = engine
        self.client = database.connect("app_backend", org=engine.org)

    def member(self, role: str | None = MANAGER, user: uuid.UUID | None = None) -> uuid.UUID:
        user = user or uuid.uuid4()
        self.engine.call("app_backend", "set_member", p_user_id=user, p_role_code=role)
        return user

    def call(self, user: object, function: str, *values: Any) -> Any:
        """Call a function as a user."""
        self.client.execute(
            "select set_config('app.current_user_id', %s, false)", [str(user or "")]
        )
        values = [Jsonb(v) if isinstance(v, dict | list) else v for v in values]
        places = ", ".join(["%s"] * len(values))
        return self.client.execute(f"select automation.{function}({places})", values).fetchone()[0]

    def vote(self, user: object, decision: str, step: uuid.UUID, *values: Any) -> dict:
        return self.call(user, FUNCTIONS[decision], step, *values)

    def rows(self, query: str, *values: Any) -> list[dict]:
        cursor = self.engine.admin.cursor(row_factory=psycopg.rows.dict_row)
        return cursor.execute(query, values).fetchall()

    def pending(self) -> list[dict]:
        with self.engine.client.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            return cursor.execute(
                "select * from automation.v_pending_approvals order by step_id"
            ).fetchall()

    def step(self, key: str = "ok") -> uuid.UUID:
        """The only open approval of this step."""
        (row,) = (row for row in self.pending() if row["step_key"] == key)
        return row["step_id"]

    def output(self, instance: uuid.UUID, key: str = "ok") -> dict:
        rows = [row for row in self.engine.timeline(instance) if row["step"] == key]
        return rows[-1]["output_data"]

    def told(self, kind: str = "requested") -> list[uuid.UUID]:
        """Who has been told something, in order."""
        return [
            row["user_id"]
            for row in self.rows(
                "select user_id from automation.automation_notifications where kind = %s "
                "order by notification_id",
                f"approval.{kind}",
            )
        ]

    def events(self, kind: str) -> list[dict]:
        return [
            row["new"]
            for row in self.rows(
                "select new from automation.automation_events where event = %s order by event_id",
                f"approval.{kind}",
            )
        ]


@pytest.fixture
def desk(engine, database) -> Desk:
    return Desk(engine, database)


WAYS = (
    ask(approved_next="yes", rejected_next="no", changes_next="again"),
    act("yes"),
    act("no"),
    act("again"),
)


@pytest.mark.parametrize(
    ("decision", "branch", "next"),
    [
        ("approve", "approved", "yes"),
        ("reject", "rejected", "no"),
        ("request_changes", "changes_requested", "again"),
    ],
)
def test_a_decision_says_where_the_token_goes_on(desk, engine, decision, branch, next):
    user = desk.member()
    instance = engine.run(*WAYS)
    result = desk.vote(user, decision, desk.step(), "because")
    assert (result["status"], result["decision"], result["by"]) == ("decided", branch, str(user))
    engine.work()
    assert engine.path(instance) == ["ok", next]
    assert engine.timeline(instance)[0]["branch_taken"] == branch
    output = desk.output(instance)
    assert (output["decision"], output["by"], output["comment"]) == (branch, str(user), "because")
    assert output["timed_out"] is False
    (vote,) = output["votes"]
    assert (vote["user"], vote["decision"], vote["channel"]) == (str(user), decision, "api")
    assert desk.pending() == []
    (event,) = desk.events("decided")
    assert (event["status"], event["decided_by"]) == (branch, str(user))


def test_what_is_rejected_does_not_go_on_at_next(desk, engine):
    user = desk.member()
    instance = engine.run(ask(next="publish"), act("publish"))
    desk.vote(user, "reject", desk.step())
    engine.work()
    assert engine.path(instance) == ["ok"]
    assert engine.status(instance)["status"] == "completed"
    instance = engine.run(ask(next="publish"), act("publish"))
    desk.vote(user, "approve", desk.step())
    engine.work()
    assert engine.path(instance) == ["ok", "publish"]


def test_the_view_shows_what_is_asked_of_whom(desk, engine):
    first, second = sorted([desk.member(), desk.member()])
    engine.run(
        ask(
            message="Publish {{title}}?",
            content={"title": "{{title}}", "budget": "{{budget}}"},
            required=2,
            timeout="P2D",
        ),
        trigger={"title": "Spring", "budget": 12},
    )
    (row,) = desk.pending()
    assert row["message"] == "Publish Spring?"
    assert row["content"] == {"title": "Spring", "budget": 12}
    assert row["approvers"] == [{"role": MANAGER}]
    assert (row["required"], row["approvals"], row["awaited"]) == (2, 0, [first, second])
    assert (row["due_at"] - row["waiting_since"]).days == 2
    assert row["workflow_name"].startswith("template ")
    desk.vote(second, "approve", row["step_id"])
    (row,) = desk.pending()
    assert (row["approvals"], row["awaited"]) == (1, [first])


def test_as_many_must_approve_as_are_required(desk, engine):
    users = [desk.member() for _ in range(3)]
    instance = engine.run(ask(required=2, approved_next="a"), act("a"))
    step = desk.step()
    result = desk.vote(users[0], "approve", step)
    assert (result["status"], result["approvals"], result["required"]) == ("recorded", 1, 2)
    assert engine.path(instance) == ["ok:waiting"]
    assert desk.vote(users[1], "approve", step)["status"] == "decided"
    engine.work()
    assert engine.path(instance) == ["ok", "a"]


def test_the_same_vote_again_changes_nothing(desk, engine):
    first, second = desk.member(), desk.member()
    engine.run(ask(required=2))
    step = desk.step()
    desk.vote(first, "approve", step, "good")
    for _ in range(2):
        result = desk.vote(first, "approve", step)
        assert (result["status"], result["approvals"]) == ("unchanged", 1)
    assert desk.vote(second, "approve", step)["status"] == "decided"
    for user, decision in ((first, "approve"), (second, "reject"), (first, "comment")):
        result = desk.vote(user, decision, step, "late")
        assert (result["status"], result["decision"]) == ("already_decided", "approved")
    assert len(desk.rows("select from automation.approval_votes")) == 2


def test_one_rejection_decides(desk, engine):
    first, second = desk.member(), desk.member()
    instance = engine.run(ask(required=2))
    step = desk.step()
    desk.vote(first, "approve", step)
    assert desk.vote(first, "reject", step, "on second thought")["decision"] == "rejected"
    assert [v["decision"] for v in desk.output(instance)["votes"]] == ["approve", "reject"]
    assert desk.vote(second, "approve", step)["status"] == "already_decided"


def test_changes_are_refused_where_the_step_has_no_way_for_them(desk, engine):
    user = desk.member()
    engine.run(ask())
    with refused("MA101"):
        desk.vote(user, "request_changes", desk.step())
    assert len(desk.pending()) == 1


def test_changes_lead_back_and_every_round_is_history(desk, engine):
    user = desk.member()
    instance = engine.run(
        act("write", "ok"), ask(approved_next="publish", changes_next="write"), act("publish")
    )
    first = desk.step()
    desk.vote(user, "request_changes", first, "too long")
    engine.work()
    second = desk.step()
    assert first != second
    assert desk.vote(user, "approve", first)["decision"] == "changes_requested"
    desk.vote(user, "approve", second)
    engine.work()
    assert engine.path(instance) == ["write", "ok", "write", "ok", "publish"]
    branches = [row["branch_taken"] for row in engine.timeline(instance) if row["step"] == "ok"]
    assert branches == ["changes_requested", "approved"]


def test_a_comment_decides_nothing(desk, engine):
    first, other = desk.member(), desk.member("social_manager")
    instance = engine.run(ask())
    step = desk.step()
    assert desk.vote(other, "comment", step, "nice")["status"] == "recorded"
    with refused("MA001"):
        desk.vote(other, "comment", step, " ")
    with refused("MA003"):
        desk.vote(other, "comment", step, "x" * 1001)
    desk.vote(first, "approve", step)
    assert [v["decision"] for v in desk.output(instance)["votes"]] == ["comment", "approve"]


# ---- acceptance


def test_scenario_05_approving_one_of_two_parallel_branches_moves_that_branch_only(desk, engine):
    user = desk.member()
    instance = engine.run(
        {"id": "fork", "type": "split", "branches": ["left", "right"]},
        ask("left", approved_next="a"),
        ask("right", approved_next="b"),
        act("a"),
        act("b"),
    )
    desk.vote(user, "approve", desk.step("left"))
    engine.work()
    assert engine.path(instance) == ["fork:running", "left", "right:waiting", "a"]
    (left,) = desk.pending()
    assert left["step_key"] == "right"
    desk.vote(user, "approve", left["step_id"])
    engine.work()
    assert engine.path(instance) == ["fork", "left", "right", "a", "b"]


def test_scenario_05_several_open_turns_of_one_step_are_told_apart(desk, engine):
    user = desk.member()
    instance = engine.run(
        {
            "id": "each",
            "type": "loop",
            "over": "{{items}}",
            "body": "ok",
            "max_concurrency": 3,
            "result": "{{steps.ok.decision}}",
        },
        ask(content="{{loop.item}}", approved_next="a"),
        act("a"),
        trigger={"items": ["x", "y", "z"]},
        output="{{steps.each.results}}",
    )
    rows = {row["content"]: row["step_id"] for row in desk.pending()}
    assert set(rows) == {"x", "y", "z"}
    desk.vote(user, "approve", rows["y"])
    engine.work()
    assert {row["content"] for row in desk.pending()} == {"x", "z"}
    desk.vote(user, "reject", rows["x"])
    desk.vote(user, "approve", rows["z"])
    engine.work()
    assert engine.status(instance)["status"] == "completed"
    assert engine.status(instance)["output"] == ["rejected", "approved", "approved"]


def test_scenario_06_an_approval_that_a_condition_skips_parks_nothing(desk, engine):
    desk.member()
    instance = engine.run(
        if_("big", "amount > 100", "ok", "a"),
        ask(approved_next="a"),
        act("a"),
        trigger={"amount": 5},
    )
    assert engine.path(instance) == ["big", "a"]
    assert engine.status(instance)["status"] == "completed"
    for table in ("approvals", "automation_notifications"):
        assert desk.rows(f"select from automation.{table}") == []
    assert desk.rows("select from automation_private.timers") == []


# ---- who may decide


def test_only_approvers_decide(desk, engine):
    manager, named = desk.member(), desk.member("social_manager")
    outsider = desk.member("social_manager")
    engine.run(ask(approvers=[*people(named), {"role": "owner"}]))
    step = desk.step()
    for user in (manager, outsider):
        for decision in ("approve", "reject"):
            with refused("MA306", "none of the approvers"):
                desk.vote(user, decision, step)
    with refused("MA301"):
        desk.vote(uuid.uuid4(), "approve", step)
    with refused("MA301"):
        desk.vote(desk.member("content_creator"), "approve", step)
    with refused("MA305"):
        desk.vote(None, "approve", step)
    with refused("MA002"):
        desk.vote(named, "approve", uuid.uuid4())
    assert desk.vote(named, "approve", step)["status"] == "decided"


def test_nobody_approves_what_he_has_asked_for(desk, engine):
    asker, other = desk.member(), desk.member()
    template = engine.publish(ask(), output="{{steps.ok.by}}")
    desk.call(asker, "start_workflow", template)
    step = desk.step()
    for decision in ("approve", "reject", "delegate"):
        with refused("MA306", "asked for himself"):
            desk.vote(asker, decision, step, *([other] if decision == "delegate" else []))
    assert desk.pending()[0]["awaited"] == [other]
    assert desk.vote(asker, "comment", step, "please")["status"] == "recorded"
    assert desk.vote(other, "approve", step)["status"] == "decided"

    desk.call(asker, "start_workflow", engine.publish(ask(allow_self=True)))
    assert desk.vote(asker, "approve", desk.step())["status"] == "decided"


def test_an_asker_who_is_the_only_approver_is_no_approver(desk, engine):
    asker = desk.member()
    template = engine.publish(ask(approved_next="a"), act("a"))
    instance = desk.call(asker, "start_workflow", template)
    status = engine.status(instance)
    assert (status["status"], status["error"]["code"]) == ("failed", "no_approver")


@pytest.mark.parametrize(
    ("approvers", "trigger"),
    [
        ([{"role": "owner"}], {}),
        (people(uuid.uuid4()), {}),
        ([{"role": "content_creator"}], {}),
        ("{{reviewers}}", {"reviewers": []}),
        ("{{reviewers}}", {"reviewers": "nobody"}),
        ("{{reviewers}}", {"reviewers": [{"user": "nobody"}]}),
        ([{"user": "{{owner}}"}], {"owner": 7}),
    ],
    ids=["no such member", "stranger", "no permission", "empty", "text", "no uuid", "number"],
)
def test_an_approval_that_nobody_can_give_is_an_error(desk, engine, approvers, trigger):
    desk.member()
    desk.member("content_creator")
    instance = engine.run(
        ask(approvers=approvers, on_error={"next": "help"}), act("help"), trigger=trigger
    )
    assert engine.path(instance) == ["ok:failed", "help"]
    assert engine.timeline(instance)[0]["error"]["code"] == "no_approver"
    assert desk.rows("select from automation.approvals") == []


def test_approvers_are_rendered_when_the_step_is_entered(desk, engine):
    first, second = desk.member(), desk.member()
    engine.run(
        ask(approvers="{{reviewers}}", required=2),
        trigger={"reviewers": [str(first), {"user": str(second)}, {"user": str(second)}]},
    )
    (row,) = desk.pending()
    assert row["awaited"] == sorted([first, second])
    assert row["approvers"] == sorted(people(first, second), key=lambda p: p["user"])


def test_the_vote_of_somebody_who_left_does_not_count(desk, engine):
    leaver, stays, joins = desk.member(), desk.member(), desk.member()
    engine.run(ask(required=2))
    step = desk.step()
    desk.vote(leaver, "approve", step)
    desk.member("viewer", leaver)
    with refused("MA301"):
        desk.vote(leaver, "approve", step)
    result = desk.vote(stays, "approve", step)
    assert (result["status"], result["approvals"]) == ("recorded", 1)
    assert desk.vote(joins, "approve", step)["status"] == "decided"


def test_a_change_of_members_is_noticed_without_a_vote(desk, engine):
    first, second = desk.member(), desk.member()
    instance = engine.run(ask(required=2))
    step = desk.step()
    desk.vote(first, "approve", step)
    desk.member(None, first)
    engine.work()
    (row,) = desk.pending()
    assert (row["approvals"], row["awaited"]) == (0, [second])
    newcomer = desk.member()
    engine.work()
    assert desk.pending()[0]["awaited"] == sorted([second, newcomer])
    assert desk.told()[-1] == newcomer

    desk.vote(newcomer, "approve", step)
    desk.member(MANAGER, first)
    engine.work()
    assert engine.status(instance)["status"] == "completed"
    assert desk.output(instance)["decision"] == "approved"


def test_a_role_that_loses_the_permission_drops_out(desk, engine):
    manager, owner = desk.member(), desk.member("owner")
    engine.run(ask(escalate=[{"after": "P1D", "to": [{"role": "owner"}]}]))
    engine.client.execute("select automation.set_role_permissions(%s, '{view}')", [MANAGER])
    engine.work()
    (row,) = desk.pending()
    assert (row["level"], row["awaited"]) == (1, [owner])
    with refused("MA301"):
        desk.vote(manager, "approve", row["step_id"])


# ---- delegation


def test_a_delegate_decides_in_somebodys_place(desk, engine):
    boss, deputy = desk.member(), desk.member("social_manager")
    instance = engine.run(ask(required=1))
    step = desk.step()
    result = desk.vote(boss, "delegate", step, deputy, "on holiday")
    assert (result["status"], result["awaited"]) == ("recorded", 1)
    assert desk.pending()[0]["awaited"] == [deputy]
    assert desk.told() == [boss, deputy]
    assert desk.vote(boss, "delegate", step, deputy)["status"] == "unchanged"
    assert desk.vote(deputy, "approve", step)["decision"] == "approved"
    votes = desk.output(instance)["votes"]
    assert [v.get("delegated_to") for v in votes] == [str(deputy), None]


def test_who_votes_after_all_takes_the_delegation_back(desk, engine):
    boss, deputy = desk.member(), desk.member("social_manager")
    third = desk.member()
    engine.run(ask(required=2))
    step = desk.step()
    desk.vote(boss, "delegate", step, deputy)
    assert desk.vote(deputy, "approve", step)["approvals"] == 1
    result = desk.vote(boss, "approve", step)
    assert (result["status"], result["approvals"]) == ("recorded", 1), "one voice, not two"
    with refused("MA306"):
        desk.vote(deputy, "reject", step)
    assert desk.vote(third, "approve", step)["status"] == "decided"


def test_delegations_chain_and_may_run_in_a_circle(desk, engine):
    boss, deputy = desk.member(), desk.member("social_manager")
    clerk = desk.member("social_manager")
    engine.run(ask())
    step = desk.step()
    desk.vote(boss, "delegate", step, deputy)
    desk.vote(deputy, "delegate", step, clerk)
    assert desk.pending()[0]["awaited"] == [clerk]
    with refused("MA001", "an approver already"):
        desk.vote(clerk, "delegate", step, boss)
    desk.member(None, clerk)
    engine.work()
    assert desk.pending()[0]["awaited"] == [deputy], "the voice falls back"
    assert desk.vote(deputy, "approve", step)["status"] == "decided"


def test_not_everybody_can_be_a_delegate(desk, engine):
    asker, boss, colleague = desk.member(), desk.member(), desk.member()
    desk.call(asker, "start_workflow", engine.publish(ask()))
    step = desk.step()
    wrong = {
        None: "nobody is named",
        boss: "to himself",
        asker: "has asked",
        colleague: "approver already",
        uuid.uuid4(): "no member",
        desk.member("content_creator"): "no member who may approve",
    }
    for user, detail in wrong.items():
        with refused("MA001", detail):
            desk.vote(boss, "delegate", step, user)


# ---- content


def test_an_edit_voids_earlier_approvals(desk, engine):
    first, second = desk.member(), desk.member()
    editor = desk.member("content_creator")
    instance = engine.run(
        ask(required=2, content={"text": "{{text}}"}, approved_next="send"),
        act("send", config={"text": "{{steps.ok.content.text}}"}),
        trigger={"text": "Helo"},
    )
    (before,) = desk.pending()
    step = before["step_id"]
    desk.vote(first, "approve", step, None, before["content_hash"])
    result = desk.vote(editor, "revise", step, {"text": "Hello"})
    assert (result["status"], result["approvals"]) == ("revised", 0)
    (after,) = desk.pending()
    assert after["content"] == {"text": "Hello"}
    assert (after["revision"], after["awaited"]) == (2, sorted([first, second]))
    assert after["content_hash"] != before["content_hash"]
    assert desk.vote(editor, "revise", step, {"text": "Hello"})["status"] == "unchanged"
    assert sorted(desk.told()) == sorted([first, second] * 2), "everybody is asked again"

    with refused("MA104", after["content_hash"]):
        desk.vote(second, "approve", step, None, before["content_hash"])
    assert desk.vote(second, "approve", step, None, after["content_hash"])["approvals"] == 1
    assert desk.vote(first, "approve", step)["status"] == "decided"
    engine.work()
    assert engine.timeline(instance)[-1]["input_data"] == {"text": "Hello"}
    decisions = [v["decision"] for v in desk.output(instance)["votes"]]
    assert decisions == ["approve", "revise", "approve", "approve"]


def test_what_comes_back_after_an_edit_must_be_approved_again(desk, engine):
    first, second = desk.member(), desk.member()
    engine.run(ask(required=2, content=1))
    step = desk.step()
    desk.vote(first, "approve", step)
    desk.vote(first, "revise", step, Jsonb(2))
    desk.vote(first, "revise", step, Jsonb(1))
    assert desk.vote(second, "approve", step)["status"] == "recorded"


def test_content_has_bounds(desk, engine):
    user = desk.member()
    instance = engine.run(ask(content={"text": "{{text}}"}), trigger={"text": "x" * 40000})
    assert engine.status(instance)["error"]["code"] == "too_large"
    engine.run(ask())
    with refused("MA003"):
        desk.vote(user, "revise", desk.step(), {"text": "x" * 40000})
    with refused("MA301"):
        desk.vote(desk.member("viewer"), "revise", desk.step(), {})
    with refused("MA305"):
        desk.vote(None, "revise", desk.step(), {})


def test_the_output_fits_however_much_is_said(desk, engine):
    user = desk.member()
    instance = engine.run(ask(content="x" * 32000))
    step = desk.step()
    for _ in range(30):
        desk.vote(user, "comment", step, "\U0001f600" * 1000)
    desk.vote(user, "approve", step, "\U0001f600" * 1000)
    assert engine.status(instance)["status"] == "completed"
    assert len(desk.output(instance)["votes"]) == 20


# ---- time


def test_reminders_go_to_those_who_have_not_approved(desk, engine, move_clock):
    first, second = desk.member(), desk.member()
    engine.run(ask(required=2, remind=["PT1H", "P1D"]))
    step = desk.step()
    engine.work()
    assert desk.told("reminder") == []
    move_clock("61 minutes")
    engine.work()
    assert sorted(desk.told("reminder")) == sorted([first, second])
    desk.vote(first, "approve", step)
    move_clock("1 day")
    engine.work()
    assert desk.told("reminder")[2:] == [second]
    assert len(desk.events("reminder")) == 2
    desk.vote(second, "approve", step)
    assert desk.rows("select from automation_private.timers") == []


def test_a_long_silence_is_broken_once(desk, engine, move_clock):
    """Reminders that became due together, while nothing ran, are one."""
    user = desk.member()
    engine.run(ask(remind=["PT1H", "PT2H", "PT3H"]))
    move_clock("1 day")
    engine.work()
    assert desk.told("reminder") == [user]


def test_escalations_add_approvers_level_by_level(desk, engine, move_clock):
    manager, owner, admin = desk.member(), desk.member("owner"), desk.member("admin")
    instance = engine.run(
        ask(
            escalate=[
                {"after": "P1D", "to": [{"role": "owner"}]},
                {"after": "P2D", "to": people(admin)},
            ]
        )
    )
    step = desk.step()
    with refused("MA306"):
        desk.vote(owner, "approve", step)
    move_clock("25 hours")
    engine.work()
    (row,) = desk.pending()
    assert (row["level"], row["awaited"]) == (1, sorted([manager, owner]))
    assert desk.told("escalated") == [owner]
    move_clock("1 day")
    engine.work()
    assert desk.pending()[0]["level"] == 2
    assert desk.told("escalated") == [owner, admin]
    assert [e["level"] for e in desk.events("escalated")] == [1, 2]
    desk.vote(manager, "approve", step)
    assert desk.output(instance)["by"] == str(manager)


def test_too_few_approvers_escalate_at_once(desk, engine):
    manager, owner = desk.member(), desk.member("owner")
    engine.run(ask(required=2, escalate=[{"after": "P1D", "to": [{"role": "owner"}]}]))
    (row,) = desk.pending()
    assert (row["level"], row["awaited"]) == (1, sorted([manager, owner]))


def test_too_few_approvers_and_nobody_to_escalate_to_wait_for_the_time(desk, engine, move_clock):
    manager = desk.member()
    instance = engine.run(ask(required=2, timeout="P1D"))
    assert desk.vote(manager, "approve", desk.step())["status"] == "recorded"
    move_clock("2 days")
    engine.work()
    assert desk.output(instance)["decision"] == "rejected"


@pytest.mark.parametrize(
    ("on_timeout", "decision", "next"),
    [
        (None, "rejected", "no"),
        ("reject", "rejected", "no"),
        ("approve", "approved", "yes"),
        ({"next": "late"}, "timeout", "late"),
    ],
    ids=["default", "reject", "approve", "next"],
)
def test_time_decides_what_people_do_not(desk, engine, move_clock, on_timeout, decision, next):
    user = desk.member()
    more = {"on_timeout": on_timeout} if on_timeout else {}
    instance = engine.run(
        ask(approved_next="yes", rejected_next="no", timeout="{{patience}}", **more),
        act("yes"),
        act("no"),
        *([act("late")] if next == "late" else []),
        trigger={"patience": "PT2H"},
    )
    step = desk.step()
    move_clock("119 minutes")
    engine.work()
    assert engine.path(instance) == ["ok:waiting"]
    move_clock("2 minutes")
    engine.work()
    assert engine.path(instance) == ["ok", next]
    output = desk.output(instance)
    assert (output["decision"], output["by"], output["timed_out"]) == (decision, None, True)
    result = desk.vote(user, "approve", step)
    assert (result["status"], result["decision"]) == ("already_decided", decision)
    assert desk.events("decided")[0]["decided_by"] is None


def test_a_timeout_can_escalate_and_ends_with_a_rejection(desk, engine, move_clock):
    desk.member()
    owner, admin = desk.member("owner"), desk.member("admin")
    instance = engine.run(
        ask(
            timeout="P1D",
            on_timeout="escalate",
            escalate=[{"to": [{"role": "owner"}]}, {"to": [{"role": "admin"}]}],
        )
    )
    for level, user in ((1, owner), (2, admin)):
        move_clock("25 hours")
        engine.work()
        (row,) = desk.pending()
        assert row["level"] == level
        assert desk.told("escalated")[-1] == user
        assert (row["due_at"] - row["waiting_since"]).days == level + 1
    move_clock("25 hours")
    engine.work()
    assert desk.output(instance)["decision"] == "rejected"
    assert engine.status(instance)["status"] == "completed"


# ---- ends from outside


def test_a_vote_after_cancel_changes_nothing(desk, engine):
    user = desk.member()
    instance = engine.run(ask(remind=["P1D"], approved_next="a"), act("a"))
    step = desk.step()
    token = desk.call(user, "create_approval_link", step, user)
    engine.call("app_backend", "cancel_workflow", p_instance_id=instance)
    assert desk.pending() == []
    for result in (
        desk.vote(user, "approve", step),
        desk.vote(user, "revise", step, {}),
        desk.call(None, "decide_by_link", token, "approve"),
        desk.call(None, "read_approval_link", token),
    ):
        assert (result["status"], result["decision"]) == ("already_decided", "cancelled")
    engine.work()
    assert engine.path(instance) == ["ok:cancelled"]
    assert desk.rows("select from automation.approval_votes") == []
    assert [event["status"] for event in desk.events("decided")] == ["cancelled"]


def test_a_discriminator_withdraws_the_approvals_that_lost(desk, engine):
    user = desk.member()
    instance = engine.run(
        {"id": "fork", "type": "split", "branches": ["left", "right"]},
        ask("left", approved_next="join"),
        ask("right", approved_next="join"),
        {"id": "join", "type": "merge", "wait_for": "any"},
    )
    left, right = desk.step("left"), desk.step("right")
    desk.vote(user, "approve", right)
    assert desk.vote(user, "approve", left)["decision"] == "cancelled"
    assert engine.status(instance)["status"] == "completed"


def test_a_workflow_that_takes_too_long_withdraws_its_approvals(desk, engine, move_clock):
    user = desk.member()
    instance = engine.run(ask(), settings={"timeout": "P1D"})
    step = desk.step()
    move_clock("2 days")
    engine.work()
    assert engine.status(instance)["reason"] == "timeout"
    assert desk.vote(user, "approve", step)["decision"] == "cancelled"


def test_a_paused_organisation_accepts_votes_and_goes_on_when_it_is_resumed(desk, engine):
    user = desk.member()
    instance = engine.run(ask(approved_next="a"), act("a"))
    engine.client.execute("select automation.pause_org()")
    assert desk.vote(user, "approve", desk.step())["status"] == "decided"
    engine.work()
    assert engine.path(instance) == ["ok"]
    engine.client.execute("select automation.resume_org()")
    engine.work()
    assert engine.path(instance) == ["ok", "a"]


def test_a_pause_does_not_use_up_the_time_to_decide(desk, engine, move_clock):
    desk.member()
    engine.run(ask(timeout="P1D"))
    before = desk.pending()[0]["due_at"]
    move_clock("12 hours")
    engine.client.execute("select automation.pause_org()")
    move_clock("3 days")
    engine.work()
    engine.client.execute("select automation.resume_org()")
    engine.work()
    (row,) = desk.pending()
    assert (row["due_at"] - before).days == 3
    move_clock("13 hours")
    engine.work()
    assert desk.pending() == []


def test_a_paused_instance_accepts_votes_and_goes_on_when_it_is_resumed(desk, engine, move_clock):
    first, second = desk.member(), desk.member()
    instance = engine.run(ask(required=2, timeout="P1D", approved_next="a"), act("a"))
    desk.vote(first, "approve", desk.step())
    before = desk.pending()[0]["due_at"]
    engine.call("app_backend", "pause_workflow", p_instance_id=instance)
    move_clock("3 days")
    engine.work()
    assert desk.vote(second, "approve", desk.step())["status"] == "decided"
    engine.work()
    assert engine.path(instance) == ["ok"]
    engine.call("app_backend", "resume_workflow", p_instance_id=instance)
    engine.work()
    assert engine.path(instance) == ["ok", "a"]

    instance = engine.run(ask(timeout="P1D"))
    before = desk.pending()[0]["due_at"]
    engine.call("app_backend", "pause_workflow", p_instance_id=instance)
    move_clock("3 days")
    engine.call("app_backend", "resume_workflow", p_instance_id=instance)
    engine.work()
    assert (desk.pending()[0]["due_at"] - before).days == 3


def test_only_administrators_get_past_an_approval(desk, engine):
    creator, admin = desk.member("content_creator"), desk.member("admin")
    manager = desk.member()
    template = engine.publish(ask(approved_next="a", rejected_next="b"), act("a"), act("b"))
    instance = desk.call(creator, "start_workflow", template)
    for user in (creator, manager):
        with refused("MA301"):
            desk.call(user, "skip_step", instance, "ok")
        with refused("MA301"):
            desk.call(user, "fork_workflow", instance, "a")
        with refused("MA301"):
            desk.call(user, "retry_workflow", instance, "a")
    step = desk.step()
    assert desk.call(admin, "skip_step", instance, "ok") == 1
    assert desk.vote(manager, "approve", step)["decision"] == "cancelled"
    assert desk.call(creator, "skip_step", instance, "a") == 1
    assert engine.path(instance) == ["ok:skipped", "a:skipped"]


# ---- two at once


@pytest.fixture
def collide(desk, engine, database, race):  # noqa: F811
    """Lets one call wait, done but not committed, until another one is stuck behind it."""

    def voter(user):
        return database.connect("app_backend", org=engine.org, user_id=user)

    def collide(first: tuple, second: tuple) -> tuple[Any, Any]:
        (who, call, *values), (other, other_call, *others) = first, second
        session = race("worker")
        session.connection = database.connect("worker") if other == "clock" else voter(other)
        connection = database.connect("worker") if who == "clock" else voter(who)
        with connection.transaction():
            done = connection.execute(f"select automation.{call}", values).fetchone()[0]
            session.execute(f"select automation.{other_call}", others)
            stuck = session.wait()
            assert stuck or other == "clock", "the second does not wait for the first"
        try:
            return done, session.result()
        except psycopg.Error as error:
            return done, error.sqlstate
        finally:
            assert engine.admin.execute(DEADLOCKS).fetchone()[0] == 0

    return collide


APPROVE, REJECT = "approve_step(%s)", "reject_step(%s)"


@pytest.mark.parametrize("required", [1, 2])
def test_two_approvers_at_once_make_one_decision(desk, engine, collide, required):
    first, second = desk.member(), desk.member()
    instance = engine.run(ask(required=required, approved_next="a"), act("a"))
    step = desk.step()
    results = collide((first, APPROVE, step), (second, APPROVE, step))
    expected = {1: ["decided", "already_decided"], 2: ["recorded", "decided"]}[required]
    assert [result["status"] for result in results] == expected
    assert engine.work() == 1
    assert engine.path(instance) == ["ok", "a"]
    assert len(desk.events("decided")) == 1


def test_of_an_approval_and_a_rejection_at_once_the_first_decides(desk, engine, collide):
    first, second = desk.member(), desk.member()
    instance = engine.run(ask(approved_next="a"), act("a"))
    step = desk.step()
    done, late = collide((first, REJECT, step), (second, APPROVE, step))
    assert (done["status"], late["status"]) == ("decided", "already_decided")
    assert late["decision"] == "rejected"
    assert engine.work() == 0
    assert engine.path(instance) == ["ok"]


def test_the_same_vote_twice_at_once_counts_once(desk, engine, collide):
    user, _ = desk.member(), desk.member()
    engine.run(ask(required=2))
    step = desk.step()
    done, again = collide((user, APPROVE, step), (user, APPROVE, step))
    assert (done["status"], again["status"]) == ("recorded", "unchanged")
    assert desk.pending()[0]["approvals"] == 1


@pytest.mark.parametrize("order", ["vote first", "time first"])
def test_of_a_vote_and_the_time_one_decides(desk, engine, collide, move_clock, order):
    user = desk.member()
    instance = engine.run(
        ask(approved_next="yes", rejected_next="no", timeout="P1D", remind=["P1D"]),
        act("yes"),
        act("no"),
    )
    step = desk.step()
    move_clock("25 hours")
    vote, tick = (user, APPROVE, step), ("clock", "tick()")
    if order == "vote first":
        result, _ = collide(vote, tick)
    else:
        _, result = collide(tick, vote)
    engine.work()
    expected = {
        "vote first": ("decided", "approved", "yes"),
        "time first": ("already_decided", "rejected", "no"),
    }[order]
    assert (result["status"], result["decision"], engine.path(instance)[-1]) == expected
    assert len(desk.events("decided")) == 1


@pytest.mark.parametrize("order", ["vote first", "cancel first"])
def test_of_a_vote_and_a_cancel_the_later_one_finds_what_the_first_did(
    desk, engine, collide, order
):
    user = desk.member()
    instance = engine.run(ask(approved_next="a"), act("a"))
    step = desk.step()
    vote, cancel = (user, APPROVE, step), (None, "cancel_workflow(%s)", instance)
    if order == "vote first":
        result, cancelled = collide(vote, cancel)
    else:
        cancelled, result = collide(cancel, vote)
    assert cancelled is True
    expected = {"vote first": "approved", "cancel first": "cancelled"}[order]
    assert result["decision"] == expected
    assert engine.work() == 0
    assert engine.status(instance)["status"] == "cancelled"


def test_a_vote_that_waits_for_an_edit_is_not_for_what_it_has_not_seen(desk, engine, collide):
    user, editor = desk.member(), desk.member("content_creator")
    engine.run(ask(content=1))
    (row,) = desk.pending()
    step = row["step_id"]
    done, late = collide(
        (editor, "revise_approval(%s, '2')", step),
        (user, "approve_step(%s, null, %s)", step, row["content_hash"]),
    )
    assert (done["status"], late) == ("revised", "MA104")


def test_a_link_used_twice_at_once_votes_once(desk, engine, collide):
    user, _ = desk.member(), desk.member()
    engine.run(ask(required=2))
    token = desk.call(user, "create_approval_link", desk.step(), user)
    use = (None, "decide_by_link(%s, 'approve')", token)
    done, again = collide(use, use)
    assert (done["status"], again) == ("recorded", "MA307")
    assert len(desk.rows("select from automation.approval_votes")) == 1


# ---- another organisation


def test_an_approval_of_another_organisation_does_not_exist(desk, engine, database, orgs):
    user = desk.member()
    other = database.connect("svc_b", org=orgs.b)
    backend = database.connect("app_backend", org=orgs.b)
    backend.execute("select automation.set_member(%s, 'owner')", [user])
    engine.run(ask(content="secret"))
    step = desk.step()
    backend.execute("select set_config('app.current_user_id', %s, false)", [str(user)])
    for connection in (other, backend):
        for call in (
            "approve_step(%s)",
            "reject_step(%s)",
            "request_changes(%s)",
            "comment_step(%s, 'x')",
            f"delegate_approval(%s, '{uuid.uuid4()}')",
            "revise_approval(%s, '1')",
            f"create_approval_link(%s, '{user}')",
        ):
            with refused("MA002"):
                connection.execute(f"select automation.{call}", [step])
        for relation in ("approvals", "approval_votes", "v_pending_approvals"):
            assert connection.execute(f"select from automation.{relation}").fetchall() == []
    assert desk.pending()[0]["awaited"] == [user]


def test_a_link_decides_in_its_own_organisation_only(desk, engine, database, orgs):
    """The same person is a member of both; whatever is selected, the token says which it is."""
    user = desk.member()
    other = database.connect("svc_b", org=orgs.b, user_id=user)
    other.execute("select automation.current_org_id()")
    instance = engine.run(ask())
    token = desk.call(user, "create_approval_link", desk.step(), user)
    result = other.execute("select automation.decide_by_link(%s, 'reject')", [token]).fetchone()[0]
    assert (result["decision"], result["instance_id"]) == ("rejected", str(instance))
    assert other.execute("select from automation.approval_votes").fetchall() == []
    for table in ("approval_votes", "approvals", "automation_events", "automation_audit"):
        assert desk.rows(f"select from automation.{table} where org_id = %s", orgs.b) == []


# ---- links


def test_a_link_votes_once(desk, engine, database):
    user = desk.member()
    instance = engine.run(
        ask(content="x", message="Well?", required=1, approved_next="a"), act("a")
    )
    step = desk.step()
    token = desk.call(user, "create_approval_link", step, user)
    for decision in ("comment", None):
        with refused("MA001"):
            desk.call(None, "decide_by_link", token, decision)
    anybody = database.connect("app_backend")
    for _ in range(3):
        (shown,) = anybody.execute("select automation.read_approval_link(%s)", [token]).fetchone()
        assert (shown["status"], shown["message"], shown["content"]) == ("open", "Well?", "x")
        assert shown["user_id"] == str(user)
    assert len(desk.pending()) == 1, "looking decides nothing"
    vote = "select automation.decide_by_link(%s, 'approve', 'fine')"
    (result,) = anybody.execute(vote, [token]).fetchone()
    assert (result["status"], result["by"]) == ("decided", str(user))
    (again,) = anybody.execute(vote, [token]).fetchone()
    assert (again["status"], again["decision"]) == ("already_decided", "approved")
    engine.work()
    assert engine.path(instance) == ["ok", "a"]
    (vote,) = desk.output(instance)["votes"]
    assert (vote["channel"], vote["comment"], vote["user"]) == ("link", "fine", str(user))


def test_a_used_link_is_used_up_while_the_approval_is_open(desk, engine):
    user, _ = desk.member(), desk.member()
    engine.run(ask(required=2))
    token = desk.call(user, "create_approval_link", desk.step(), user)
    assert desk.call(None, "decide_by_link", token, "approve")["status"] == "recorded"
    for call in (("decide_by_link", token, "reject"), ("read_approval_link", token)):
        with refused("MA307", "used"):
            desk.call(None, *call)
    assert desk.pending()[0]["approvals"] == 1


def test_a_link_expires(desk, engine, move_clock):
    user = desk.member()
    engine.run(ask())
    token = desk.call(user, "create_approval_link", desk.step(), user, "1 day")
    move_clock("25 hours")
    for call in (("decide_by_link", token, "approve"), ("read_approval_link", token)):
        with refused("MA307", "expired"):
            desk.call(None, *call)
    with refused("MA001"):
        desk.call(user, "create_approval_link", desk.step(), user, "91 days")


def test_a_link_that_nobody_made_is_refused(desk):
    for token in ("", "x" * 43, None):
        with refused("MA307", "unknown"):
            desk.call(None, "decide_by_link", token, "approve")
        with refused("MA307", "unknown"):
            desk.call(None, "read_approval_link", token)


def test_only_administrators_make_links_for_others(desk, engine):
    user, other, outsider = desk.member(), desk.member(), desk.member("social_manager")
    engine.run(ask(required=2))
    step = desk.step()
    with refused("MA301"):
        desk.call(user, "create_approval_link", step, other)
    with refused("MA306"):
        desk.call(None, "create_approval_link", step, outsider)
    with refused("MA002"):
        desk.call(None, "create_approval_link", uuid.uuid4(), other)
    token = desk.call(desk.member("admin"), "create_approval_link", step, other)
    desk.call(None, "decide_by_link", token, "approve")
    assert desk.rows("select user_id from automation.approval_votes") == [{"user_id": other}]


def test_a_link_is_good_for_what_its_user_may_do_now(desk, engine):
    user, _ = desk.member(), desk.member()
    engine.run(ask(content=1))
    token = desk.call(user, "create_approval_link", desk.step(), user)
    desk.member("viewer", user)
    for call in (("decide_by_link", token, "approve"), ("read_approval_link", token)):
        with refused("MA306"):
            desk.call(None, *call)


def test_a_link_is_about_what_was_shown(desk, engine):
    user = desk.member()
    engine.run(ask(content=1))
    step = desk.step()
    token = desk.call(user, "create_approval_link", step, user)
    desk.vote(user, "revise", step, Jsonb(2))
    with refused("MA104"):
        desk.call(None, "decide_by_link", token, "approve")
    shown = desk.call(None, "read_approval_link", token)
    assert shown["content"] == 2
    result = desk.call(None, "decide_by_link", token, "approve", None, shown["content_hash"])
    assert result["status"] == "decided"


def test_a_token_is_stored_nowhere(desk, engine):
    user = desk.member()
    engine.run(ask())
    token = desk.call(user, "create_approval_link", desk.step(), user)
    desk.call(None, "decide_by_link", token, "approve")
    assert len(token) == 43
    for table in desk.rows(
        "select c.oid::regclass::text as name from pg_class as c where c.relkind = 'r' "
        "and c.relnamespace::regnamespace::text in ('automation', 'automation_private', 'pgmq')"
    ):
        found = desk.rows(f"select from {table['name']} as t where t::text like %s", f"%{token}%")
        assert found == [], table["name"]


# ---- what is left behind


def test_everything_that_is_done_is_in_the_audit(desk, engine):
    user, deputy = desk.member(), desk.member("social_manager")
    engine.run(ask())
    step = desk.step()
    desk.vote(user, "comment", step, "hm")
    desk.vote(user, "revise", step, {"a": 1})
    token = desk.call(user, "create_approval_link", step, user)
    desk.vote(user, "delegate", step, deputy)
    desk.call(None, "decide_by_link", token, "reject", None, desk.pending()[0]["content_hash"])
    rows = desk.rows(
        "select operation, user_id, details from automation.automation_audit "
        "where subject_id = %s order by audit_id",
        step,
    )
    assert [row["operation"] for row in rows] == [
        "comment_approval",
        "replace_content",
        "revise_approval",
        "create_approval_link",
        "delegate_approval",
        "reject_approval",
    ]
    assert rows[-1]["details"]["channel"] == "link"
    assert rows[-1]["details"]["by"] == str(user)
    assert token not in str(rows)


def test_rules_hear_of_approvals_and_nobody_else_says_so(desk, engine):
    user = desk.member()
    rule = engine.call(
        "app_backend",
        "create_rule",
        p_rule={
            "name": "tell the team",
            "trigger": "approval.requested",
            "conditions": "required > 1",
            "actions": [{"action": "work", "config": {"text": "{{message}}"}}],
        },
    )
    engine.call("app_backend", "activate_rule", p_rule_id=rule)
    desk.member()
    engine.run(ask(required=2, message="Two of you"))
    (started,) = desk.rows(
        "select trigger_data from automation.workflow_instances where rule_id = %s", rule
    )
    assert started["trigger_data"]["new"]["message"] == "Two of you"
    with refused("MA001"):
        desk.call(user, "emit_event", "approval.decided")


def test_many_are_asked_together(desk, engine):
    user = desk.member()
    template = engine.publish(ask(remind=["P1D"], timeout="P2D", approved_next="a"), act("a"))
    engine.client.execute(
        "select count(*) from automation.start_workflows(%s, %s)",
        [template, Jsonb([{}] * 200)],
    )
    engine.work()
    rows = desk.pending()
    assert len(rows) == len(desk.told()) == 200
    assert len(desk.rows("select from automation_private.timers")) == 400
    for row in rows[:5]:
        desk.vote(user, "approve", row["step_id"])
    assert engine.work() == 5
    assert len(desk.pending()) == 195


# ---- rehearsals and what is refused when it is saved


@pytest.mark.parametrize(
    ("mock", "path", "decision"),
    [
        (None, ["ok", "yes"], "approved"),
        ({"decision": "approved", "by": "x", "comment": "c"}, ["ok", "yes"], "approved"),
        ({"decision": "rejected"}, ["ok", "no"], "rejected"),
        ({"timeout": True}, ["ok", "late"], "timeout"),
        (
            [{"decision": "changes_requested"}, {"decision": "approved"}],
            ["ok", "again", "ok", "yes"],
            "approved",
        ),
        ({"error": {"code": "no_approver"}}, ["ok:failed"], None),
        ({"decision": "maybe"}, ["ok:failed"], None),
    ],
)
def test_rehearsals_decide_as_the_mocks_say(desk, engine, mock, path, decision):
    """Nobody has to be there, and nobody is told."""
    steps = [
        ask(
            approved_next="yes",
            rejected_next="no",
            changes_next="again",
            timeout="P1D",
            on_timeout={"next": "late"},
        ),
        act("yes"),
        act("no"),
        act("late"),
        act("again", "ok"),
    ]
    result = engine.call(
        "app_backend",
        "test_workflow",
        p_definition={"steps": steps},
        p_mocks={"ok": mock} if mock else {},
    )
    assert path == [
        s["step"] if s["status"] == "completed" else f"{s['step']}:{s['status']}"
        for s in result["steps"]
    ]
    if decision:
        (last,) = [s for s in result["steps"] if s["step"] == "ok"][-1:]
        assert last["output"]["decision"] == decision
    assert desk.rows("select from automation.approvals") == []
    assert desk.told() == []


WRONG = {
    "no approvers": ({"approvers": None}, "/approvers", "wrong_type"),
    "nobody": ({"approvers": []}, "/approvers", "empty_list"),
    "strange approver": ({"approvers": [{"group": "x"}]}, "/approvers/0", "invalid_approver"),
    "user without id": ({"approvers": [{"user": "bob"}]}, "/approvers/0", "invalid_approver"),
    "both": ({"approvers": [{"user": "{{x}}", "role": "x", "z": 1}]}, "/approvers/0", None),
    "plain text": ({"approvers": "bob"}, "/approvers", "wrong_type"),
    "none required": ({"required": 0}, "/required", "out_of_range"),
    "half required": ({"required": 1.5}, "/required", "out_of_range"),
    "too many required": (
        {"required": 2, "approvers": people(uuid.uuid4())},
        "/required",
        "out_of_range",
    ),
    "message": ({"message": {}}, "/message", "wrong_type"),
    "self": ({"allow_self": "yes"}, "/allow_self", "wrong_type"),
    "no reminders": ({"remind": []}, "/remind", "empty_list"),
    "one reminder": ({"remind": "P1D"}, "/remind", "wrong_type"),
    "bad reminder": ({"remind": ["P1D", "soon"]}, "/remind/1", "invalid_duration"),
    "reminder of no time": ({"remind": ["PT0S"]}, "/remind/0", "out_of_range"),
    "escalation without time": (
        {"escalate": [{"to": [{"role": "owner"}]}]},
        "/escalate/0",
        "missing_key",
    ),
    "escalation to nobody": ({"escalate": [{"after": "P1D"}]}, "/escalate/0", "missing_key"),
    "escalation to nobody known": (
        {"escalate": [{"after": "P1D", "to": [{"user": "x"}]}]},
        "/escalate/0/to/0",
        "invalid_approver",
    ),
    "no escalation": ({"escalate": ["P1D"]}, "/escalate/0", "wrong_type"),
    "no timeout": ({"on_timeout": "approve"}, "", "missing_key"),
    "nobody to escalate to": ({"timeout": "P1D", "on_timeout": "escalate"}, "", "missing_key"),
    "unknown timeout": ({"timeout": "P1D", "on_timeout": "wait"}, "/on_timeout", "unknown_mode"),
    "no way": ({"timeout": "P1D", "on_timeout": {}}, "/on_timeout", "missing_key"),
    "unknown way": (
        {"timeout": "P1D", "on_timeout": {"next": "x"}},
        "/on_timeout/next",
        "unknown_step",
    ),
    "unknown next": ({"rejected_next": "x"}, "/rejected_next", "unknown_step"),
    "two nexts": ({"approved_next": "a", "next": "a"}, "/next", "unused_key"),
    "retry": ({"retry": {"max_attempts": 2}}, "/retry", "unsupported_key"),
    "unknown key": ({"approver": []}, "/approver", "unknown_key"),
}


@pytest.mark.on("embedded")
@pytest.mark.parametrize("wrong", WRONG)
def test_what_makes_no_sense_is_refused_when_it_is_saved(engine, wrong):
    more, pointer, code = WRONG[wrong]
    steps = [ask(next="a") | more, act("a")]
    found = engine.client.execute(
        "select pointer, code from automation.validate_definition(%s)", [Jsonb({"steps": steps})]
    ).fetchall()
    assert [f"/steps/0{pointer}"] == [p for p, _ in found], found
    assert code in (None, found[0][1])
