create or replace function automation_cmis.require_budget_factor(p_config jsonb)
returns numeric
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_percent numeric := automation_cmis.require_number(p_config, 'percent');
    v_direction text := automation_cmis.require_choice(
        p_config, 'direction', array['increase', 'decrease'], 'increase'
    );
    v_most int := case v_direction when 'increase' then 30 else 25 end;
begin
    if v_percent <= 0 or v_percent > v_most then
        raise exception using
            errcode = 'MA001',
            message = format(
                '"percent" is beyond its guard: a budget can %s by more than 0 and at most %s '
                'percent at a time', v_direction, v_most
            ),
            detail = format('got %s', v_percent),
            hint = 'adjust it by less; the direction says whether up or down';
    end if;
    return 1 + case v_direction when 'increase' then v_percent else -v_percent end / 100;
end;
$$;

comment on function automation_cmis.require_budget_factor(jsonb) is
    'What a budget is multiplied with; raises MA001 when it would rise by more than 30 or fall by '
    'more than 25 percent.';
