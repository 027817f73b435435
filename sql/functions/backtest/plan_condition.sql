create or replace function automation_private.plan_condition(
    p_plan automation_private.backtest_plan,
    p_condition automation_private.compiled_condition
)
returns automation_private.backtest_plan
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_bare constant boolean :=
        p_condition.reads <@ '{new}' and p_condition.derived is null;
begin
    p_plan.derived := p_condition.derived;
    p_plan.form := case
        when p_condition.path is null or v_is_bare then 'new'
        when p_condition.reads <@ '{new,old}' then 'rows'
        when concat(p_condition.path, p_condition.derived) ~ '\mchanged\M|\mtrigger\\?"[^.\\]'
            then 'changes'
        else 'event'
    end;
    p_plan.condition := case
        when v_is_bare then automation_private.bare_path(p_condition.path)
        else p_condition.path
    end;
    select
        array_agg(case when v_is_bare then automation_private.bare_path(l.path) else l.path end
            order by l.ordinality),
        array_agg(l.negations % 2 = 0 order by l.ordinality)
    into p_plan.leaves, p_plan.wanted
    from (
        select
            c.ordinality, regexp_count(c.pointer, '/(not|none)(?=/|$)') as negations,
            (automation_private.compile_condition(c.leaf, 'row')).path
        from automation_private.condition_leaves(p_condition.tree, '') with ordinality as c
    ) as l;
    p_plan.near := automation_private.build_near_path(p_plan.leaves, p_plan.wanted);
    -- to look for the one among very many that failed takes too long
    if cardinality(p_plan.leaves) > 50 then
        p_plan.leaves := '{}';
    end if;
    return p_plan;
end;
$$;

comment on function automation_private.plan_condition(
    automation_private.backtest_plan, automation_private.compiled_condition
) is
    'How the condition of a backtest is evaluated fastest, and each of its comparisons alone.';
