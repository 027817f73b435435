create or replace function automation_private.format_number(
    p_number numeric, p_digits integer, p_group text, p_point text
)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_parts text[] := string_to_array(round(p_number, p_digits)::text, '.');
begin
    return array_to_string(
        array[
            array_to_string(
                string_to_array(regexp_replace(v_parts[1], '(\d)(?=(\d{3})+$)', '\1,', 'g'), ','),
                p_group
            ),
            v_parts[2]
        ],
        p_point
    );
end;
$$;

comment on function automation_private.format_number(numeric, integer, text, text) is
    'A number as people write it: rounded to so many decimals, thousands grouped.';
