create or replace function automation_private.apply_filter(
    p_value jsonb, p_filter jsonb, p_timezone text
)
returns jsonb
language sql stable
return case
    when p_filter ->> 0 = 'default' then coalesce(nullif(p_value, 'null'), p_filter -> 1)
    when p_value is null or (p_value = 'null' and p_filter ->> 0 <> 'json') then p_value
    when automation_private.is_oversized(p_value)
        and p_filter ->> 0 not in ('truncate', 'length', 'first', 'last') then null
    when p_filter ->> 0 = 'json' then to_jsonb(p_value::text)
    when jsonb_typeof(p_value) = 'array' then
        automation_private.apply_list_filter(p_value, p_filter)
    when jsonb_typeof(p_value) = 'object' then null
    when p_filter ->> 0 in ('number', 'round') then
        automation_private.apply_number_filter(p_value, p_filter)
    when p_filter ->> 0 = 'date' then to_jsonb(automation_private.format_date(
        p_value, coalesce(p_filter ->> 1, 'YYYY-MM-DD'), coalesce(p_filter ->> 2, p_timezone),
        p_timezone
    ))
    when p_filter ->> 0 = 'length' then
        case jsonb_typeof(p_value) when 'string' then to_jsonb(length(p_value #>> '{}')) end
    else to_jsonb(automation_private.apply_text_filter(p_value #>> '{}', p_filter))
end;

comment on function automation_private.apply_filter(jsonb, jsonb, text) is
    'What one filter makes of a value; what is missing or null stays so, except under default and '
    'json. Null when the filter cannot use the value.';
