create or replace function automation_private.condition_document(p_context jsonb, p_old jsonb)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_new jsonb := coalesce(nullif(p_context, 'null'), '{}');
begin
    if jsonb_typeof(v_new) <> 'object'
        or jsonb_typeof(p_old) not in ('object', 'null')
    then
        raise exception using errcode = 'MA001',
            message = 'a condition is evaluated against rows',
            hint = 'p_context and p_old are JSON objects';
    end if;
    return jsonb_build_object(
        'new', v_new,
        'old', p_old,
        'trigger', jsonb_build_object('new', v_new, 'old', p_old, 'changed', (
            select coalesce(jsonb_agg(key order by key), '[]')
            from jsonb_object_keys(v_new || coalesce(nullif(p_old, 'null'), '{}')) as key
            where p_old <> 'null' and v_new -> key is distinct from p_old -> key
        ))
    );
end
$$;

comment on function automation_private.condition_document(jsonb, jsonb) is
'The document that a row''s condition reads: new, old and trigger (new, old, changed).';
