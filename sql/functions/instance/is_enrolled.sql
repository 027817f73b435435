create or replace function automation_private.is_enrolled(
    p_org_id uuid,
    p_template_id uuid,
    p_key text
)
returns boolean
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(cardinality(
        (automation_private.find_subject(p_org_id, p_template_id, p_key)).running
    ), 0) > 0;
end;
$$;

comment on function automation_private.is_enrolled(uuid, uuid, text) is
    'Whether a run of a template for a key goes on.';
