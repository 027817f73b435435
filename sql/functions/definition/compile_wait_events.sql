create or replace function automation_private.compile_wait_events(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_list jsonb := p_step.source -> 'events';
    v_event jsonb;
    v_place int;
    v_at text;
    v_filter automation_private.compiled_condition;
    v_names text[] := array[]::text[];
    v_options jsonb := jsonb_build_array();
    v_params jsonb := jsonb_build_array();
begin
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_key_list(p_step.source, 'events', p_pointer),
        case
            when jsonb_typeof(v_list) = 'array' and jsonb_array_length(v_list) > 20
                then automation_private.build_error(
                    p_pointer || '/events', 'out_of_range', 'a wait has at most 20 events'
                )
        end
    );
    p_step.cases := '[]';
    for v_event, v_place, v_at in
        select e.value, e.ordinality::int, format('%s/events/%s', p_pointer, e.ordinality - 1)
        from jsonb_array_elements(
            case when jsonb_typeof(v_list) = 'array' then v_list else '[]' end
        ) with ordinality as e
        where e.ordinality <= 20
    loop
        v_filter := null;
        if v_event ? 'filter' then
            v_filter := automation_private.compile_condition(
                v_event -> 'filter', 'step', p_step.roots || '{event}', v_at || '/filter'
            );
        end if;
        p_step.errors := automation_private.collect_errors(
            p_step.errors, automation_private.check_wait_event(v_event, v_at), v_filter.errors
        );
        -- of several branches on one event the later ones go by their number
        v_names := v_names || case
            when v_event ->> 'event' = any (v_names) then v_place::text
            else v_event ->> 'event'
        end;
        p_step.cases := p_step.cases || jsonb_build_object('name', v_names[v_place]);
        p_step := case
            when v_event ? 'next'
                then automation_private.add_link(p_step, 'case', v_event, 'next', v_at)
            else automation_private.add_link(p_step, 'case', p_step.source, 'next', p_pointer)
        end;
        p_step := automation_private.add_reads(
            p_step, array_remove(v_filter.reads, 'event'), v_at || '/filter'
        );
        v_options := v_options || automation_private.complete_wait_event(v_event, v_filter);
        v_params := v_params || jsonb_strip_nulls(jsonb_build_object(
            'match', nullif(v_event -> 'match', 'null'),
            'count', case when jsonb_typeof(v_event -> 'count') = 'string'
                then v_event -> 'count' end
        ));
    end loop;
    p_step.options := coalesce(p_step.options, '{}') || jsonb_build_object(
        'kind', 'events', 'since', coalesce(p_step.source -> 'since', '"wait"'),
        'events', v_options
    );
    p_step.params := p_step.params || jsonb_build_object('events', v_params);
    return p_step;
end;
$$;

comment on function automation_private.compile_wait_events(
    automation_private.compiled_step, text
) is
    'A wait for the first of several events. What it compares them with is rendered on entry.';
