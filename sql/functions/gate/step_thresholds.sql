create or replace function automation_private.step_thresholds(
    p_firings automation_private.firing[]
)
returns automation_private.firing[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_sample record;
    v_firing automation_private.firing;
    v_kept automation_private.firing[] := array(
        select f from unnest(p_firings) as f where f.stage is distinct from 'threshold'
    );
begin
    -- one after the other: each value is judged by what the ones before have left
    for v_sample in
        select
            f::automation_private.firing as firing, coalesce(e.entity, '') as key, l as listener,
            jsonb_build_object(
                'value', jsonb_path_query_first(d.doc, l.sample, '{}', true),
                'denominator', jsonb_path_query_first(d.doc, l.denominator, '{}', true),
                'at', extract(epoch from e.at), 'seq', e.event_id
            ) as sample
        from unnest(p_firings) as f
        cross join lateral (
            -- what claims to be from the future would make all that follows look old
            select x.event, x.event_id, x.entity, x.new, x.old,
                least(x.occurred_at, x.recorded_at) as at
            from automation.automation_events as x
            where x.org_id = f.org_id and x.event_id = f.event_id
            offset 0
        ) as e
        inner join automation_private.listeners as l
            on f.org_id = l.org_id
                and e.event = l.event
                and f.listener_id = l.listener_id
                and f.kind = l.kind
        cross join lateral (
            select jsonb_build_object('new', e.new, 'old', e.old) as doc
            offset 0
        ) as d
        where f.stage = 'threshold'
        order by f.org_id, f.batch_id, f.event_id, f.priority desc, f.listener_id
    loop
        v_firing := v_sample.firing;
        v_firing.suppressed := case v_firing.suppressed
            when 'no_match' then 'conditions_not_met' else v_firing.suppressed
        end;
        v_kept := v_kept || automation_private.fire_crossed(
            v_firing,
            automation_private.step_subject(
                v_firing, v_sample.key, v_sample.listener, v_sample.sample
            )
        );
    end loop;
    return array(
        select f from unnest(v_kept) as f
        order by f.org_id, f.batch_id, f.event_id, f.priority desc, f.listener_id
    );
end;
$$;

comment on function automation_private.step_thresholds(automation_private.firing[]) is
    'Shows values to the thresholds that watch them and keeps the firings of those that are '
    'crossed, and all others.';
