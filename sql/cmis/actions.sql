-- Makes the functions known as actions, where there are records for them to act on.
do $$
declare
    v_id constant jsonb := '{"type": "string", "pattern": "^[0-9a-fA-F-]{36}$"}';
    v_text constant jsonb := '{"type": "string", "minLength": 1}';
    v_list constant jsonb := '{"type": "array"}';
    v_flag constant jsonb := '{"type": "boolean"}';
    v_object constant jsonb := '{"type": "object"}';
    v_action record;
begin
    for v_action in
        select *
        from (
            values
            (
                'create_draft_post', 'scheduled_posts', array['content'],
                jsonb_build_object(
                    'title', v_text, 'content', v_text, 'author_id', v_id,
                    'post_type', jsonb_build_object(
                        'enum', array['text', 'image', 'video', 'link', 'carousel', 'story', 'reel']
                    ),
                    'platforms', v_list, 'hashtags', v_list, 'media_urls', v_list,
                    'submit', v_flag
                ),
                'Write a draft post, submitted for approval if asked.'
            ),
            (
                'approve_post', 'scheduled_posts', array['post_id'],
                jsonb_build_object('post_id', v_id, 'reason', v_text),
                'Approve a submitted post.'
            ),
            (
                'request_review', 'scheduled_posts', array['post_id', 'reason'],
                jsonb_build_object('post_id', v_id, 'reason', v_text, 'role', v_text),
                'Hand a submitted post to the people with a role; they are notified.'
            ),
            (
                'return_post', 'scheduled_posts', array['post_id', 'reason'],
                jsonb_build_object('post_id', v_id, 'reason', v_text),
                'Give a submitted post back to its author, with the reason.'
            ),
            (
                'schedule_post', 'scheduled_posts', array['post_id'],
                jsonb_build_object('post_id', v_id, 'at', '{"type": ["string", "null"]}'::jsonb),
                'Give an approved post its slot: a time, else the one its author wished for.'
            ),
            (
                'start_publishing', 'scheduled_posts', array['post_id'],
                jsonb_build_object('post_id', v_id),
                'Take a scheduled post for publishing, unless it was withdrawn.'
            ),
            (
                'mark_post_published', 'scheduled_posts', array['post_id', 'published'],
                jsonb_build_object('post_id', v_id, 'published', v_list),
                'Record where a post was published.'
            ),
            (
                'mark_post_failed', 'scheduled_posts', array['post_id', 'reason'],
                jsonb_build_object('post_id', v_id, 'reason', v_text),
                'Record that a post could not be published, and why.'
            ),
            (
                'create_conversation', 'social_conversations', array['mention_id'],
                jsonb_build_object(
                    'mention_id', v_id,
                    'priority', jsonb_build_object('enum', array['normal', 'high', 'urgent']),
                    'assign_to', v_id,
                    'tags', jsonb_build_object('type', 'array', 'items', v_text),
                    'notes', v_text, 'requires_escalation', v_flag
                ),
                'Open a conversation about a mention, or raise the one that is open.'
            ),
            (
                'assign_conversation', 'social_conversations', array['conversation_id'],
                jsonb_build_object('conversation_id', v_id, 'role', v_text, 'user_id', v_id),
                'Give a conversation to a user, or to who has the fewest of those with a role.'
            ),
            (
                'pause_related_campaigns', 'social_mentions', array['mention_id'],
                jsonb_build_object('mention_id', v_id, 'reason', v_text, 'any_platform', v_flag),
                'Pause the active campaigns that name the keyword of a mention, where it was made.'
            ),
            (
                'pause_campaign', 'campaigns', array['campaign_id'],
                jsonb_build_object('campaign_id', v_id, 'reason', v_text),
                'Pause an active campaign.'
            ),
            (
                'resume_campaign', 'campaigns', array['campaign_id'],
                jsonb_build_object('campaign_id', v_id),
                'Let a paused campaign run again.'
            ),
            (
                'update_campaign_status', 'campaigns', array['campaign_id', 'status'],
                jsonb_build_object(
                    'campaign_id', v_id,
                    'status', jsonb_build_object('enum', array['active', 'paused', 'completed'])
                ),
                'Launch, pause, resume or complete a campaign.'
            ),
            (
                'adjust_budget', 'campaigns', array['campaign_id', 'percent'],
                jsonb_build_object(
                    'campaign_id', v_id,
                    'percent', '{"type": "number", "minimum": 0.01, "maximum": 30}'::jsonb,
                    'direction', jsonb_build_object('enum', array['increase', 'decrease']),
                    'field', jsonb_build_object(
                        'enum', array['daily_budget', 'lifetime_budget', 'budget']
                    )
                ),
                'Raise a budget of a campaign by at most 30 percent, or lower it by at most 25.'
            ),
            (
                'summarise_campaign', 'influencer_campaigns', array['campaign_id'],
                jsonb_build_object('campaign_id', v_id),
                'Report how a campaign with an influencer performed.'
            ),
            (
                'notify_user', 'notifications', array['user_id', 'message'],
                jsonb_build_object(
                    'user_id', v_id, 'title', v_text, 'message', v_text, 'data', v_object,
                    'post_id', v_id
                ),
                'Put a notification into a member''s inbox.'
            ),
            (
                'notify_team', 'notifications', array['message'],
                jsonb_build_object(
                    'role', v_text, 'title', v_text, 'message', v_text, 'data', v_object
                ),
                'Put a notification into the inboxes of all members with a role.'
            ),
            (
                'create_alert', 'notifications', array['message'],
                jsonb_build_object(
                    'title', v_text, 'alert_name', v_text, 'message', v_text,
                    'severity', jsonb_build_object(
                        'enum', array['low', 'medium', 'high', 'critical']
                    ),
                    'mention_id', v_id, 'notify_role', v_text
                ),
                'Tell the members with a role that something is wrong; flag the mention.'
            )
        ) as a (action, acts_on, required, properties, description)
        where to_regclass('cmis.' || a.acts_on) is not null
    loop
        perform automation.register_action(
            p_action => v_action.action,
            p_runs => 'native',
            p_description => v_action.description,
            p_config_schema => jsonb_build_object(
                'type', 'object', 'additionalProperties', false,
                'required', to_jsonb(v_action.required), 'properties', v_action.properties
            ),
            p_handler => (
                format('automation_cmis.%I(jsonb, jsonb)', v_action.action)
            )::regprocedure,
            p_idempotent => true
        );
    end loop;
end $$;
