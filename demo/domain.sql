-- The part of the platform's schema that the demo works on, with its names, types and habits: times
-- without time zone mean UTC, soft deletes, jsonb lists; row security in the form that is safe.
create schema cmis;

create table cmis.orgs (
    org_id uuid primary key default gen_random_uuid(),
    name text not null,
    default_locale text not null default 'ar-BH',
    currency text not null default 'BHD',
    timezone text not null default 'UTC',
    provider text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    suspended_at timestamptz,
    deleted_at timestamptz
);

create table cmis.users (
    user_id uuid primary key default gen_random_uuid(),
    email text not null unique,
    name text not null,
    display_name text,
    status text not null default 'active',
    provider text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);

create table cmis.roles (
    role_id uuid primary key default gen_random_uuid(),
    org_id uuid references cmis.orgs on delete cascade,
    role_name text not null,
    role_code text not null,
    description text,
    is_system boolean not null default false,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    deleted_at timestamptz
);

create table cmis.user_orgs (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references cmis.users on delete cascade,
    org_id uuid not null references cmis.orgs on delete cascade,
    role_id uuid not null references cmis.roles,
    is_active boolean not null default true,
    joined_at timestamptz not null default now(),
    invited_by uuid references cmis.users,
    last_accessed timestamptz,
    deleted_at timestamptz,
    provider text,
    unique (org_id, user_id)
);

create table cmis.campaigns (
    campaign_id uuid primary key default gen_random_uuid(),
    org_id uuid not null references cmis.orgs on delete cascade,
    name text not null,
    objective text,
    status text not null default 'draft',
    start_date date,
    end_date date,
    budget numeric(12, 2),
    currency text not null default 'USD',
    description text,
    campaign_name varchar(255),
    platform varchar(50),
    campaign_type varchar(50),
    buying_type varchar(50) not null default 'AUCTION',
    budget_type varchar(20) not null default 'daily',
    daily_budget numeric(12, 2),
    lifetime_budget numeric(12, 2),
    bid_strategy varchar(50),
    bid_amount numeric(12, 4),
    optimization_goal varchar(50),
    external_campaign_id varchar(255),
    last_synced_at timestamptz,
    sync_status varchar(30),
    platform_settings jsonb not null default '{}',
    targeting_summary jsonb not null default '{}',
    created_by uuid references cmis.users,
    provider text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    deleted_by uuid,
    constraint campaigns_status_check check (
        status in ('draft', 'active', 'paused', 'completed', 'archived')
    )
);

create index campaigns_org_status on cmis.campaigns (org_id, status);
create index campaigns_dates on cmis.campaigns (start_date, end_date);
create index campaigns_live on cmis.campaigns (org_id, status) where deleted_at is null;

create table cmis.campaign_metrics (
    metric_id uuid primary key default gen_random_uuid(),
    campaign_id uuid not null references cmis.campaigns on delete cascade,
    org_id uuid not null references cmis.orgs on delete cascade,
    metric_name varchar(100) not null,
    value numeric(20, 4) not null,
    recorded_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);

create index campaign_metrics_campaign on cmis.campaign_metrics (
    campaign_id, metric_name, recorded_at
);
create index campaign_metrics_org on cmis.campaign_metrics (org_id, recorded_at);

create table cmis.scheduled_posts (
    post_id uuid primary key default gen_random_uuid(),
    org_id uuid not null references cmis.orgs on delete cascade,
    created_by uuid not null references cmis.users,
    content_library_id uuid,
    title varchar(255),
    content text not null,
    media_urls jsonb not null default '[]',
    media_metadata jsonb,
    post_type varchar(30) not null default 'text',
    platforms jsonb not null default '[]',
    platform_specific_content jsonb,
    status varchar(30) not null default 'draft',
    scheduled_at timestamp,
    published_at timestamp,
    targeting jsonb,
    hashtags jsonb not null default '[]',
    first_comment boolean not null default false,
    priority varchar(20) not null default 'normal',
    approval_workflow jsonb,
    approval_status varchar(30),
    approved_by uuid references cmis.users,
    approved_at timestamp,
    retry_count int not null default 0,
    error_message text,
    created_at timestamp not null default (now() at time zone 'utc'),
    updated_at timestamp not null default (now() at time zone 'utc'),
    deleted_at timestamptz
);

