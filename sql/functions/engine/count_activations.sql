create or replace function automation_private.count_activations(
    p_entered automation_private.tally[],
    p_visits automation_private.visit[],
    out p_left automation_private.visit[],
    out p_tokens automation_private.token[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_over automation_private.ending[];
begin
    with counted as (
        update automation.workflow_instances as i
        set
            activations = i.activations + t.entered,
            updated_at = automation_private.clock()
        from (
            select
                e.org_id, e.instance_id, e.root_id, sum(e.entered)::int as entered
            from unnest(p_entered) as e
            group by e.org_id, e.instance_id, e.root_id
        ) as t
        where i.org_id = t.org_id and i.instance_id = t.instance_id and i.status = 'running'
        returning i.org_id, i.instance_id, t.root_id, i.activations, i.max_activations
    )

    select array_agg(automation_private.activation_limit(
        c.org_id, c.instance_id, c.root_id, c.max_activations
    ))
    into v_over
    from counted as c
    where c.activations > c.max_activations;
    p_tokens := '{}'::automation_private.token[];
    p_left := p_visits;
    if v_over is null then
        return;
    end if;
    p_tokens := automation_private.finish_instances(v_over);
    perform automation_private.hold_stopped(array(
        select automation_private.visit_token(v) from unnest(p_visits) as v
        where v.instance_id in (select o.instance_id from unnest(v_over) as o)
    ));
    p_left := array(
        select v from unnest(p_visits) as v
        where v.instance_id not in (select o.instance_id from unnest(v_over) as o)
    );
end;
$$;

comment on function automation_private.count_activations(
    automation_private.tally[], automation_private.visit[]
) is
    'Adds the steps entered to their instances, fails those beyond their bound and returns the '
    'visits without theirs, and the tokens of parents that go on.';
