create or replace function automation_private.check_event(p_item jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_problem text;
    v_unknown text := (
        select k.key
        from jsonb_object_keys(case jsonb_typeof(p_item) when 'object' then p_item else '{}' end)
            as k (key)
        where k.key <> all (
            '{event,new,data,old,entity,dedupe_key,occurred_at,caused_by}'::text[]
        )
        limit 1
    );
    v_rows jsonb := jsonb_build_array(p_item -> 'new', p_item -> 'data', p_item -> 'old');
    v_is_deep boolean := jsonb_path_exists(v_rows, '$.**{34}');
    v_is_wild boolean := case
        when not v_is_deep then automation_private.has_wild_number(v_rows)
    end;
begin
    -- 1e131071 is eight characters as it came and 131,072 when it is written out
    if v_is_deep or not v_is_wild and octet_length(v_rows::text) > 65536 then
        return automation_private.error_object(
            'too_large', 'invalid', 'the rows of an event have at most 64 KiB and 32 levels'
        );
    end if;
    v_problem := case
        when jsonb_typeof(p_item) <> 'object' then 'an event is an object'
        when v_unknown is not null
            then format('%s is not a key of an event', to_json(left(v_unknown, 64)))
        when not automation_private.is_event_name(p_item -> 'event')
            then 'an event is named with words of a-z, 0-9 and _, joined by dots: order.paid'
        when exists (
            select from jsonb_array_elements(v_rows) as r
            where jsonb_typeof(r.value) not in ('object', 'null')
        )
            then '"new" and "old" are objects'
        when exists (
            select from jsonb_each(p_item) as t
            where t.key in ('entity', 'dedupe_key', 'occurred_at', 'caused_by')
                and (
                    jsonb_typeof(t.value) not in ('string', 'null')
                    or length(t.value #>> '{}') not between 1 and 200
                )
        )
            then 'entity, dedupe_key, occurred_at and caused_by are texts of 1 to 200 characters'
        when v_is_wild
            then 'a number has more than 38 digits'
        when p_item ->> 'occurred_at' is not null and automation_private.parse_instant(
            p_item ->> 'occurred_at', 'UTC'
        ) is null
            then '"occurred_at" is no ISO 8601 instant'
        when p_item ->> 'occurred_at' is not null and automation_private.parse_instant(
            p_item ->> 'occurred_at', 'UTC'
        ) > automation_private.clock() + interval '5 minutes'
            then '"occurred_at" lies in the future'
    end;
    return case
        when v_problem is not null
            then automation_private.error_object('invalid_event', 'invalid', v_problem)
    end;
end;
$$;

comment on function automation_private.check_event(jsonb) is
    'Why an event cannot be recorded; null when it can.';
