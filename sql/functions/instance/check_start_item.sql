create or replace function automation_private.check_start_item(p_item jsonb)
returns jsonb
language sql
immutable
return case
    when jsonb_typeof(p_item) <> 'object'
        or exists (
            select from jsonb_object_keys(
                case when jsonb_typeof(p_item) = 'object' then p_item else '{}' end
            ) as k (key)
            where k.key not in ('input', 'trigger', 'idempotency_key', 'name')
        )
        or jsonb_typeof(coalesce(nullif(p_item -> 'trigger', 'null'), '{}')) <> 'object'
        or coalesce(jsonb_typeof(p_item -> 'idempotency_key'), 'string') not in ('string', 'null')
        or coalesce(jsonb_typeof(p_item -> 'name'), 'string') not in ('string', 'null')
        then automation_private.error_object(
            'invalid_item', 'invalid',
            'an item is an object with input, trigger, idempotency_key and name'
        )
    when length(p_item ->> 'idempotency_key') not between 1 and 200
        or length(p_item ->> 'name') > 200
        then automation_private.error_object(
            'invalid_item', 'invalid', 'keys have 1 to 200 characters, names at most 200'
        )
    when pg_column_size(p_item) > 262144
        then automation_private.error_object(
            'too_large', 'invalid', 'input and trigger are larger than 256 KiB'
        )
    when jsonb_path_exists(p_item, '$.**{34}')
        then automation_private.error_object(
            'too_large', 'invalid', 'input or trigger is nested deeper than 32 levels'
        )
    when automation_private.has_wild_number(p_item -> 'trigger')
        then automation_private.error_object(
            'invalid_item', 'invalid', 'a number in the trigger has more than 38 digits'
        )
end;

comment on function automation_private.check_start_item(jsonb) is
    'Why an item of a bulk start cannot be taken; null when it can.';
