create or replace function automation_private.describe_fault(
    p_value jsonb, p_expression jsonb, p_timezone text
)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_name text := p_expression ->> 1;
    v_value jsonb := p_value;
    v_before jsonb;
    v_filter jsonb;
    v_culprit text;
begin
    for v_i in 2 .. jsonb_array_length(p_expression) - 1 loop
        v_before := v_value;
        v_filter := p_expression -> v_i;
        v_value := automation_private.apply_filter(v_before, v_filter, p_timezone);
        if automation_private.is_fault(v_before, v_value) then
            v_value := v_before;
            v_culprit := v_filter ->> 0;
            exit;
        end if;
    end loop;

    if coalesce(v_value, 'null') = 'null' then
        return jsonb_build_object('code', 'template_missing',
            'message', format('%s has no value', v_name),
            'hint', format('give it one for this case: {{ %s | default:''…'' }}', v_name));
    elsif automation_private.is_oversized(v_value)
        or v_culprit is null and jsonb_typeof(v_value) not in ('array', 'object')
    then
        return jsonb_build_object('code', 'too_large',
            'message', format('the text with %s comes to more than 64 KiB', v_name));
    elsif v_culprit is not null then
        return jsonb_strip_nulls(jsonb_build_object('code', 'template_type',
            'message', format('%s: the filter %s cannot use %s', v_name, v_culprit,
                automation_private.describe_type(jsonb_typeof(v_value))),
            'hint', case
                when v_culprit = 'date' then 'a date is 2026-03-01 or 2026-03-01T09:30:00Z'
                when v_culprit in ('number', 'round') then 'a number in text is like 1250.75'
            end));
    end if;
    return jsonb_build_object('code', 'template_type',
        'message', format('%s is %s, which cannot stand inside text', v_name,
            automation_private.describe_type(jsonb_typeof(v_value))),
        'hint', format('write {{ %s | json }}, or | join for a list of words', v_name));
end;
$$;

comment on function automation_private.describe_fault(jsonb, jsonb, text) is
    'Why the value found for an expression cannot be used: code, message and hint.';
