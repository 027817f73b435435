create or replace function automation_private.find_operator(p_name text)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_name text := lower(regexp_replace(btrim(p_name), '\s+', '_', 'g'));
    v_op text := coalesce(
        automation_private.condition_operators() -> 'aliases' ->> v_name, v_name);
    v_shape text := automation_private.condition_operators() -> 'shapes' ->> v_op;
begin
    return case when v_shape is not null then jsonb_build_object(
        'op', v_op, 'shape', v_shape,
        'negates', automation_private.condition_operators() -> 'complements' -> v_op) end;
end
$$;

comment on function automation_private.find_operator(text) is
'The operator of that name or alias: its canonical name (op), what its value looks like (shape) and
the operator it is the exact complement of (negates); null when there is none.';
