create or replace function automation_private.enter_steps(p_tokens automation_private.token[])
returns automation_private.visit[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_prefix text := automation_private.uuid_v7_prefix(clock_timestamp());
    v_undone uuid[] := automation_private.rolling_back(p_tokens);
begin
    -- "offset 0" keeps one primary-key probe per token, whatever the statistics suggest
    return array(
        select (
            t.org_id, t.instance_id, t.root_id, t.scope_id, t.iteration_id, t.from_order,
            coalesce(t.step_id, automation_private.uuid_v7_at(v_prefix, t.ordinality)),
            d.step_order, d.step_key, d.step_type, d.runs, d.action,
            coalesce(b.value, r.value, d.params), b.branch, b.next_order, b.branches, b.due_at,
            b.timeout, d.output_is_read, coalesce(
                r.error, b.error, automation_private.context_fault(i.context_data, b.value, d.runs)
            ),
            i.definition_id,
            case
                when t.step_id is null then 1
                else automation_private.attempt_of(t.org_id, t.instance_id, t.step_id)
            end,
            t.step_id is not null, d.mutex
        )::automation_private.visit
        from unnest(p_tokens) with ordinality as t
        cross join lateral (
            select
                x.definition_id, x.context_data, x.step_outputs, x.trigger_data, x.input_data,
                x.instance_name, x.timezone, x.started_at
            from automation.workflow_instances as x
            where x.org_id = t.org_id
                and x.instance_id = t.instance_id
                and x.status = 'running'
                and (
                    t.scope_id = t.instance_id
                    or automation_private.is_open_scope(t.org_id, t.instance_id, t.scope_id)
                )
            offset 0
        ) as i
        cross join lateral (
            select x.*
            from automation.workflow_definition_steps as x
            where x.org_id = t.org_id
                and x.definition_id = i.definition_id
                and x.step_order = t.step_order
            offset 0
        ) as d
        cross join lateral (
            select
                case
                    when t.iteration_id is not null then automation_private.read_locals(
                        t.org_id, t.instance_id, t.iteration_id
                    )
                end as locals
            offset 0
        ) as l
        cross join lateral (
            select
                case
                    when d.reads is null and d.cases is null then '{}'
                    when l.locals is null and coalesce(d.reads, '{vars}') = '{vars}'
                        then jsonb_build_object('vars', i.context_data)
                    else automation_private.build_context(
                        case d.runs when 'set' then d.reads || 'vars'::text else d.reads end,
                        t.org_id, t.instance_id, t.iteration_id, l.locals,
                        i.context_data, i.step_outputs, i.trigger_data, i.input_data,
                        i.instance_name, i.timezone, i.started_at, v_now
                    )
                end as context
            offset 0
        ) as c
        cross join lateral (
            select (x.rendered).value, (x.rendered).error
            from (
                select
                    case
                        when d.bindings is not null then automation_private.render(
                            d.params, d.bindings, c.context, v_now, i.timezone
                        )
                    end as rendered
                offset 0
            ) as x
        ) as r
        cross join lateral automation_private.decide_step(
            d, coalesce(r.value, d.params), c.context, v_now, i.timezone, t.instance_id
        ) as b
        where t.step_order > 0
            and (t.step_order > 1000 or t.scope_id <> all (v_undone))
    );
end;
$$;

comment on function automation_private.enter_steps(automation_private.token[]) is
    'What the steps say before which the tokens stand: rendered settings, the branch taken, the '
    'due time, or the error. Tokens of instances that do not run or of scopes that are closed are '
    'left out.';
