create or replace function automation_private.rehearse(
    p_org_id uuid,
    p_definition_id uuid,
    p_items jsonb,
    p_mocks jsonb
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_requests automation_private.start_request[];
begin
    select automation_private.read_start_requests(d, null, p_items, 'manual') into v_requests
    from automation.workflow_definitions as d
    where d.org_id = p_org_id and d.definition_id = p_definition_id;
    if v_requests[1].error is not null then
        return jsonb_build_object('status', 'refused', 'error', v_requests[1].error);
    end if;
    return automation_private.rehearse_request(v_requests[1], p_mocks);
end;
$$;

comment on function automation_private.rehearse(uuid, uuid, jsonb, jsonb) is
    'Runs a definition as start_workflow would, with mocked actions; the caller throws the '
    'transaction away.';
