create or replace function automation_private.fail_boundaries(
    p_failed automation_private.settled[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_failed automation_private.outcome[];
    v_tokens automation_private.token[] := '{}'::automation_private.token[];
begin
    -- the first failure decides for what is around it, unless that ends or begins anew already
    v_failed := automation_private.outermost_failures(array(
        select distinct on (b.org_id, b.boundary) (
            b.org_id, b.instance_id, b.root_id, b.boundary, 'failed', null,
            jsonb_build_object('step', b.step_key) || b.error, null, s.step_type
        )::automation_private.outcome
        from (
            select
                u.*,
                automation_private.find_boundary(u.org_id, u.instance_id, u.scope_id) as boundary
            from unnest(p_failed) as u
        ) as b
        left join automation.workflow_steps as s
            on s.org_id = b.org_id and s.instance_id = b.instance_id and s.step_id = b.boundary
        where s.step_id is null or s.status = 'running'
        order by b.org_id, b.boundary, b.position
    ));
    if exists (select from unnest(v_failed) as f where f.branch is null) then
        v_tokens := automation_private.finish_instances(array(
            select (
                f.org_id, f.instance_id, f.root_id, 'failed', f.error ->> 'code', f.error, false
            )::automation_private.ending
            from unnest(v_failed) as f
            where f.branch is null
        ));
    end if;
    if exists (select from unnest(v_failed) as f where f.branch = 'scope') then
        select v_tokens || s.p_tokens, s.p_left into v_tokens, v_failed
        from automation_private.fail_scopes(v_failed) as s;
        v_tokens := v_tokens || automation_private.settle_steps(array(
            select (
                f.org_id, f.instance_id, f.root_id, f.step_id, 'failed', null, f.error, null, null
            )::automation_private.outcome
            from unnest(v_failed) as f
            where f.branch = 'scope'
        ));
    end if;
    if exists (select from unnest(v_failed) as f where f.branch = 'iteration') then
        v_tokens := v_tokens || automation_private.end_iterations(array(
            select f from unnest(v_failed) as f where f.branch = 'iteration'
        ));
    end if;
    return v_tokens;
end;
$$;

comment on function automation_private.fail_boundaries(automation_private.settled[]) is
    'Fails what is around steps that have failed for good: the turn of a loop, the scope step or '
    'the instance.';
