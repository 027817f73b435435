create or replace function automation_private.check_weights(p_branches jsonb, p_pointer text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_sum numeric;
begin
    if jsonb_typeof(p_branches) is distinct from 'array' or exists (
        select
        from jsonb_array_elements(p_branches) as b
        where jsonb_typeof(b.value -> 'weight') is distinct from 'number'
    ) then
        return null;
    end if;
    v_sum := (
        select sum((b.value -> 'weight')::numeric) from jsonb_array_elements(p_branches) as b
    );
    if v_sum <> 100 then
        return automation_private.build_error(
            p_pointer, 'weights_do_not_sum',
            format('the weights sum to %s, not to 100', left(v_sum::text, 40)),
            'a branch with a weight and without "next" stands for those who get nothing'
        );
    end if;
    return null;
end;
$$;

comment on function automation_private.check_weights(jsonb, text) is
    'The error of a random split''s weights that do not sum to 100.';
