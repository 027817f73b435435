create or replace function automation_private.compile_delay_step(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_source jsonb := p_step.source;
    v_offset constant text := case
        when jsonb_typeof(p_step.source -> 'offset') = 'string' then p_step.source ->> 'offset'
    end;
    v_unsigned constant jsonb := case
        when v_offset is null then '{}'
        else jsonb_build_object('offset', regexp_replace(v_offset, '^[-+]', ''))
    end;
begin
    p_step.runs := 'delay';
    p_step := automation_private.add_link(p_step, 'next', v_source, 'next', p_pointer);
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_step_keys(
            v_source, array['for', 'until', 'at', 'days', 'timezone', 'offset'], p_pointer
        ),
        automation_private.check_one_of(v_source, array['for', 'until', 'at'], p_pointer),
        automation_private.check_key_duration(v_source, 'for', '0', true, p_pointer),
        automation_private.check_key_instant(v_source, 'until', p_pointer),
        automation_private.check_local_time(v_source, p_pointer),
        automation_private.check_timezone(v_source, p_pointer),
        case
            when v_source ? 'for' then automation_private.check_unused(
                v_source, array['offset'], 'change the duration instead', p_pointer
            )
        end,
        automation_private.check_key_duration(
            v_source || v_unsigned, 'offset', '0', false, p_pointer
        )
    );
    p_step.params := p_step.params || jsonb_strip_nulls(jsonb_build_object(
        'for', coalesce(
            to_jsonb(automation_private.canonical_duration(v_source ->> 'for')), v_source -> 'for'
        ),
        'until', v_source -> 'until',
        'at', v_source -> 'at',
        'days', v_source -> 'days',
        'timezone', v_source -> 'timezone',
        'offset', case when v_offset like '-%' then '-' else '' end
            || automation_private.canonical_duration(v_unsigned ->> 'offset')
    ));
    return p_step;
end;
$$;

comment on function automation_private.compile_delay_step(automation_private.compiled_step, text) is
    'A delay step: a duration, an instant, or the next local time on allowed days.';
