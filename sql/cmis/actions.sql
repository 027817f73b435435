-- Makes the functions known as actions, where there are records for them to act on.
do $$
declare
    v_id constant jsonb := '{"type": "string", "pattern": "^[0-9a-fA-F-]{36}$"}';
    v_text constant jsonb := '{"type": "string", "minLength": 1}';
    v_list constant jsonb := '{"type": "array"}';
    v_action record;
begin
    if to_regclass('cmis.scheduled_posts') is null then
        return;
    end if;
    for v_action in
        select *
        from (
            values
            (
                'create_draft_post', array['content'],
                jsonb_build_object(
                    'title', v_text, 'content', v_text, 'author_id', v_id,
                    'post_type', jsonb_build_object(
                        'enum', array['text', 'image', 'video', 'link', 'carousel', 'story', 'reel']
                    ),
                    'platforms', v_list, 'hashtags', v_list, 'media_urls', v_list,
                    'submit', '{"type": "boolean"}'::jsonb
                ),
                'Write a draft post, submitted for approval if asked.'
            ),
            (
                'approve_post', array['post_id'],
                jsonb_build_object('post_id', v_id, 'reason', v_text),
                'Approve a submitted post.'
            ),
            (
                'request_review', array['post_id', 'reason'],
                jsonb_build_object('post_id', v_id, 'reason', v_text, 'role', v_text),
                'Hand a submitted post to the people with a role; they are notified.'
            ),
            (
                'return_post', array['post_id', 'reason'],
                jsonb_build_object('post_id', v_id, 'reason', v_text),
                'Give a submitted post back to its author, with the reason.'
            ),
            (
                'schedule_post', array['post_id'],
                jsonb_build_object('post_id', v_id, 'at', '{"type": ["string", "null"]}'::jsonb),
                'Give an approved post its slot: a time, else the one its author wished for.'
            ),
            (
                'start_publishing', array['post_id'], jsonb_build_object('post_id', v_id),
                'Take a scheduled post for publishing, unless it was withdrawn.'
            ),
            (
                'mark_post_published', array['post_id', 'published'],
                jsonb_build_object('post_id', v_id, 'published', v_list),
                'Record where a post was published.'
            ),
            (
                'mark_post_failed', array['post_id', 'reason'],
                jsonb_build_object('post_id', v_id, 'reason', v_text),
                'Record that a post could not be published, and why.'
            ),
            (
                'notify_user', array['user_id', 'message'],
                jsonb_build_object(
                    'user_id', v_id, 'title', v_text, 'message', v_text,
                    'data', '{"type": "object"}'::jsonb, 'post_id', v_id
                ),
                'Put a notification into a member''s inbox.'
            )
        ) as a (action, required, properties, description)
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
