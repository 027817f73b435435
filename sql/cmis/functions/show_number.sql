create or replace function automation_cmis.show_number(p_value jsonb)
returns text
language sql
stable
return coalesce(
    rtrim(to_char((p_value #>> '{}')::numeric, 'fm999,999,999,999,999,990.9999'), '.'), 'n/a'
);

comment on function automation_cmis.show_number(jsonb) is
    'A number as people read it: 12,500 or 0.0325; n/a when there is none.';
