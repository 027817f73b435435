create or replace function automation_cmis.report_campaign(p_campaign jsonb, p_deliverables jsonb)
returns jsonb
language sql
immutable
return (
    select
        jsonb_build_object(
            'partnership', p_campaign -> 'partnership_name',
            'status', p_campaign -> 'status',
            'start_date', p_campaign -> 'start_date',
            'end_date', p_campaign -> 'end_date',
            'reach', n.reach,
            'impressions', n.impressions,
            'engagement', n.engagement,
            'engagement_rate', round(100 * n.engagement / nullif(n.impressions, 0), 2),
            'clicks', n.clicks,
            'conversions', n.conversions,
            'conversion_value', n.value,
            'cost', n.cost,
            'currency', p_campaign -> 'currency',
            'roi', round(100 * (n.value - n.cost) / nullif(n.cost, 0), 2),
            'cost_per_engagement', round(n.cost / nullif(n.engagement, 0), 4),
            'posts_delivered', n.delivered,
            'posts_required', n.required,
            'deliverables', p_deliverables
        )
    from (
        select
            coalesce((p_campaign ->> 'total_reach')::numeric, 0) as reach,
            coalesce((p_campaign ->> 'total_impressions')::numeric, 0) as impressions,
            coalesce((p_campaign ->> 'total_engagement')::numeric, 0) as engagement,
            coalesce((p_campaign ->> 'clicks')::numeric, 0) as clicks,
            coalesce((p_campaign ->> 'conversions')::numeric, 0) as conversions,
            coalesce((p_campaign ->> 'conversion_value')::numeric, 0) as value,
            coalesce((p_campaign ->> 'influencer_payment')::numeric, 0) as cost,
            coalesce((p_campaign ->> 'posts_delivered')::numeric, 0) as delivered,
            coalesce((p_campaign ->> 'required_posts')::numeric, 0) as required
    ) as n
);

comment on function automation_cmis.report_campaign(jsonb, jsonb) is
    'The figures of an influencer campaign: what it reached, what it cost, and the rates (percent '
    'of impressions, of cost); a rate of nothing is null.';
