create or replace function automation_private.repeat_steps(
    p_timers automation_private.due_timer[]
)
returns automation_private.token[]
language sql
stable
return array(
    select (
        s.org_id, s.instance_id, t.root_id, s.step_order, s.scope_id, s.iteration_id,
        s.from_order, s.step_id
    )::automation_private.token
    from unnest(p_timers) as t
    inner join automation.workflow_steps as s
        on t.org_id = s.org_id
            and t.instance_id = s.instance_id
            and t.step_id = s.step_id
            and s.status = 'waiting'
            and s.step_type in ('loop', 'scope', 'workflow')
    where t.kind = 'retry'
);

comment on function automation_private.repeat_steps(automation_private.due_timer[]) is
    'The tokens of loops, scopes and sub-workflows whose next attempt is due: they are entered '
    'again as a whole.';
