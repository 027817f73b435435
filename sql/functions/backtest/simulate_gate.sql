create or replace function automation_private.simulate_gate(
    p_gate automation_private.gate_plan,
    p_firings automation_private.past_firings,
    p_gone tstzmultirange[],
    p_until timestamptz,
    out verdicts text[],
    out decided timestamptz[],
    out hits int[]
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count constant int := cardinality(p_firings.at);
    v_checks constant int := coalesce(cardinality(p_gate.most), 0);
    v_places constant int[] := p_firings.places;
    -- until when places are taken, and which of a kind will be free first
    v_taken timestamptz[] := array['-infinity'::timestamptz];
    v_turn int[] := array_fill(0, array[cardinality(p_firings.places) + 1]);
    v_queued int[] := v_turn;
    v_ends timestamptz[] := array_fill('-infinity'::timestamptz, array[v_checks]);
    v_waiting int[] := '{}'::int[];
    v_dues timestamptz[] := '{}'::timestamptz[];
    v_left int := 0;
    v_came int := 0;
    v_now timestamptz := '-infinity'::timestamptz;
    v_firing int;
    v_verdict text;
    v_check int;
    v_place int;
    v_due timestamptz;
begin
    verdicts := array_fill(''::text, array[v_count]);
    hits := array_fill(0, array[v_count]);
    decided := p_firings.at;
    loop
        if v_dues[v_left + 1] <= coalesce(p_firings.at[v_came + 1], p_until) then
            v_left := v_left + 1;
            v_firing := v_waiting[v_left];
            v_now := greatest(v_now, v_dues[v_left]);
            v_place := greatest(v_places[v_firing * v_checks], 1);
            v_queued[v_place] := v_queued[v_place] - (verdicts[v_firing] = 'queued')::int;
        else
            v_came := v_came + 1;
            exit when v_came > v_count;
            v_firing := v_came;
            v_now := greatest(v_now, p_firings.at[v_came]);
        end if;
        v_verdict := case
            when v_now <@ p_gone[p_firings.rows[v_firing]] then 'exited_condition' else 'fires'
        end;
        for v_nth in 1..v_checks loop
            exit when v_verdict <> 'fires';
            -- who waits for a run to end asks first whether there is one
            v_check := case
                when verdicts[v_firing] = 'queued' then 1 + (v_nth + v_checks - 2) % v_checks
                else v_nth
            end;
            v_place := v_places[(v_firing - 1) * v_checks + v_check];
            v_due := v_taken[v_place + v_turn[v_place]];
            if v_due > v_now or p_gate.most[v_check] = 0 then
                hits[v_firing] := v_check;
                v_verdict := automation_private.hold_firing(
                    p_gate.verdicts[v_check], verdicts[v_firing], p_firings.since[v_firing],
                    v_due, v_queued[v_place], p_gate.queue_most
                );
            end if;
        end loop;
        verdicts[v_firing] := v_verdict;
        decided[v_firing] := v_now;
        for v_nth in 1..case v_verdict when 'fires' then v_checks else 0 end loop
            v_place := v_places[(v_firing - 1) * v_checks + v_nth];
            continue when v_place = 0;
            v_ends[v_nth] := automation_private.place_free_at(
                p_gate.kinds[v_nth], p_gate.lengths[v_nth], p_gate.zones[v_nth], v_now,
                v_ends[v_nth]
            );
            v_taken[v_place + v_turn[v_place]] := v_ends[v_nth];
            v_turn[v_place] := (v_turn[v_place] + 1) % p_gate.most[v_nth];
        end loop;
        continue when v_verdict not in ('deferred', 'queued');
        v_queued[v_place] := v_queued[v_place] + (v_verdict = 'queued')::int;
        perform automation_private.bound_waiting(v_left, v_count);
        if v_due < v_dues[cardinality(v_dues)] then
            v_place := width_bucket(v_due, v_dues);
            v_waiting := v_waiting[:v_place] || v_firing || v_waiting[v_place + 1:];
            v_dues := v_dues[:v_place] || v_due || v_dues[v_place + 1:];
        else
            v_waiting := v_waiting || v_firing;
            v_dues := v_dues || v_due;
        end if;
    end loop;
end;
$$;

comment on function automation_private.simulate_gate(
    automation_private.gate_plan, automation_private.past_firings, tstzmultirange[], timestamptz
) is
    'What the gate would have made of firings: the verdict on each, when, and by which check.';
