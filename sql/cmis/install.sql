-- The platform's own records as things that workflows can act on. Load it after the engine, into
-- the database that holds the schema cmis; loading it again brings it up to date. Functions whose
-- tables are not there are created but not registered, so no workflow can use them.

-- What every action checks first.
\ir schema.sql
\ir functions/require_uuid.sql
\ir functions/require_text.sql
\ir functions/require_texts.sql
\ir functions/require_instant.sql
\ir functions/require_number.sql
\ir functions/require_choice.sql
\ir functions/require_flag.sql
\ir functions/optional_uuid.sql
\ir functions/optional_text.sql
\ir functions/require_member.sql
\ir functions/find_members.sql
\ir functions/add_notifications.sql

-- The life of a post: written, submitted, approved or handed to people, scheduled, published.
\ir functions/post_state.sql
\ir functions/lock_post.sql
\ir functions/record_decision.sql
\ir functions/create_draft_post.sql
\ir functions/approve_post.sql
\ir functions/request_review.sql
\ir functions/return_post.sql
\ir functions/schedule_post.sql
\ir functions/start_publishing.sql
\ir functions/mark_post_published.sql
\ir functions/mark_post_failed.sql

-- Mentions, the conversations about them, and who has these.
\ir functions/lock_mention.sql
\ir functions/lock_conversation.sql
\ir functions/assign_mention.sql
\ir functions/read_conversation.sql
\ir functions/raise_conversation.sql
\ir functions/create_conversation.sql
\ir functions/pick_member.sql
\ir functions/assign_conversation.sql

-- Campaigns: their state, their budgets, and which of them a mention is about.
\ir functions/lock_campaign.sql
\ir functions/move_campaign.sql
\ir functions/pause_campaign.sql
\ir functions/resume_campaign.sql
\ir functions/update_campaign_status.sql
\ir functions/campaign_platform.sql
\ir functions/split_words.sql
\ir functions/word_pattern.sql
\ir functions/says_any.sql
\ir functions/mention_patterns.sql
\ir functions/pause_related_campaigns.sql
\ir functions/budget_field.sql
\ir functions/require_budget_factor.sql
\ir functions/adjust_budget.sql

-- Campaigns with influencers.
\ir functions/count_deliverables.sql
\ir functions/report_campaign.sql
\ir functions/show_number.sql
\ir functions/write_report.sql
\ir functions/summarise_campaign.sql

-- People.
\ir functions/notify_user.sql
\ir functions/notify_team.sql
\ir functions/create_alert.sql

\ir grants.sql
\ir actions.sql
