create or replace function automation_private.find_limit_hit(
    p_request automation_private.gated_request,
    p_now timestamptz
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_hit record;
    v_details jsonb;
begin
    select w.*, c.hits[cardinality(c.hits) - w.most + 1] as oldest into v_hit
    from automation_private.limit_windows(p_request, p_now) as w
    left join automation_private.limit_counters as c
        on c.org_id = (p_request.firing).org_id
            and w.limit_key = c.limit_key
            and w.window_start = c.window_start
    where w.most = 0
        or case
            when w.rolling is null then c.used >= w.most
            else automation_private.count_recent(c.hits, p_now, w.rolling) >= w.most
        end
    order by w.window_end desc, w.limit_key
    limit 1;
    if v_hit.limit_key is null then
        return null;
    end if;
    if v_hit.rolling is not null then
        v_hit.window_end := coalesce(v_hit.oldest, p_now) + v_hit.rolling;
    end if;
    v_details := jsonb_build_object(
        'limit', v_hit.setting - 'key', 'limit_id', v_hit.limit_key,
        'reset_at', automation_private.format_instant(v_hit.window_end, 'UTC')
    );
    perform automation_private.announce_limit(p_request.firing, v_details, v_hit.window_end);
    return v_details || case
        when v_hit.most = 0 or coalesce(v_hit.setting ->> 'on_hit', 'skip') = 'skip'
            then '{"reason": "limit_reached"}'::jsonb
        when v_hit.setting ->> 'on_hit' = 'fail'
            then '{"reason": "limit_reached", "fails": true}'
        -- what could never be let through in time is given up
        when v_hit.window_end > coalesce((p_request.firing).waiting_since, p_now)
            + interval '72 hours'
            then '{"reason": "expired"}'
        else jsonb_build_object(
            'stage', 'deferred', 'due_at', greatest(v_hit.window_end, p_now + interval '1 second')
        )
    end;
end;
$$;

comment on function automation_private.find_limit_hit(
    automation_private.gated_request, timestamptz
) is
    'The first limit that has no room for a firing, with when it has again and what is to be done; '
    'null when all have.';
