create or replace function automation_private.simulate_gathering(
    p_gate jsonb,
    p_at timestamptz[],
    p_keys int[],
    p_timezone text,
    p_until timestamptz,
    out firsts int[],
    out lasts int[],
    out at timestamptz[],
    out since timestamptz[]
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count constant int := cardinality(p_at);
    v_groups constant int := coalesce((select max(k) from unnest(p_keys) as k), 0);
    v_most constant int := (p_gate #>> '{batch,size}')::int;
    v_length constant interval := automation_private.parse_duration(
        coalesce(p_gate #>> '{batch,within}', p_gate #>> '{debounce,for}')
    );
    v_longest constant interval :=
        automation_private.parse_duration(p_gate #>> '{debounce,max_wait}');
    v_first int[] := array_fill(0, array[v_groups]);
    v_last int[] := v_first;
    v_size int[] := v_first;
    v_since timestamptz[] := array_fill(null::timestamptz, array[v_groups]);
    v_due timestamptz[] := v_since;
    v_now timestamptz;
    v_key int;
    v_closes boolean;
begin
    firsts := '{}';
    lasts := '{}';
    at := '{}';
    since := '{}';
    -- what is still open when the events are over closes in its time, or not any more
    for v_n in 1..v_count + v_groups loop
        v_key := coalesce(p_keys[v_n], v_n - v_count);
        v_now := coalesce(p_at[v_n], p_until);
        v_closes := v_size[v_key] > 0 and (v_due[v_key] <= v_now or v_n > v_count);
        loop
            if v_closes then
                firsts := firsts || v_first[v_key];
                lasts := lasts || v_last[v_key];
                since := since || v_since[v_key];
                at := at || case
                    when v_size[v_key] = v_most then v_now
                    when v_due[v_key] <= v_now then v_due[v_key]
                end;
                v_size[v_key] := 0;
            end if;
            exit when v_n > v_count or v_last[v_key] = v_n;
            if v_size[v_key] = 0 then
                v_first[v_key] := v_n;
                v_since[v_key] := v_now;
                v_due[v_key] := null;
            end if;
            v_last[v_key] := v_n;
            v_size[v_key] := v_size[v_key] + 1;
            v_due[v_key] := case
                when v_most is not null and v_size[v_key] > 1 then v_due[v_key]
                else least(
                    automation_private.add_duration(v_now, v_length, p_timezone),
                    case
                        when v_longest is not null then automation_private.add_duration(
                            v_since[v_key], v_longest, p_timezone
                        )
                    end
                )
            end;
            v_closes := v_size[v_key] = v_most;
        end loop;
    end loop;
end;
$$;

comment on function automation_private.simulate_gathering(
    jsonb, timestamptz[], int[], text, timestamptz
) is
    'The firings of a rule with debounce or batch that become one each: first, last, since when '
    'and when it comes to the gate; no time when that is later than p_until.';
