create or replace function automation_private.shift_now(p_left jsonb, p_op text, p_right jsonb)
returns jsonb
language sql immutable
return case
    when p_left -> 'value' = '{"now": "PT0S"}'
        and p_op in ('+', '-')
        and jsonb_typeof(p_right -> 'value') = 'string'
        and automation_private.canonical_duration(p_right ->> 'value') is not null
        then jsonb_build_object('now', case p_op when '-' then '-' else '' end
            || automation_private.canonical_duration(p_right ->> 'value'))
end;

comment on function automation_private.shift_now(jsonb, text, jsonb) is
'now plus or minus a duration as the operand {now: "-P7D"}; null when it is something else.';
