create or replace function automation_private.fail_scopes(
    p_outcomes automation_private.outcome[],
    out p_tokens automation_private.token[],
    out p_left automation_private.outcome[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    p_tokens := automation_private.begin_rollbacks(array(
        select o
        from unnest(p_outcomes) as o
        inner join automation.workflow_steps as s
            on s.org_id = o.org_id and s.instance_id = o.instance_id and s.step_id = o.step_id
        where o.status = 'failed' and s.step_type = 'scope' and s.status = 'running'
    ));
    p_left := array(
        select o
        from unnest(p_outcomes) as o
        where not automation_private.is_rolling_back(o.org_id, o.instance_id, o.step_id)
    );
end;
$$;

comment on function automation_private.fail_scopes(automation_private.outcome[]) is
    'Lets the scope steps among these outcomes that have failed undo first what they have done; '
    'returns the tokens that do, and the outcomes that take effect now.';
