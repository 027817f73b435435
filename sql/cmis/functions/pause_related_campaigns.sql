create or replace function automation_cmis.pause_related_campaigns(
    p_config jsonb,
    p_context jsonb
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reason text := automation_cmis.optional_text(p_config, 'reason');
    v_anywhere boolean := automation_cmis.require_flag(p_config, 'any_platform');
    v_mention jsonb := automation_cmis.lock_mention(
        automation_cmis.require_uuid(p_config, 'mention_id'), p_context
    );
    v_platform text := automation_cmis.campaign_platform(v_mention ->> 'platform');
    v_patterns text[] := automation_cmis.mention_patterns(v_mention, p_context);
    v_paused jsonb;
begin
    with related as materialized (
        select c.campaign_id
        from cmis.campaigns as c
        where c.org_id = (p_context ->> 'org_id')::uuid
            and c.status = 'active'
            and c.deleted_at is null
            and (
                v_anywhere
                or c.platform is null
                or automation_cmis.campaign_platform(c.platform) = v_platform
            )
            and automation_cmis.says_any(
                jsonb_build_array(
                    c.name, c.campaign_name, c.targeting_summary, c.platform_settings
                ),
                v_patterns
            )
        order by c.campaign_id
        for no key update
    ),
    paused as (
        update cmis.campaigns as c
        set status = 'paused', updated_at = now()
        from related as r
        where c.org_id = (p_context ->> 'org_id')::uuid and c.campaign_id = r.campaign_id
        returning c.campaign_id
    )
    select coalesce(jsonb_agg(p.campaign_id order by p.campaign_id), '[]') into v_paused
    from paused as p;
    return jsonb_build_object('paused', jsonb_array_length(v_paused), 'campaign_ids', v_paused)
        || jsonb_strip_nulls(jsonb_build_object('reason', v_reason));
end;
$$;

comment on function automation_cmis.pause_related_campaigns(jsonb, jsonb) is
    'Action: pauses the active campaigns that run where a mention was made and name, in their '
    'name, targeting or settings, the keyword that found it; returns {paused, campaign_ids} and '
    'the reason if one was given.';
