create or replace function automation_private.read_options(
    p_trigger jsonb,
    p_kind text,
    p_pointer text
)
returns automation_private.compiled_threshold
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_least constant jsonb := p_trigger -> 'min_denominator';
    v_result automation_private.compiled_threshold;
begin
    if v_least is not null then
        v_result := automation_private.read_denominator(v_least, p_pointer || '/min_denominator');
    end if;
    v_result.errors := automation_private.collect_errors(
        automation_private.check_key_duration(p_trigger, 'for', '0', false, p_pointer),
        automation_private.check_key_duration(p_trigger, 'recovery_for', '0', false, p_pointer),
        automation_private.check_key_duration(
            p_trigger, 'repeat_every', '1 second', false, p_pointer
        ),
        automation_private.check_key_duration(
            p_trigger, 'stale_after', '1 second', false, p_pointer
        ),
        automation_private.check_key_choice(
            p_trigger, 'first', array['arm_only', 'fire_if_true'], 'unknown_mode', p_pointer
        ),
        automation_private.check_key_choice(
            p_trigger, 'on_no_data', array['hold', 'clear'], 'unknown_mode', p_pointer
        ),
        automation_private.check_key_number(
            p_trigger, 'min_samples', 1, 1000, true, p_pointer
        ),
        v_result.errors
    );
    v_result.config := jsonb_strip_nulls(jsonb_build_object(
        'for', automation_private.read_seconds(p_trigger, 'for'),
        'recovery_for', automation_private.read_seconds(p_trigger, 'recovery_for'),
        'repeat_every', automation_private.read_seconds(p_trigger, 'repeat_every'),
        'stale_after', automation_private.read_seconds(p_trigger, 'stale_after'),
        -- a spike or a change is judged by what came before it, so its first one is news
        'first', coalesce(p_trigger ->> 'first', case
            when p_kind in ('spike', 'change') then 'fire_if_true' else 'arm_only'
        end),
        'on_no_data', case
            when p_kind <> 'milestones' then coalesce(p_trigger ->> 'on_no_data', 'hold')
        end,
        'min_samples', p_trigger -> 'min_samples',
        'min_denominator', v_least -> 'at_least'
    ));
    return v_result;
end;
$$;

comment on function automation_private.read_options(jsonb, text, text) is
    'What the kinds of threshold have in common: how long, how fresh, how many samples, and what '
    'the first one does.';
