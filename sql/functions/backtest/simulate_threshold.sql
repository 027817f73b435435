create or replace function automation_private.simulate_threshold(
    p_config jsonb,
    p_past automation_private.past,
    p_until timestamptz,
    out items int[],
    out at timestamptz[],
    out verdicts text[],
    out details jsonb[],
    out traces text[]
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count constant int := cardinality(p_past.events);
    v_sources constant int := cardinality(p_past.group_counts);
    v_keys constant int := coalesce(p_past.group_counts[v_sources], 0);
    v_samples constant jsonb[] := p_past.samples;
    v_verdicts constant text[] := p_past.verdicts;
    v_states automation_private.threshold_state[] :=
        array_fill(automation_private.read_threshold_state(null), array[v_keys]);
    v_last int[] := array_fill(0, array[v_keys]);
    v_state automation_private.threshold_state;
    v_now timestamptz;
    v_due numeric;
    v_key int;
begin
    items := '{}';
    at := '{}';
    verdicts := '{}';
    details := '{}';
    traces := '{}';
    -- after the last value of each thing time goes on
    for v_n in 1..v_count + v_keys loop
        v_key := coalesce(p_past.groups[v_n * v_sources], v_n - v_count);
        v_now := coalesce(p_past.at[v_n], p_until);
        v_state := v_states[v_key];
        while v_state.due <= extract(epoch from v_now) loop
            v_due := greatest(v_state.due, extract(epoch from p_past.at[v_last[v_key]]));
            v_state := automation_private.step_state(
                v_state, jsonb_build_object('tick', true, 'at', v_due), p_config
            );
            for v_place in 1..v_state.fires loop
                items := items || v_last[v_key];
                at := at || to_timestamp(v_due::float8);
                verdicts := verdicts || v_verdicts[v_last[v_key]];
                details := details || automation_private.describe_crossing(v_state, v_place);
            end loop;
            perform automation_private.bound_waiting(cardinality(items), v_count);
        end loop;
        if v_samples[v_n] is not null then
            v_state := automation_private.step_state(v_state, v_samples[v_n], p_config);
            v_last[v_key] := v_n;
            traces := traces || v_state.trace;
        end if;
        for v_place in 1..case
            when v_n > v_count then 0
            when v_samples[v_n] is null then 1
            else v_state.fires
        end loop
            items := items || v_n;
            at := at || v_now;
            verdicts := verdicts || v_verdicts[v_n];
            details := details || case
                when v_samples[v_n] is not null
                    then automation_private.describe_crossing(v_state, v_place)
            end;
        end loop;
        v_states[v_key] := v_state;
    end loop;
end;
$$;

comment on function automation_private.simulate_threshold(
    jsonb, automation_private.past, timestamptz
) is
    'When a threshold would have fired, and for which values; events without one, of somebody who '
    'ran the rule by hand, pass. With what it made of each value.';
