create or replace function automation_private.read_threshold(p_trigger jsonb, p_pointer text)
returns automation_private.compiled_threshold
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_kind text;
    v_form text;
    v_shape automation_private.compiled_threshold;
    v_options automation_private.compiled_threshold;
    v_result automation_private.compiled_threshold;
begin
    v_result := automation_private.read_sample_field(
        p_trigger, automation_private.written_key(p_trigger, array['field', 'metric']), p_pointer
    );
    v_form := automation_private.find_threshold_form(p_trigger);
    v_kind := case
        when v_form in ('milestones', 'spike', 'change') then v_form else 'level'
    end;
    if v_form is not null then
        v_shape := case v_kind
            when 'milestones' then automation_private.read_milestones(p_trigger, p_pointer)
            when 'spike' then automation_private.read_spike(p_trigger, p_pointer)
            when 'change' then automation_private.read_change(p_trigger, p_pointer)
            else automation_private.read_level(p_trigger, v_form, p_pointer)
        end;
    end if;
    v_options := automation_private.read_options(p_trigger, v_kind, p_pointer);
    v_result.denominator := v_options.denominator;
    v_result.errors := automation_private.collect_errors(
        automation_private.check_one_of(p_trigger, array['field', 'metric'], p_pointer),
        v_result.errors,
        automation_private.check_threshold_keys(p_trigger, v_form, v_kind, p_pointer),
        v_shape.errors,
        v_options.errors
    );
    if v_result.errors is null then
        v_result.config := v_options.config || v_shape.config;
    end if;
    return v_result;
end;
$$;

comment on function automation_private.read_threshold(jsonb, text) is
    'The threshold that a trigger describes, with all that is wrong with it. Its configuration is '
    'what threshold_step takes: every default filled in, durations in seconds.';
