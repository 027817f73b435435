create or replace function automation_private.save_rule(
    p_org_id uuid,
    p_rule_id uuid,
    p_rule jsonb
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_settings constant jsonb := (
        select coalesce(jsonb_object_agg(s.key, s.value), '{}')
        from jsonb_each(p_rule) as s
        where s.key = any (automation_private.list_execution_keys())
    );
begin
    update automation.automation_rules as r
    set
        rule_name = btrim(p_rule ->> 'name'),
        description = p_rule ->> 'description',
        category = p_rule ->> 'category',
        trigger_type = p_rule #>> '{trigger,type}',
        trigger_config = (p_rule -> 'trigger') - 'type',
        conditions = nullif(p_rule -> 'conditions', 'null'),
        condition_logic = coalesce(p_rule ->> 'condition_logic', 'all'),
        actions = p_rule -> 'actions',
        execute_sequentially = coalesce((p_rule ->> 'execute_sequentially')::boolean, true),
        delay_between_actions_seconds
            = coalesce((p_rule ->> 'delay_between_actions_seconds')::int, 0),
        stop_on_error = coalesce((p_rule ->> 'stop_on_error')::boolean, true),
        recheck_before_action = coalesce((p_rule ->> 'recheck_before_action')::boolean, true),
        priority = coalesce((p_rule ->> 'priority')::int, 50),
        execution_settings = v_settings,
        max_executions_per_day = (v_settings ->> 'max_executions_per_day')::int,
        cooldown_minutes = trim_scale(round((extract(
            epoch from automation_private.parse_duration(v_settings ->> 'cooldown')
        ) / 60)::numeric, 3)),
        updated_at = greatest(
            automation_private.clock(), r.updated_at + interval '1 microsecond'
        )
    where r.org_id = p_org_id and r.rule_id = p_rule_id;
exception when unique_violation then
    perform automation_private.raise_name_taken('rule', p_rule ->> 'name');
end;
$$;

comment on function automation_private.save_rule(uuid, uuid, jsonb) is
    'Writes a rule in canonical form into its row; raises MA101 when its name is taken.';
