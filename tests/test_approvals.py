"""Approvals: who is asked, what votes do, what time does, and who may not."""

from __future__ import annotations

import uuid

from tests.engine import act, engine  # noqa: F401


def test_smoke(engine):
    user = uuid.uuid4()
    engine.call("app_backend", "set_member", p_user_id=user, p_role_code="marketing_manager")
    i = engine.run(
        {
            "id": "ok",
            "type": "approval",
            "approvers": [{"role": "marketing_manager"}],
            "message": "Publish {{trigger.title}}?",
            "content": {"t": "{{title}}"},
            "approved_next": "a",
        },
        act("a"),
        trigger={"title": "X"},
    )
    print(engine.status(i))
    print(engine.client.execute("select * from automation.v_pending_approvals").fetchall())
    step = engine.client.execute("select step_id from automation.v_pending_approvals").fetchone()[0]
    engine.client.execute("select set_config('app.current_user_id', %s, false)", [str(user)])
    print(engine.call("app_backend", "approve_step", p_step_id=step))
    engine.work()
    print(engine.status(i), engine.timeline(i))
    print(engine.admin.execute("select * from automation.automation_events").fetchall())
    assert 0
