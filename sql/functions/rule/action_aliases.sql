create or replace function automation_private.action_aliases()
returns jsonb
language sql
immutable
return '{
    "pause_campaign": {"config": {"campaign_id": "{{trigger.campaign_id}}"}},
    "pause": {
        "action": "pause_campaign", "config": {"campaign_id": "{{trigger.campaign_id}}"}
    },
    "pause_underperforming": {
        "action": "pause_campaign", "config": {"campaign_id": "{{trigger.campaign_id}}"}
    },
    "resume_campaign": {"config": {"campaign_id": "{{trigger.campaign_id}}"}},
    "restart_campaign": {
        "action": "resume_campaign", "config": {"campaign_id": "{{trigger.campaign_id}}"}
    },
    "launch_campaign": {
        "action": "update_campaign_status",
        "config": {"campaign_id": "{{trigger.campaign_id}}", "status": "active"}
    },
    "update_campaign_status": {"config": {"campaign_id": "{{trigger.campaign_id}}"}},
    "adjust_budget": {
        "rename": {"value": "percent", "percentage": "percent"},
        "config": {"campaign_id": "{{trigger.campaign_id}}"}
    },
    "increase_budget": {
        "action": "adjust_budget", "rename": {"value": "percent", "percentage": "percent"},
        "config": {"campaign_id": "{{trigger.campaign_id}}", "direction": "increase"}
    },
    "decrease_budget": {
        "action": "adjust_budget", "rename": {"value": "percent", "percentage": "percent"},
        "config": {"campaign_id": "{{trigger.campaign_id}}", "direction": "decrease"}
    },
    "pause_related_campaigns": {"config": {"mention_id": "{{trigger.mention_id}}"}},
    "create_conversation": {"config": {"mention_id": "{{trigger.mention_id}}"}},
    "assign_conversation": {"config": {"conversation_id": "{{vars.conversation_id}}"}},
    "send_alert": {"action": "create_alert"},
    "send_notification": {"action": "notify_team"},
    "notify": {"action": "notify_team"},
    "trigger_webhook": {"action": "webhook"},
    "api_call": {"action": "http_request"},
    "call_api": {"action": "http_request"},
    "email": {"action": "send_email"},
    "slack": {"action": "send_slack"},
    "send_slack_alert": {"action": "send_slack"},
    "send_slack_message": {"action": "send_slack"}
}'::jsonb;

comment on function automation_private.action_aliases() is
    'Other names of actions in rules, keys that are called otherwise there, and what their config '
    'is when a rule leaves it out.';
