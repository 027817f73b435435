create or replace function automation_private.compile_split_step(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_source constant jsonb := p_step.source;
    v_mode constant text := coalesce(
        v_source ->> 'mode',
        case
            when jsonb_path_exists(v_source, '$.branches[*].when', '{}', true) then 'matching'
            else 'all'
        end
    );
begin
    p_step.runs := 'split';
    p_step.options := jsonb_strip_nulls(jsonb_build_object(
        'mode', v_mode,
        'count', case jsonb_typeof(v_source -> 'count') when 'number' then v_source -> 'count' end
    ));
    p_step.params := p_step.params || jsonb_strip_nulls(jsonb_build_object(
        'count', case jsonb_typeof(v_source -> 'count') when 'string' then v_source -> 'count' end,
        'key', v_source -> 'key'
    ));
    p_step.errors := automation_private.collect_errors(
        p_step.errors, automation_private.check_split(v_source, v_mode, p_pointer)
    );
    p_step := automation_private.compile_guards(p_step, 'branches', p_pointer);
    if v_mode = 'matching' then
        return automation_private.add_link(p_step, 'else', v_source, 'default', p_pointer);
    end if;

    p_step.branch_names := array(
        select c.value ->> 'name'
        from jsonb_array_elements(p_step.cases) with ordinality as c
        order by c.ordinality
    );
    p_step.links := array(
        select (case l.role when 'case' then 'branch' else l.role end, l.target, l.pointer)
            ::automation_private.step_link
        from unnest(p_step.links) as l
    );
    p_step.cases := null;
    if v_mode = 'random' then
        p_step.options := p_step.options || jsonb_build_object(
            'weights', jsonb_path_query_array(v_source, 'lax $.branches[*].weight')
        );
    end if;
    return p_step;
end;
$$;

comment on function automation_private.compile_split_step(automation_private.compiled_step, text) is
    'A split step: all branches, those whose guards hold, or one by chance.';
