create or replace function automation_private.reserve_limits(
    p_request automation_private.gated_request,
    p_now timestamptz
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_window record;
    v_slots jsonb;
begin
    if not p_request.gate ? 'limits' then
        return null;
    end if;
    for v_window in
        select w.* from automation_private.limit_windows(p_request, p_now) as w
    loop
        insert into automation_private.limit_counters as c (
            org_id, limit_key, window_start, window_end, used, hits
        )
        values (
            (p_request.firing).org_id, v_window.limit_key, v_window.window_start,
            v_window.window_end, 1, case when v_window.rolling is not null then array[p_now] end
        )
        on conflict (org_id, limit_key, window_start) do update
        set
            used = c.used + 1,
            window_end = case
                when c.window_end < excluded.window_end
                    then excluded.window_end + v_window.rolling
                else c.window_end
            end,
            hits = case
                when v_window.rolling is not null then array(
                    select h.hit
                    from unnest(c.hits) as h (hit)
                    where h.hit > p_now - v_window.rolling
                ) || p_now
            end
        where case
                when v_window.rolling is null then c.used < v_window.most
                else automation_private.count_recent(c.hits, p_now, v_window.rolling)
                    < v_window.most
            end;
        if not found then
            -- whoever holds the feed has just seen room: to go on would break the promise
            raise exception using
                errcode = 'MA102', message = 'a limit was used by somebody else';
        end if;
        if v_window.setting ->> 'count_on' = 'success' then
            v_slots := coalesce(v_slots, '[]') || jsonb_build_array(jsonb_build_object(
                'limit_key', v_window.limit_key, 'window_start', v_window.window_start,
                'hit', p_now
            ));
        end if;
    end loop;
    return v_slots;
end;
$$;

comment on function automation_private.reserve_limits(
    automation_private.gated_request, timestamptz
) is
    'Takes a slot of each limit that a firing is under; those that a failed run gives back are '
    'returned.';
