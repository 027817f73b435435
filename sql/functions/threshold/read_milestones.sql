create or replace function automation_private.read_milestones(p_trigger jsonb, p_pointer text)
returns automation_private.compiled_threshold
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_levels constant jsonb := p_trigger -> 'milestones';
    v_result automation_private.compiled_threshold;
begin
    v_result.errors := automation_private.check_key_list(p_trigger, 'milestones', p_pointer);
    if v_result.errors is null then
        v_result.errors := (
            select jsonb_agg(l.error order by l.ordinality)
            from (
                select
                    m.ordinality,
                    coalesce(
                        automation_private.check_bounds(
                            m.value, 'above', p_pointer || '/milestones/' || (m.ordinality - 1)
                        ),
                        case
                            when m.value <= lag(m.value) over (order by m.ordinality)
                                then automation_private.build_error(
                                    p_pointer || '/milestones/' || (m.ordinality - 1),
                                    'not_ascending', 'every milestone must be above the last one'
                                )
                            when m.ordinality = 101 then automation_private.build_error(
                                p_pointer || '/milestones', 'too_many',
                                'there can be at most 100 milestones'
                            )
                        end
                    ) as error
                from jsonb_array_elements(v_levels) with ordinality as m (value, ordinality)
                where m.ordinality <= 101
            ) as l
            where l.error is not null
        );
    end if;
    v_result.errors := automation_private.collect_errors(
        v_result.errors,
        automation_private.check_key_choice(
            p_trigger, 'levels', array['highest', 'all'], 'unknown_mode', p_pointer
        )
    );
    v_result.config := jsonb_build_object(
        'kind', 'milestones', 'milestones', v_levels,
        'levels', coalesce(p_trigger ->> 'levels', 'highest')
    );
    return v_result;
end;
$$;

comment on function automation_private.read_milestones(jsonb, text) is
    'The milestones that a value reaches once each.';