create index scheduled_posts_org_status on cmis.scheduled_posts (org_id, status);
create index scheduled_posts_scheduled_at on cmis.scheduled_posts (scheduled_at);
create index scheduled_posts_published_at on cmis.scheduled_posts (published_at);

create table cmis.platform_posts (
    platform_post_id uuid primary key default gen_random_uuid(),
    org_id uuid not null references cmis.orgs on delete cascade,
    scheduled_post_id uuid not null references cmis.scheduled_posts on delete cascade,
    platform varchar(50) not null,
    platform_post_id_external varchar(255),
    status varchar(30) not null default 'pending',
    likes int not null default 0,
    comments int not null default 0,
    shares int not null default 0,
    views int not null default 0,
    engagement int not null default 0,
    engagement_rate numeric(5, 2),
    published_at timestamp,
    created_at timestamp not null default (now() at time zone 'utc'),
    updated_at timestamp not null default (now() at time zone 'utc'),
    deleted_at timestamptz,
    unique (scheduled_post_id, platform)
);

create index platform_posts_org_status on cmis.platform_posts (org_id, status);

create table cmis.monitoring_keywords (
    keyword_id uuid primary key default gen_random_uuid(),
    org_id uuid not null references cmis.orgs on delete cascade,
    created_by uuid not null references cmis.users,
    keyword_type varchar(30) not null,
    keyword varchar(255) not null,
    variations jsonb not null default '[]',
    platforms jsonb not null default '[]',
    status varchar(20) not null default 'active',
    enable_alerts boolean not null default false,
    alert_threshold varchar(20) not null default 'medium',
    mention_count int not null default 0,
    last_mention_at timestamp,
    created_at timestamp not null default (now() at time zone 'utc'),
    updated_at timestamp not null default (now() at time zone 'utc'),
    deleted_at timestamptz
);

create index monitoring_keywords_org_status on cmis.monitoring_keywords (org_id, status);

create table cmis.social_mentions (
    mention_id uuid primary key default gen_random_uuid(),
    org_id uuid not null references cmis.orgs on delete cascade,
    keyword_id uuid not null references cmis.monitoring_keywords on delete cascade,
    platform varchar(50) not null,
    platform_post_id varchar(255) not null,
    post_url text,
    mention_type varchar(50) not null default 'post',
    author_username varchar(255) not null,
    author_display_name varchar(255),
    author_followers_count int not null default 0,
    author_is_verified boolean not null default false,
    content text not null,
    media_urls jsonb not null default '[]',
    hashtags jsonb not null default '[]',
    mentioned_accounts jsonb not null default '[]',
    language varchar(10) not null default 'en',
    likes_count int not null default 0,
    comments_count int not null default 0,
    shares_count int not null default 0,
    views_count int not null default 0,
    engagement_rate numeric(5, 2) not null default 0,
    sentiment varchar(20),
    sentiment_score numeric(5, 4),
    sentiment_confidence int,
    detected_topics jsonb,
    detected_entities jsonb,
    status varchar(50) not null default 'new',
    requires_response boolean not null default false,
    assigned_to uuid references cmis.users,
    responded_at timestamp,
    internal_notes text,
    published_at timestamp not null,
    captured_at timestamp not null default (now() at time zone 'utc'),
    last_synced_at timestamp,
    raw_data jsonb,
    created_at timestamp not null default (now() at time zone 'utc'),
    updated_at timestamp not null default (now() at time zone 'utc'),
    deleted_at timestamptz
);

create index social_mentions_org_status on cmis.social_mentions (org_id, status);
create index social_mentions_keyword on cmis.social_mentions (keyword_id, published_at);
create index social_mentions_platform on cmis.social_mentions (platform, published_at);
create index social_mentions_sentiment on cmis.social_mentions (sentiment, published_at);
create index social_mentions_author on cmis.social_mentions (author_username);

