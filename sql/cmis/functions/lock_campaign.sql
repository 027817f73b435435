create or replace function automation_cmis.lock_campaign(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_campaign_id uuid := automation_cmis.require_uuid(p_config, 'campaign_id');
    v_campaign record;
begin
    select c.campaign_id, c.status, c.daily_budget, c.lifetime_budget, c.budget
    into v_campaign
    from cmis.campaigns as c
    where c.org_id = (p_context ->> 'org_id')::uuid
        and c.campaign_id = v_campaign_id
        and c.deleted_at is null
    for no key update;
    if v_campaign.campaign_id is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such campaign in this organisation',
            detail = format('campaign %s', v_campaign_id);
    end if;
    return to_jsonb(v_campaign);
end;
$$;

comment on function automation_cmis.lock_campaign(jsonb, jsonb) is
    'The campaign that a configuration names, locked, as an object; raises MA002 when the '
    'organisation has no such campaign.';
