create or replace function automation_private.check_gathering(p_rule jsonb)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_debounce constant jsonb := p_rule -> 'debounce';
    v_batch constant jsonb := p_rule -> 'batch';
begin
    return automation_private.collect_errors(
        automation_private.check_key_type(p_rule, 'debounce', array['object'], ''),
        automation_private.check_key_type(p_rule, 'batch', array['object'], ''),
        case
            when v_debounce is not null and v_batch is not null
                then automation_private.build_error(
                    '', 'conflicting_keys', '"debounce" and "batch" exclude each other'
                )
        end,
        case when jsonb_typeof(v_debounce) = 'object' then automation_private.collect_errors(
            automation_private.check_known_keys(v_debounce, array['for', 'max_wait'], '/debounce'),
            automation_private.check_one_of(v_debounce, array['for'], '/debounce'),
            automation_private.check_key_duration(v_debounce, 'for', '1 ms', false, '/debounce'),
            automation_private.check_key_duration(
                v_debounce, 'max_wait', '1 ms', false, '/debounce'
            )
        ) end,
        case when jsonb_typeof(v_batch) = 'object' then automation_private.collect_errors(
            automation_private.check_known_keys(v_batch, array['size', 'within'], '/batch'),
            automation_private.check_one_of(v_batch, array['size'], '/batch'),
            automation_private.check_one_of(v_batch, array['within'], '/batch'),
            automation_private.check_key_number(v_batch, 'size', 1, 100, true, '/batch'),
            automation_private.check_key_duration(v_batch, 'within', '1 ms', false, '/batch')
        ) end
    );
end;
$$;

comment on function automation_private.check_gathering(jsonb) is
    'The errors of a rule''s debounce and batch.';
