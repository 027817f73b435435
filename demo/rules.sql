-- What the rules of the demo need: tables whose changes are events, and an action of its own.
select automation.watch_table(
    'cmis.social_mentions', 'mention',
    array[
        'platform', 'post_url', 'author_username', 'author_followers_count', 'content', 'sentiment',
        'sentiment_score', 'engagement_rate', 'status', 'published_at'
    ]
);
select automation.watch_table(
    'cmis.influencer_campaigns', 'influencer_campaign',
    array['campaign_name', 'status', 'start_date', 'end_date', 'payment_status', 'completed_at']
);

create schema cmis_reports;
grant usage on schema cmis_reports to automation_actor;
grant select (org_id, name, currency) on cmis.orgs to automation_actor;
grant select (org_id, campaign_id, metric_name, value, recorded_at, deleted_at)
on cmis.campaign_metrics to automation_actor;

create function cmis_reports.summarise_week(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := (p_context ->> 'org_id')::uuid;
    v_until constant date := (p_config ->> 'until')::date;
    v_company record;
    v_week record;
    v_mentions record;
begin
    select o.name, o.currency into v_company from cmis.orgs as o where o.org_id = v_org;
    select
        coalesce(sum(m.value) filter (where m.metric_name = 'spend'), 0) as spend,
        coalesce(sum(m.value) filter (where m.metric_name = 'impressions'), 0) as impressions,
        coalesce(sum(m.value) filter (where m.metric_name = 'clicks'), 0) as clicks,
        coalesce(sum(m.value) filter (where m.metric_name = 'conversions'), 0) as conversions,
        count(distinct m.campaign_id) as campaigns
    into v_week
    from cmis.campaign_metrics as m
    where m.org_id = v_org
        and m.recorded_at >= (v_until - 7)::timestamp at time zone 'utc'
        and m.recorded_at < v_until::timestamp at time zone 'utc'
        and m.deleted_at is null;
    select count(*) as total, count(*) filter (where m.sentiment = 'negative') as negative
    into v_mentions
    from cmis.social_mentions as m
    where m.org_id = v_org
        and m.published_at >= v_until - 7
        and m.published_at < v_until
        and m.deleted_at is null;
    return jsonb_build_object(
        'title', format('%s: the week until %s', v_company.name, v_until),
        'recipients', (
            select jsonb_agg(u.email order by u.email)
            from cmis.users as u
            where u.user_id = any (
                automation_cmis.find_members(p_config ->> 'role', p_context)
            )
        ),
        'text', concat_ws(
            e'\n',
            format(
                'Spend: %s %s in %s campaigns', v_company.currency,
                to_char(v_week.spend, 'fm999,999,990.00'), v_week.campaigns
            ),
            format(
                'Impressions: %s, clicks: %s, conversions: %s',
                to_char(v_week.impressions, 'fm999,999,990'),
                to_char(v_week.clicks, 'fm999,999,990'),
                to_char(v_week.conversions, 'fm999,999,990')
            ),
            format(
                'Mentions: %s, of which %s are negative', v_mentions.total, v_mentions.negative
            )
        )
    );
end;
$$;

select automation.register_action(
    p_action => 'summarise_week',
    p_runs => 'native',
    p_description => 'Report spend, results and mentions of the seven days before a day.',
    p_config_schema => '{
        "type": "object", "additionalProperties": false, "required": ["until", "role"],
        "properties": {
            "until": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
            "role": {"type": "string", "minLength": 1}
        }
    }',
    p_handler => 'cmis_reports.summarise_week(jsonb, jsonb)',
    p_idempotent => true
);
