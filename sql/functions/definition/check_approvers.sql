create or replace function automation_private.check_approvers(
    p_object jsonb,
    p_key text,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    c_hint constant text := '[{"user": "<uuid>"}, {"role": "marketing_manager"}]';
    v_pointer constant text := automation_private.append_pointer(p_pointer, p_key);
    v_list constant jsonb := p_object -> p_key;
begin
    if jsonb_typeof(v_list) = 'string' and v_list #>> '{}' like '%{{%' then
        return null;
    end if;
    if jsonb_typeof(v_list) is distinct from 'array' or v_list = '[]' then
        return automation_private.check_key_list(p_object, p_key, p_pointer);
    end if;
    return (
        select jsonb_agg(automation_private.build_error(
            automation_private.append_pointer(v_pointer, (a.ordinality - 1)::text),
            'invalid_approver',
            format('%s is no approver', left(a.value::text, 100)), c_hint
        ) order by a.ordinality)
        from jsonb_array_elements(v_list) with ordinality as a
        where a.value::text not like '%{{%'
                and automation_private.read_approvers(jsonb_build_array(a.value)) is null
            or jsonb_typeof(a.value) <> 'object'
            or not a.value ?| array['user', 'role']
            or a.value - array['user', 'role'] <> '{}'
    );
end;
$$;

comment on function automation_private.check_approvers(jsonb, text, text) is
    'The errors of a key that says who approves: a list of users and roles, or a template.';
