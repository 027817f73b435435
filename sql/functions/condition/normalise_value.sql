create or replace function automation_private.normalise_value(p_shape text, p_value jsonb)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_days constant jsonb := '{"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7,
        "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "0": 7}'::jsonb;
    v_names constant text[] := '{mon,tue,wed,thu,fri,sat,sun}'::text[];
    v_list jsonb;
begin
    if p_shape in ('range', 'times') and jsonb_typeof(p_value) = 'object' then
        p_value := jsonb_build_array(p_value -> 'min', p_value -> 'max');
    end if;
    if p_shape = 'range' and jsonb_typeof(p_value) = 'array' then
        return (
            select coalesce(jsonb_agg(automation_private.normalise_value('order', b.value)
                order by b.at), '[]')
            from jsonb_array_elements(p_value) with ordinality as b (value, at)
        );
    elsif p_shape = 'duration' and jsonb_typeof(p_value) = 'string' then
        return coalesce(to_jsonb(automation_private.canonical_duration(p_value #>> '{}')), p_value);
    elsif p_shape = 'days' and jsonb_typeof(p_value) in ('array', 'string', 'number') then
        if jsonb_array_length(jsonb_path_query_array(p_value, '$[*]')) between 1 and 1000 then
            select jsonb_agg(distinct v_days -> case
                when d.day ~ '^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?$'
                    then left(d.day, 3)
                else d.day end)
            into v_list
            from (
                select lower(e #>> '{}') as day
                from jsonb_path_query(p_value, '$[*]') as e
            ) as d;
        end if;
        if v_list @> 'null' then
            return p_value;
        end if;
        return (
            select jsonb_agg(v_names[d::int] order by d) from jsonb_array_elements(v_list) as d
        );
    elsif p_shape in ('scalar', 'order', 'instant') and jsonb_typeof(p_value) = 'object'
        and p_value ? 'now'
    then
        return p_value || jsonb_build_object('now', coalesce(
            automation_private.compile_operand(p_value, 'row', '{}') -> 'shift', p_value -> 'now'));
    end if;
    return p_value;
end
$$;

comment on function automation_private.normalise_value(text, jsonb) is
'The canonical form of an operator''s value: lists for {min, max}, ISO 8601 for durations, short
names for days; what cannot be put so is returned as it came.';
