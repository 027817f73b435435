create or replace function automation_cmis.adjust_budget(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_factor numeric := automation_cmis.require_budget_factor(p_config);
    v_campaign jsonb := automation_cmis.lock_campaign(p_config, p_context);
    v_field text := automation_cmis.budget_field(p_config, v_campaign);
    v_previous numeric := (v_campaign ->> v_field)::numeric;
    v_budget numeric := round(v_previous * v_factor, 2);
    v_fault text := case
        when v_campaign ->> 'status' in ('completed', 'archived')
            then format('its campaign is %s', v_campaign ->> 'status')
        when v_previous is null then 'the campaign has none'
        when v_budget < 10 then 'it would be below 10.00'
    end;
begin
    if v_fault is not null then
        raise exception using
            errcode = 'MA101',
            message = format('the %s cannot be adjusted: %s', replace(v_field, '_', ' '), v_fault),
            detail = format(
                'campaign %s: %s would become %s', v_campaign ->> 'campaign_id',
                coalesce(v_previous::text, 'nothing'), coalesce(v_budget::text, 'nothing')
            ),
            hint = 'budgets of campaigns that are not over are adjusted, and never below 10.00';
    end if;
    update cmis.campaigns as c
    set
        daily_budget = case v_field when 'daily_budget' then v_budget else c.daily_budget end,
        lifetime_budget = case v_field
            when 'lifetime_budget' then v_budget
            else c.lifetime_budget
        end,
        budget = case v_field when 'budget' then v_budget else c.budget end,
        updated_at = now()
    where c.org_id = (p_context ->> 'org_id')::uuid
        and c.campaign_id = (v_campaign ->> 'campaign_id')::uuid;
    return jsonb_build_object(
        'campaign_id', v_campaign -> 'campaign_id', 'field', v_field, 'previous', v_previous,
        'budget', v_budget
    );
end;
$$;

comment on function automation_cmis.adjust_budget(jsonb, jsonb) is
    'Action: raises or lowers a budget of a campaign by a percentage; returns {campaign_id, field, '
    'previous, budget}. Raises MA001 when the percentage is beyond its guard, MA101 when the '
    'budget is not set, would fall below 10.00 or belongs to a campaign that is over.';
