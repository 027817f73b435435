create or replace function automation_private.close_scopes(p_gone automation_private.token[])
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_leaving automation_private.leaving[] := automation_private.count_leaving(p_gone);
    v_moved automation_private.moved_scope[];
    v_moves automation_private.merge_move[];
    v_tokens automation_private.token[] := '{}'::automation_private.token[];
begin
    -- from the inside out: what closes is a token less in the scope around it
    while cardinality(v_leaving) > 0 loop
        v_moved := automation_private.take_out(v_leaving);
        v_tokens := v_tokens || automation_private.end_instance_tokens(v_leaving);
        v_moves := automation_private.judge_moves(v_moved);
        if exists (select from unnest(v_moves) as m where m.fires > 0) then
            v_tokens := v_tokens || automation_private.fire_merges(v_moves);
        end if;
        if exists (
            select from unnest(v_moved) as m
            where m.live = 0 and m.step_type in ('iteration', 'scope')
        ) then
            v_tokens := v_tokens || automation_private.complete_bodies(v_moved);
        end if;
        v_tokens := v_tokens || automation_private.leave_splits(v_moves);
        v_leaving := array(
            select (
                (m.scope).org_id, (m.scope).instance_id, (m.scope).root_id, (m.scope).scope_id,
                sum(m.leaves), sum(m.passes),
                min((m.scope).merge_order) filter (where m.passes > 0),
                false
            )::automation_private.leaving
            from unnest(v_moves) as m
            where m.leaves <> 0 or m.passes <> 0
            group by
                (m.scope).org_id, (m.scope).instance_id, (m.scope).root_id, (m.scope).scope_id
        );
    end loop;
    return v_tokens;
end;
$$;

comment on function automation_private.close_scopes(automation_private.token[]) is
    'Takes tokens that ended or arrived at a merge out of their scopes and returns the tokens '
    'that go on where a merge fires, or a scope has lost its last token.';
