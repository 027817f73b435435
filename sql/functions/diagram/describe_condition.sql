create or replace function automation_private.describe_condition(p_condition jsonb)
returns text
language sql
immutable
return case
    when jsonb_typeof(p_condition) = 'string' then p_condition #>> '{}'
    when p_condition ? 'set' then p_condition ->> 'set'
    when p_condition ?& array['field', 'op']
        then concat_ws(' ', p_condition ->> 'field', p_condition ->> 'op', p_condition ->> 'value')
end;

comment on function automation_private.describe_condition(jsonb) is
    'A condition in few words; null when it takes many.';
