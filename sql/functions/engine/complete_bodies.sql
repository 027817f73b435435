create or replace function automation_private.complete_bodies(
    p_moved automation_private.moved_scope[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_turns automation_private.outcome[];
    v_scopes automation_private.outcome[];
    v_rollbacks automation_private.outcome[];
begin
    v_turns := array(
        select (
            m.org_id, m.instance_id, m.root_id, m.step_id, 'completed', null, null, null, null
        )::automation_private.outcome
        from unnest(p_moved) as m
        where m.live = 0 and m.step_type = 'iteration'
    );
    v_scopes := array(
        select (
            m.org_id, m.instance_id, m.root_id, m.step_id, 'completed',
            coalesce(
                automation_private.last_output(m.org_id, m.instance_id, m.step_id), 'null'
            ),
            null, null, null
        )::automation_private.outcome
        from unnest(p_moved) as m
        where m.live = 0 and m.step_type = 'scope'
    );
    v_rollbacks := array(
        select s
        from unnest(v_scopes) as s
        inner join automation_private.rollbacks as r
            on r.org_id = s.org_id and r.instance_id = s.instance_id and r.boundary_id = s.step_id
    );
    if cardinality(v_rollbacks) > 0 then
        v_scopes := array(
            select s from unnest(v_scopes) as s
            where s.step_id not in (select r.step_id from unnest(v_rollbacks) as r)
        );
    end if;
    return case
        when cardinality(v_turns) > 0 then automation_private.end_iterations(v_turns) else '{}'
    end || case
        when cardinality(v_scopes) > 0 then automation_private.settle_steps(v_scopes) else '{}'
    end || case
        when cardinality(v_rollbacks) > 0
            then automation_private.continue_rollbacks(v_rollbacks)
        else '{}'
    end;
end;
$$;

comment on function automation_private.complete_bodies(automation_private.moved_scope[]) is
    'Completes turns of loops and scope steps that have lost their last token.';
