create or replace function automation_cmis.summarise_campaign(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_campaign_id uuid := automation_cmis.require_uuid(p_config, 'campaign_id');
    v_campaign jsonb;
    v_report jsonb;
begin
    select to_jsonb(c)
    into v_campaign
    from (
        select
            i.campaign_id, i.campaign_name, i.start_date, i.end_date, i.status, i.required_posts,
            i.posts_delivered, i.total_reach, i.total_impressions, i.total_engagement, i.clicks,
            i.conversions, i.conversion_value, i.influencer_payment, p.partnership_name,
            p.currency
        from cmis.influencer_campaigns as i
        left join cmis.influencer_partnerships as p
            on p.org_id = i.org_id
            and p.partnership_id = i.partnership_id
            and p.deleted_at is null
        where i.org_id = (p_context ->> 'org_id')::uuid
            and i.campaign_id = v_campaign_id
            and i.deleted_at is null
    ) as c;
    if v_campaign is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such influencer campaign in this organisation',
            detail = format('campaign %s', v_campaign_id);
    end if;
    v_report := automation_cmis.report_campaign(
        v_campaign, automation_cmis.count_deliverables(v_campaign_id, p_context)
    );
    return jsonb_build_object(
        'campaign_id', v_campaign_id, 'name', v_campaign -> 'campaign_name', 'report', v_report,
        'text', automation_cmis.write_report(v_campaign ->> 'campaign_name', v_report)
    );
end;
$$;

comment on function automation_cmis.summarise_campaign(jsonb, jsonb) is
    'Action: the performance report of an influencer campaign, as numbers and as text; returns '
    '{campaign_id, name, report, text}.';
