create or replace function automation_private.read_subject(p_org_id uuid, p_trigger jsonb)
returns table (current jsonb, is_watched boolean)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_watched automation_private.watched_tables;
begin
    -- what came from no table, or is about a row that is gone, has no row that could have changed
    if p_trigger ->> 'source' in ('emitted', 'webhook', 'manual', 'engine')
        or p_trigger ->> 'event' like '%.deleted'
    then
        return query select p_trigger -> 'new', true;
        return;
    end if;
    select w.* into v_watched
    from automation_private.watched_tables as w
    where w.event = split_part(p_trigger ->> 'event', '.', 1);
    return query select
        case
            when v_watched.event is not null then automation_private.read_current(
                automation_private.build_capture(v_watched) ->> 'current', p_org_id,
                p_trigger ->> 'entity'
            )
        end,
        v_watched.event is not null;
end;
$$;

comment on function automation_private.read_subject(uuid, jsonb) is
    'The row that an event was about as it is now; null when it is gone or its table is not '
    'watched any more.';
