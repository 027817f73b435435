create or replace function automation_private.check_bounds(
    p_bounds jsonb,
    p_direction text,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_range constant boolean := p_direction in ('outside', 'inside');
    v_numbers constant jsonb :=
        case when v_is_range then p_bounds else jsonb_build_array(p_bounds) end;
begin
    if jsonb_typeof(v_numbers) is distinct from 'array'
        or v_is_range and jsonb_array_length(v_numbers) <> 2
        or v_numbers @? 'strict $[*] ? (@.type() != "number")'
    then
        return automation_private.build_error(
            p_pointer, 'wrong_type',
            case when v_is_range then 'two numbers are expected' else 'a number is expected' end,
            case when v_is_range then 'such as [1, 5]' else 'such as 5, without quotes' end
        );
    elsif not automation_private.is_bounded_number((v_numbers -> 0)::numeric)
        or not automation_private.is_bounded_number((v_numbers -> -1)::numeric)
    then
        return automation_private.build_error(
            p_pointer, 'out_of_range', 'a number has at most 38 digits'
        );
    elsif v_is_range and v_numbers -> 0 >= v_numbers -> 1 then
        return automation_private.build_error(
            p_pointer, 'empty_range', 'the first number must be less than the second'
        );
    end if;
    return null;
end;
$$;

comment on function automation_private.check_bounds(jsonb, text, text) is
    'The error of what should be the number or, where a range counts, the two numbers of a '
    'threshold; null when it is.';
