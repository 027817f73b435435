create or replace function automation_private.end_loops(
    p_turns automation_private.loop_turn[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_open automation_private.loop_turn[] := array(
        select t from unnest(p_turns) as t where t.verdict = 'complete' and t.has_open_turns
    );
    v_tokens automation_private.token[] := '{}'::automation_private.token[];
begin
    if cardinality(v_open) > 0 then
        v_tokens := automation_private.cancel_within(
            array(select t.org_id from unnest(v_open) as t),
            array(select t.instance_id from unnest(v_open) as t),
            array(select t.step_id from unnest(v_open) as t)
        );
    end if;
    update automation_private.loop_states as l
    set has_gone_on = true
    from unnest(p_turns) as t
    where t.verdict = 'go_on'
        and l.org_id = t.org_id
        and l.instance_id = t.instance_id
        and l.step_id = t.step_id;
    return v_tokens || automation_private.settle_steps(array(
        select (
            t.org_id, t.instance_id, t.root_id, t.step_id,
            case t.verdict
                when 'complete' then 'completed'
                when 'go_on' then 'gone_on'
                when 'ended' then 'ended'
                else 'failed'
            end,
            t.output, t.error, null, null
        )::automation_private.outcome
        from unnest(p_turns) as t
    ));
end;
$$;

comment on function automation_private.end_loops(automation_private.loop_turn[]) is
    'Ends loops: completed (what still runs is cancelled), gone on while the rest runs out, or '
    'failed.';