create table cmis.social_conversations (
    conversation_id uuid primary key default gen_random_uuid(),
    org_id uuid not null references cmis.orgs on delete cascade,
    root_mention_id uuid not null references cmis.social_mentions on delete cascade,
    platform varchar(50) not null,
    conversation_type varchar(50) not null default 'thread',
    status varchar(30) not null default 'open',
    assigned_to uuid references cmis.users,
    priority varchar(20) not null default 'normal',
    participants jsonb not null default '[]',
    message_count int not null default 1,
    unread_count int not null default 0,
    overall_sentiment varchar(20),
    topics jsonb,
    requires_escalation boolean not null default false,
    first_response_at timestamp,
    last_response_at timestamp,
    response_time_minutes int,
    resolution_time_minutes int,
    internal_notes text,
    tags jsonb not null default '[]',
    last_activity_at timestamp not null,
    created_at timestamp not null default (now() at time zone 'utc'),
    updated_at timestamp not null default (now() at time zone 'utc'),
    deleted_at timestamptz
);

create index social_conversations_org_status on cmis.social_conversations (org_id, status);
create index social_conversations_mention on cmis.social_conversations (root_mention_id);

create table cmis.monitoring_alerts (
    alert_id uuid primary key default gen_random_uuid(),
    org_id uuid not null references cmis.orgs on delete cascade,
    created_by uuid not null references cmis.users,
    alert_name varchar(255) not null,
    alert_type varchar(30) not null,
    trigger_conditions jsonb not null,
    severity varchar(20) not null default 'medium',
    threshold_value int,
    threshold_unit varchar(50),
    notification_channels jsonb not null default '["email"]',
    recipients jsonb not null default '[]',
    notification_frequency int not null default 60,
    last_notification_at timestamp,
    status varchar(20) not null default 'active',
    trigger_count int not null default 0,
    last_triggered_at timestamp,
    created_at timestamp not null default (now() at time zone 'utc'),
    updated_at timestamp not null default (now() at time zone 'utc'),
    deleted_at timestamptz
);

create index monitoring_alerts_org_status on cmis.monitoring_alerts (org_id, status);

create table cmis.notifications (
    notification_id uuid primary key default gen_random_uuid(),
    id bigserial unique,
    user_id uuid not null references cmis.users on delete cascade,
    org_id uuid references cmis.orgs on delete cascade,
    type varchar(50) not null,
    title varchar(255),
    message text not null,
    data jsonb not null default '{}',
    read boolean not null default false,
    read_at timestamptz,
    notifiable_type varchar(255),
    notifiable_id uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint notifications_type_check check (
        type in (
            'campaign', 'analytics', 'integration', 'user', 'creative', 'system', 'workflow',
            'report', 'welcome'
        )
    )
);

create index notifications_user on cmis.notifications (user_id, read, created_at);
create index notifications_org on cmis.notifications (org_id, type);

create table cmis.influencer_profiles (
    influencer_id uuid primary key default gen_random_uuid(),
    org_id uuid not null references cmis.orgs on delete cascade,
    added_by uuid not null references cmis.users,
    full_name varchar(255) not null,
    email varchar(255),
    phone varchar(50),
    social_accounts jsonb not null,
    total_followers int not null default 0,
    avg_engagement_rate numeric(5, 2),
    niches jsonb not null default '[]',
    tier varchar(20),
    authenticity_score numeric(5, 2),
    reliability_score numeric(5, 2),
    avg_roi numeric(8, 2),
    rates jsonb,
    available_for_partnerships boolean not null default true,
    status varchar(20) not null default 'active',
    tags jsonb not null default '[]',
    source varchar(50),
    last_contacted_at timestamp,
    created_at timestamp not null default (now() at time zone 'utc'),
    updated_at timestamp not null default (now() at time zone 'utc'),
    deleted_at timestamptz
);

create index influencer_profiles_org_status on cmis.influencer_profiles (org_id, status);

