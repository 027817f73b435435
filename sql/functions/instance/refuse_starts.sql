create or replace function automation_private.refuse_starts(
    p_requests automation_private.start_request[]
)
returns automation_private.start_request[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request automation_private.start_request;
    v_refused automation_private.start_request[] := '{}'::automation_private.start_request[];
begin
    foreach v_request in array p_requests loop
        v_request.error := coalesce(v_request.error, automation_private.error_object(
            'org_paused', 'refused', 'the organisation is paused and starts nothing'
        ));
        v_refused := v_refused || v_request;
    end loop;
    return v_refused;
end;
$$;

comment on function automation_private.refuse_starts(automation_private.start_request[]) is
    'Requests of a paused organisation: all refused, with the mistake that they have or else this '
    'reason.';
