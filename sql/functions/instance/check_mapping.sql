create or replace function automation_private.check_mapping(
    p_mapping jsonb,
    p_org_id uuid,
    p_old uuid,
    p_new uuid
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wrong text;
begin
    if jsonb_typeof(p_mapping) is distinct from 'object' then
        raise exception using
            errcode = 'MA001',
            message = 'a mapping is an object: {"old step": "new step" or null}',
            detail = format('got %s', coalesce(jsonb_typeof(p_mapping), 'null'));
    end if;
    select string_agg(format('%s: %s', m.key, m.value), ', ') into v_wrong
    from jsonb_each(p_mapping) as m
    where not exists (
        select from automation.workflow_definition_steps as d
        where d.org_id = p_org_id and d.definition_id = p_old and d.step_key = m.key
    ) or m.value <> 'null' and not exists (
        select from automation.workflow_definition_steps as d
        where d.org_id = p_org_id
            and d.definition_id = p_new
            and to_jsonb(d.step_key) = m.value
    );
    if v_wrong is not null then
        raise exception using
            errcode = 'MA001',
            message = 'the mapping names steps that do not exist',
            detail = v_wrong;
    end if;
end;
$$;

comment on function automation_private.check_mapping(jsonb, uuid, uuid, uuid) is
    'Raises MA001 unless a mapping leads from steps of one definition to steps of another.';