create table cmis.influencer_partnerships (
    partnership_id uuid primary key default gen_random_uuid(),
    org_id uuid not null references cmis.orgs on delete cascade,
    influencer_id uuid not null references cmis.influencer_profiles on delete cascade,
    created_by uuid not null references cmis.users,
    partnership_name varchar(255) not null,
    partnership_type varchar(30) not null,
    contract_status varchar(30) not null default 'draft',
    contract_url text,
    contract_start_date date,
    contract_end_date date,
    auto_renew boolean not null default false,
    compensation_type varchar(30) not null,
    fixed_amount numeric(12, 2),
    commission_rate numeric(5, 2),
    currency varchar(3) not null default 'USD',
    payment_terms jsonb,
    deliverables jsonb,
    kpi_targets jsonb,
    status varchar(30) not null default 'active',
    account_manager uuid references cmis.users,
    total_paid numeric(12, 2) not null default 0,
    campaigns_completed int not null default 0,
    last_payment_at timestamp,
    created_at timestamp not null default (now() at time zone 'utc'),
    updated_at timestamp not null default (now() at time zone 'utc'),
    deleted_at timestamptz
);

create index influencer_partnerships_org_status on cmis.influencer_partnerships (org_id, status);

create table cmis.influencer_campaigns (
    campaign_id uuid primary key default gen_random_uuid(),
    org_id uuid not null references cmis.orgs on delete cascade,
    partnership_id uuid not null references cmis.influencer_partnerships on delete cascade,
    created_by uuid not null references cmis.users,
    campaign_name varchar(255) not null,
    campaign_brief text,
    campaign_objective varchar(30) not null,
    start_date date not null,
    end_date date not null,
    launch_date date,
    required_posts int not null default 1,
    budget numeric(12, 2) not null,
    influencer_payment numeric(12, 2) not null,
    payment_status varchar(20) not null default 'pending',
    amount_paid numeric(12, 2) not null default 0,
    posts_delivered int not null default 0,
    total_reach int not null default 0,
    total_impressions int not null default 0,
    total_engagement int not null default 0,
    clicks int not null default 0,
    conversions int not null default 0,
    conversion_value numeric(12, 2) not null default 0,
    roi numeric(8, 2),
    status varchar(20) not null default 'draft',
    completed_at timestamp,
    created_at timestamp not null default (now() at time zone 'utc'),
    updated_at timestamp not null default (now() at time zone 'utc'),
    deleted_at timestamptz
);

create index influencer_campaigns_org_status on cmis.influencer_campaigns (org_id, status);
create index influencer_campaigns_partnership on cmis.influencer_campaigns (partnership_id);

create table cmis.campaign_deliverables (
    deliverable_id uuid primary key default gen_random_uuid(),
    org_id uuid not null references cmis.orgs on delete cascade,
    campaign_id uuid not null references cmis.influencer_campaigns on delete cascade,
    deliverable_type varchar(30) not null,
    platform varchar(50) not null,
    due_date date not null,
    draft_content text,
    submitted_at timestamp,
    approval_status varchar(30) not null default 'pending',
    reviewed_by uuid references cmis.users,
    reviewed_at timestamp,
    feedback text,
    revision_count int not null default 0,
    post_url text,
    published_at timestamp,
    is_published boolean not null default false,
    reach int not null default 0,
    impressions int not null default 0,
    likes int not null default 0,
    comments int not null default 0,
    shares int not null default 0,
    saves int not null default 0,
    clicks int not null default 0,
    engagement_rate numeric(5, 2),
    status varchar(20) not null default 'pending',
    created_at timestamp not null default (now() at time zone 'utc'),
    updated_at timestamp not null default (now() at time zone 'utc'),
    deleted_at timestamptz
);

create index campaign_deliverables_campaign on cmis.campaign_deliverables (campaign_id, status);
create index campaign_deliverables_org_status on cmis.campaign_deliverables (org_id, status);

do $$
declare
    v_table regclass;
begin
    for v_table in
        select c.oid
        from pg_catalog.pg_class as c
        inner join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attname = 'org_id'
        where c.relnamespace = 'cmis'::regnamespace and c.relkind = 'r' and c.relname <> 'roles'
    loop
        execute format('alter table %s enable row level security', v_table);
        execute format(
            'create policy org_isolation on %1$s '
            'using (org_id = %2$s) with check (org_id = %2$s)',
            v_table, 'nullif(current_setting(''app.current_org_id'', true), '''')::uuid'
        );
    end loop;
end $$;

comment on schema cmis is 'The platform''s domain, as far as the demo needs it.';
