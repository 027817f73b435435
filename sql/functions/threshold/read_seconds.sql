create or replace function automation_private.read_seconds(p_object jsonb, p_key text)
returns numeric
language sql
immutable
return case jsonb_typeof(p_object -> p_key)
    when 'string' then nullif(
        trim_scale(extract(epoch from automation_private.parse_duration(p_object ->> p_key))), 0
    )
end;

comment on function automation_private.read_seconds(jsonb, text) is
    'A duration of a threshold in seconds, a day having 24 hours; null when there is none.';
