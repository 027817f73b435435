-- Only automation_actor runs these functions, and it gets no more of the platform than they need.
do $$
declare
    v_function regprocedure;
    v_table record;
begin
    for v_function in
        select p.oid from pg_catalog.pg_proc as p
        where p.pronamespace = 'automation_cmis'::regnamespace
    loop
        execute format('alter function %s owner to automation_owner', v_function);
        execute format('revoke all on function %s from public', v_function);
        execute format('grant execute on function %s to automation_actor', v_function);
    end loop;
    grant usage on schema automation_cmis to automation_actor;
    if to_regnamespace('cmis') is not null then
        grant usage on schema cmis to automation_actor;
    end if;
    for v_table in
        select to_regclass('cmis.' || g.table_name) as name, g.rights
        from (
            values
            ('users', 'select'),
            ('user_orgs', 'select'),
            ('roles', 'select'),
            ('notifications', 'insert'),
            ('scheduled_posts', 'select, insert, update'),
            ('platform_posts', 'insert'),
            ('monitoring_keywords', 'select (org_id, keyword_id, keyword, variations, deleted_at)'),
            (
                'social_mentions',
                'select (org_id, mention_id, keyword_id, platform, author_username, sentiment, '
                'detected_topics, status, assigned_to, published_at, deleted_at), '
                'update (status, assigned_to, updated_at)'
            ),
            (
                'social_conversations',
                'select (org_id, conversation_id, root_mention_id, status, assigned_to, '
                'priority, requires_escalation, internal_notes, tags, last_activity_at, '
                'deleted_at), '
                'insert (org_id, root_mention_id, platform, status, assigned_to, priority, '
                'participants, overall_sentiment, topics, requires_escalation, internal_notes, '
                'tags, last_activity_at), '
                'update (status, assigned_to, priority, requires_escalation, internal_notes, '
                'tags, updated_at)'
            ),
            (
                'campaigns',
                'select (org_id, campaign_id, name, campaign_name, status, platform, '
                'platform_settings, targeting_summary, daily_budget, lifetime_budget, budget, '
                'deleted_at), '
                'update (status, daily_budget, lifetime_budget, budget, updated_at)'
            ),
            (
                'influencer_campaigns',
                'select (org_id, campaign_id, partnership_id, campaign_name, start_date, '
                'end_date, status, required_posts, posts_delivered, total_reach, '
                'total_impressions, total_engagement, clicks, conversions, conversion_value, '
                'influencer_payment, deleted_at)'
            ),
            (
                'influencer_partnerships',
                'select (org_id, partnership_id, partnership_name, currency, deleted_at)'
            ),
            ('campaign_deliverables', 'select (org_id, campaign_id, status, deleted_at)')
        ) as g (table_name, rights)
        where to_regclass('cmis.' || g.table_name) is not null
    loop
        execute format('grant %s on %s to automation_actor', v_table.rights, v_table.name);
    end loop;
    if to_regclass('cmis.notifications') is not null then
        execute format(
            'grant usage on sequence %s to automation_actor',
            pg_get_serial_sequence('cmis.notifications', 'id')
        );
    end if;
end $$;
