create or replace function automation_private.request_children(
    p_visits automation_private.visit[]
)
returns automation_private.start_request[]
language sql
volatile
begin atomic
    -- "offset 0" keeps one primary-key probe per visit, whatever the statistics suggest
    select array(
        select (
            v.ordinality, v.org_id, automation_private.uuid_v7(), c.definition_id, t.template_id,
            null, null, null, g.value,
            jsonb_build_object(
                'type', 'workflow', 'new', n.input, 'who', i.triggered_by, 'step', v.step_key,
                'attempt', v.attempt, 'entity', i.trigger_data -> 'entity'
            ),
            automation_private.continue_chain(i) || jsonb_build_object(
                'depth', coalesce((i.causation ->> 'depth')::int, 0)
            ),
            null, null,
            case
                when i.depth >= coalesce((p.settings ->> 'max_depth')::int, 5)
                    then automation_private.error_object(
                        'depth_limit', 'refused',
                        format('sub-workflows nest at most %s deep', p.settings ->> 'max_depth')
                    )
                when c.definition_id is null then automation_private.error_object(
                    'unknown_template', 'invalid', 'the template or version does not exist'
                )
                when jsonb_path_exists(n.input, '$.**{33}') then automation_private.error_object(
                    'invalid_input', 'invalid', 'the input is nested deeper than 32 levels'
                )
                else '{"class": "invalid"}' || g.error
            end,
            null,
            (
                case when w.is_awaited then v.root_id end, v.instance_id,
                case when w.is_awaited then v.step_id end, i.depth + 1, i.trigger_type,
                i.triggered_by, i.triggered_login
            )::automation_private.lineage
        )::automation_private.start_request
        from unnest(p_visits) with ordinality as v
        cross join lateral (
            select x.*
            from automation.workflow_instances as x
            where x.org_id = v.org_id and x.instance_id = v.instance_id
            offset 0
        ) as i
        cross join lateral (
            select x.options
            from automation.workflow_definition_steps as x
            where x.org_id = v.org_id
                and x.definition_id = v.definition_id
                and x.step_order = v.step_order
            offset 0
        ) as d
        cross join lateral (
            select x.settings
            from automation.workflow_definitions as x
            where x.org_id = v.org_id and x.definition_id = v.definition_id
            offset 0
        ) as p
        cross join lateral automation_private.find_child(i, d.options) as t
        left join lateral (
            select x.definition_id, x.input_schema
            from automation.workflow_definitions as x
            where x.org_id = v.org_id and x.definition_id = t.definition_id
            offset 0
        ) as c on true
        cross join lateral (
            select
                coalesce(nullif(v.value -> 'input', 'null'), '{}') as input
            offset 0 -- noqa: PRS
        ) as n
        cross join lateral automation_private.check_input(c.input_schema, n.input) as g
        cross join lateral (
            select coalesce((d.options ->> 'wait')::boolean, true) as is_awaited
        ) as w
        where v.runs = 'workflow' and v.error is null and not d.options ? 'is_mocked'
        order by v.ordinality
    );
end;

comment on function automation_private.request_children(automation_private.visit[]) is
    'The sub-workflows that steps just entered want started, with what is wrong with those that '
    'cannot be.';
