create or replace function automation_private.check_durations(
    p_object jsonb,
    p_key text,
    p_most int,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_pointer constant text := automation_private.append_pointer(p_pointer, p_key);
begin
    if not p_object ? p_key then
        return null;
    end if;
    if jsonb_typeof(p_object -> p_key) <> 'array' or p_object -> p_key = '[]' then
        return automation_private.check_key_list(p_object, p_key, p_pointer);
    end if;
    if jsonb_array_length(p_object -> p_key) > p_most then
        return automation_private.build_error(
            v_pointer, 'out_of_range', format('"%s" has at most %s entries', p_key, p_most)
        );
    end if;
    return (
        select jsonb_agg(c.error order by d.ordinality)
        from jsonb_array_elements(p_object -> p_key) with ordinality as d
        cross join lateral automation_private.check_key_duration(
            jsonb_build_object(d.ordinality - 1, d.value), (d.ordinality - 1)::text,
            '1 ms', false, v_pointer
        ) as c (error)
        where c.error is not null
    );
end;
$$;

comment on function automation_private.check_durations(jsonb, text, int, text) is
    'The errors of a key that holds a list of durations; null when it is absent.';
