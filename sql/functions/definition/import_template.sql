create or replace function automation.import_template(p_document jsonb, p_name text default null)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('edit');
    v_errors constant jsonb := automation_private.check_exchange(p_document);
    v_name constant text := coalesce(p_name, p_document ->> 'name');
    v_id uuid;
begin
    if v_errors is not null then
        raise exception using
            errcode = 'MA001',
            message = 'this is not an exported template',
            detail = v_errors::text,
            hint = 'give a document as export_template returns it';
    end if;
    v_id := automation_private.insert_template(
        v_org, v_name, p_document -> 'definition', p_document ->> 'description',
        p_document ->> 'category', coalesce(p_document -> 'tags', '[]')
    );
    perform automation_private.record_audit(
        v_org, 'import_template', 'template', v_id, jsonb_build_object('name', btrim(v_name))
    );
    return v_id;
end;
$$;

comment on function automation.import_template(jsonb, text) is
    'Creates a draft from a document of export_template, under its own or another name, and '
    'returns its id. validate_definition tells what it misses here, such as actions. Needs edit.';
