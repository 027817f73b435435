create or replace function automation_private.fitting_events(
    p_org_id uuid,
    p_events bigint[]
)
returns bigint[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        select s.event_id
        from (
            select
                e.event_id, row_number() over newest as place,
                sum(octet_length(e.new::text) + 200) over newest as size
            from automation.automation_events as e
            where e.org_id = p_org_id and e.event_id = any (p_events)
            window newest as (order by e.event_id desc)
        ) as s
        -- one more of the largest still fits
        where s.place <= 100 and (s.size <= 120000 or s.place = 1)
        order by s.event_id
    );
end;
$$;

comment on function automation_private.fitting_events(uuid, bigint[]) is
    'The last of some events, as many as can be shown to a run: at most a hundred, and no more '
    'than about 120 kB.';
