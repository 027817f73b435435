create or replace function automation_private.check_cache(p_step jsonb, p_pointer text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_cache constant jsonb := p_step -> 'cache';
    v_pointer constant text := p_pointer || '/cache';
begin
    if jsonb_typeof(v_cache) is distinct from 'object' then
        return automation_private.check_key_type(p_step, 'cache', array['object'], p_pointer);
    end if;
    return automation_private.collect_errors(
        automation_private.check_known_keys(v_cache, array['key', 'ttl'], v_pointer),
        automation_private.check_one_of(v_cache, array['key'], v_pointer),
        automation_private.check_one_of(v_cache, array['ttl'], v_pointer),
        automation_private.check_key_type(v_cache, 'key', array['string'], v_pointer),
        automation_private.check_key_duration(v_cache, 'ttl', '1 ms', false, v_pointer)
    );
end;
$$;

comment on function automation_private.check_cache(jsonb, text) is
    'The errors of how long an action''s result is kept, and under which key.';
