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
    v_source jsonb := p_step.source;
    v_matching boolean := coalesce(
        v_source ->> 'mode' = 'matching',
        jsonb_path_exists(v_source, '$.branches[*].when', '{}', true)
    );
begin
    p_step.runs := 'split';
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_step_keys(
            v_source, array['branches', 'mode', 'default', 'count', 'key'], p_pointer
        ),
        automation_private.check_unsupported(v_source, array['count', 'key'], p_pointer),
        case
            when v_source ->> 'mode' = 'random' then automation_private.build_error(
                p_pointer || '/mode', 'unsupported_mode', 'random splits are not supported',
                'use "all" or "matching"'
            )
            else automation_private.check_key_choice(
                v_source, 'mode', array['all', 'matching', 'random'], 'unknown_mode', p_pointer
            )
        end,
        case
            when v_source -> 'on_error' is distinct from '"continue"'
                then automation_private.check_unused(
                    v_source, array['next'], 'tokens go on at the branches and behind the merge',
                    p_pointer
                )
        end
    );
    p_step := automation_private.compile_guards(p_step, 'branches', p_pointer);
    if v_matching then
        return automation_private.add_link(p_step, 'else', v_source, 'default', p_pointer);
    end if;

    p_step.branch_names := array(
        select c.value ->> 'name' from jsonb_array_elements(p_step.cases) with ordinality as c
        order by c.ordinality
    );
    p_step.links := array(
        select (case l.role when 'case' then 'branch' else l.role end, l.target, l.pointer)
            ::automation_private.step_link
        from unnest(p_step.links) as l
    );
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_unused(
            v_source, array['default'], 'all branches are taken', p_pointer
        ),
        case
            when p_step.cases @? '$[*].path ? (@ != null)' then automation_private.build_error(
                p_pointer || '/mode', 'conflicting_keys',
                'branches with "when" need the mode "matching"'
            )
        end
    );
    p_step.cases := null;
    return p_step;
end;
$$;

comment on function automation_private.compile_split_step(automation_private.compiled_step, text) is
    'A split step: all branches, or those whose guards hold.';
