create or replace function automation_private.open_approvals(p_approvals automation.approvals[])
returns void
language sql
volatile
begin atomic
    insert into automation.approvals as a
    select n.* from unnest(p_approvals) as n -- noqa: AM04
    on conflict (org_id, step_id) do update
    set
        status = 'open',
        message = excluded.message,
        content = excluded.content,
        content_hash = excluded.content_hash,
        revision = excluded.revision,
        approvers = excluded.approvers,
        escalations = excluded.escalations,
        level = excluded.level,
        required = excluded.required,
        allow_self = excluded.allow_self,
        takes_changes = excluded.takes_changes,
        on_timeout = excluded.on_timeout,
        requested_by = excluded.requested_by,
        requested_at = excluded.requested_at,
        due_at = excluded.due_at,
        awaited = excluded.awaited,
        approvals = excluded.approvals,
        decided_at = null,
        decided_by = null,
        comment = null;
end;

comment on function automation_private.open_approvals(automation.approvals[]) is
    'Opens approvals; of a step that is entered again the same row, whose earlier votes are void.';
