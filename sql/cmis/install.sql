-- The platform's own records as things that workflows can act on. Load it after the engine, into
-- the database that holds the schema cmis; loading it again brings it up to date. Without that
-- schema the functions are created but not registered, so no workflow can use them.

-- Where a post stands, and what every action checks first.
\ir schema.sql
\ir functions/require_uuid.sql
\ir functions/require_text.sql
\ir functions/require_instant.sql
\ir functions/require_member.sql
\ir functions/post_state.sql
\ir functions/lock_post.sql
\ir functions/record_decision.sql
\ir functions/add_notifications.sql
\ir functions/find_reviewers.sql

-- The life of a post: written, submitted, approved or handed to people, scheduled, published.
\ir functions/create_draft_post.sql
\ir functions/approve_post.sql
\ir functions/request_review.sql
\ir functions/return_post.sql
\ir functions/schedule_post.sql
\ir functions/start_publishing.sql
\ir functions/mark_post_published.sql
\ir functions/mark_post_failed.sql

-- People.
\ir functions/notify_user.sql

\ir grants.sql
\ir actions.sql
