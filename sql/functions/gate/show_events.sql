create or replace function automation_private.show_events(
    p_request automation_private.gated_request
)
returns automation_private.gated_request
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request automation_private.start_request := p_request.request;
begin
    v_request.trigger := v_request.trigger || automation_private.list_gathered(
        v_request.org_id, (p_request.firing).events, (p_request.firing).gathered
    );
    p_request.request := v_request;
    return p_request;
end;
$$;

comment on function automation_private.show_events(automation_private.gated_request) is
    'A request whose trigger shows all the events that it stands for.';
