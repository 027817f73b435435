-- Two companies, their people and half a year of social media. Everything is drawn from hashes of
-- names, so every run has the same posts, people and numbers; times are relative to now.

create function pg_temp.draw(p_key text) returns double precision
language sql immutable
return ('x' || substr(md5(p_key), 1, 8))::bit(32)::bigint / 4294967296.0;

create function pg_temp.pick(p_list text[], p_key text) returns text
language sql immutable
return p_list[1 + floor(pg_temp.draw(p_key) * cardinality(p_list))::int];

create function pg_temp.between(p_low double precision, p_high double precision, p_key text)
returns int
language sql immutable
return floor(p_low + (p_high - p_low + 1) * pg_temp.draw(p_key))::int;

create function pg_temp.id(p_name text) returns uuid
language sql immutable
return md5(p_name)::uuid;

create function pg_temp.utc(p_ago interval) returns timestamp
language sql stable
return (now() - p_ago) at time zone 'utc';

create function pg_temp.channels(p_key text) returns jsonb
language sql immutable
return (
    select jsonb_agg(c.name order by c.name)
    from unnest(array['instagram', 'facebook', 'linkedin', 'tiktok']) as c (name)
    where c.name = 'instagram' or pg_temp.draw(p_key || c.name) < 0.35
);

create temporary table brand (
    brand text primary key,
    org_id uuid not null,
    name text not null,
    locale text not null,
    currency text not null,
    timezone text not null,
    domain text not null,
    submitted int not null,
    titles text[] not null,
    bodies text[] not null,
    details text[] not null,
    calls text[] not null,
    tags text[] not null,
    prizes text[] not null,
    loud text[] not null,
    keywords text[] not null,
    praise text[] not null,
    remarks text[] not null,
    complaints text[] not null
);

insert into brand values
(
    'coffee', 'c0ffee00-0000-4000-8000-000000000001', 'Dilmun Coffee Roasters',
    'ar-BH', 'BHD', 'Asia/Bahrain', 'dilmuncoffee.example', 340,
    array[
        'Natural Guji is back', 'Cold brew season', 'Gahwa like at home', 'Saturday cupping',
        'House espresso, revised', 'Latte art evening', 'Decaf without regret', 'Roast day',
        'Refill station', 'Filter of the week'
    ],
    array[
        'Our natural Guji is back on the bar: blueberry, jasmine and a finish like black tea.',
        'Eighteen hours in the dark, then straight over ice. Our cold brew pours again in Adliya.',
        'Gahwa the way our grandmothers make it: light roast, green cardamom, a thread of saffron. '
        'قهوة كما نحبها.',
        'Six coffees, one table, no wrong answers: taste them side by side with our head roaster.',
        'We took three months and forty test roasts to make our house espresso a little sweeter.',
        'Milk, patience and a steady hand. Our baristas show you how to pour your first rosetta.',
        'Decaf that tastes of something: washed with spring water, roasted for dark chocolate.',
        'The roastery smells best on Wednesdays. Come and watch the drum turn, the kettle is on.',
        'Bring any clean jar and we fill it with this week''s beans. Less foil, same coffee.',
        'Washed Huila, grown at 1,900 metres: panela, red apple, and very hard to stop drinking.'
    ],
    array[
        '250 g from BHD 4.500.', 'Open every day from 7 to 23.', 'Only 40 bags this week.',
        'Starts at 18:30, takes 90 minutes.', 'Two for BHD 3 until Thursday.'
    ],
    array[
        'Order online, we roast tomorrow.', 'Book your seat through the link in our bio.',
        'Visit us in Adliya.', 'Join us, the first cup is ours.', 'Save your bag in the app.'
    ],
    array[
        '#specialtycoffee #bahrain', '#coldbrew #manama', '#قهوة #البحرين', '#roastery #pourover',
        '#dilmuncoffee'
    ],
    array['a year of espresso', 'a V60 set', 'ten bags of Guji'],
    array[
        'YOU WONT BELIEVE THIS COFFEE!!! BEST BEANS EVER BUY NOW!!!',
        'STOP SCROLLING!!! THIS ONE TRICK MAKES YOUR MORNING PERFECT!!!',
        'HURRY HURRY LAST CHANCE EVER FOR GOOD COFFEE!!!!'
    ],
    array['dilmun coffee', '#dilmuncoffee', 'dilmun roasters', 'bahrain coffee', 'adliya cafe'],
    array[
        'Best flat white in Manama, and they remember my name @dilmuncoffee',
        'That Guji from Dilmun tastes like blueberries. How is that legal?',
        'The new place smells like heaven and the staff are so kind',
        'أفضل قهوة في البحرين بلا منافس'
    ],
    array[
        'Trying the new dilmun coffee place in Adliya today',
        'Does dilmuncoffee grind for V60?', 'Working from Dilmun Roasters this afternoon'
    ],
    array[
        'Waited 40 minutes for a cold espresso at Dilmun Coffee. Never again',
        'My dilmuncoffee order is two weeks late and nobody answers the phone',
        'Found a stone in my bag of beans, this broke my grinder @dilmuncoffee',
        'Prices up again at Dilmun. BHD 3 for a filter coffee, seriously?'
    ]
),
(
    'fitness', 'f1700000-0000-4000-8000-000000000002', 'Nordlauf Fitness',
    'de-DE', 'EUR', 'Europe/Berlin', 'nordlauf.example', 280,
    array[
        'Lauftreff am Kanal', 'Neue Kettlebells', 'Mobility reset', 'Halbmarathon in zwölf Wochen',
        'Probetraining', 'Physio corner', 'Trail shoes, tested', 'Early bird classes',
        'Sauna for runners', 'Meet the team'
    ],
    array[
        'Jeden Dienstag laufen wir zusammen am Landwehrkanal: eine Runde, ein Tempo für alle.',
        'Neue Kettlebells sind da. Wir zeigen dir den Swing, bevor dein Rücken sich beschwert.',
        'Sit all day? Ten slow minutes for hips, back and shoulders will feel like a holiday.',
        'Vier Läufe pro Woche und ein Ruhetag, den du liebst: unser Plan für den Halbmarathon.',
        'Noch nie Gewichte gehoben? Im Probetraining nehmen wir uns Zeit, nur für dich.',
        'Our physio answers the question everyone asks: run through it, or rest?',
        'We took nine pairs of trail shoes into the Grunewald mud. Three came back as favourites.',
        'The city is quiet, the bars are free, the coffee is waiting: train before work with us.',
        'Warm up after a cold run: our small sauna is open for everyone who sweated first.',
        'Coach Aylin ran her first marathon at forty. Today she tells you what nobody told her.'
    ],
    array[
        'Ab 29 € im Monat.', 'Treffpunkt 18:30 Uhr, 5 oder 8 km.', '12 places per class.',
        'From 6:15, Monday to Friday.', '45 Minuten, kostenlos.'
    ],
    array[
        'Jetzt anmelden über den Link in der Bio.', 'Book your place in the app.',
        'Join us, no membership needed.', 'Komm vorbei, wir freuen uns auf dich.',
        'Sign up at the front desk.'
    ],
    array[
        '#lauftreff #berlin', '#halfmarathon #training', '#kettlebell #kraft', '#mobility #runners',
        '#nordlauf'
    ],
    array['a year of training', 'trail shoes', 'einen Startplatz'],
    array[
        'UNGLAUBLICH!!! SIXPACK OHNE TRAINING!!! JETZT KAUFEN!!!',
        'YOU WONT BELIEVE THESE ABS!!! THIS ONE TRICK BURNS FAT FAST!!!',
        'LETZTE CHANCE!!! NIE WIEDER MÜDE SEIN!!! NUR HEUTE!!!'
    ],
    array['nordlauf', '#nordlauf', 'nordlauf fitness', 'berlin lauftreff', 'kreuzberg gym'],
    array[
        'Bester Lauftreff der Stadt, danke @nordlauf',
        'Three months at Nordlauf and my back pain is gone',
        'The coaches at nordlauf actually watch your form. Love it',
        'Endlich ein Studio ohne Spiegelwände. Fühl mich wohl bei Nordlauf'
    ],
    array[
        'Anyone tried the early classes at Nordlauf?', 'Hat @nordlauf am Feiertag offen?',
        'Running with the nordlauf group on Tuesday'
    ],
    array[
        'Kündigung bei Nordlauf seit drei Wochen unbeantwortet. Frechheit',
        'Showers cold again at nordlauf, third time this month',
        'Nordlauf charged me twice and support does not reply',
        'Hurt my knee in a class at Nordlauf, the coach just shrugged'
    ]
);

insert into cmis.orgs (org_id, name, default_locale, currency, timezone, created_at)
select org_id, name, locale, currency, timezone, now() - interval '400 days' from brand;

insert into cmis.roles (role_id, role_code, role_name, is_system)
select
    pg_temp.id('role ' || r.code), r.code, initcap(replace(r.code, '_', ' ')), true
from unnest(array[
    'owner', 'admin', 'marketing_manager', 'content_creator', 'social_manager', 'analyst', 'viewer'
]) as r (code);

insert into cmis.users (user_id, email, name)
values ('00000000-0000-0000-0000-000000000000', 'system@cmis.app', 'CMIS');

create temporary table person (brand text, role_code text, name text, mailbox text);

insert into person values
('coffee', 'owner', 'Maryam Haddad', 'maryam'),
('coffee', 'marketing_manager', 'Yusuf Al Ansari', 'yusuf'),
('coffee', 'social_manager', 'Noor Fakhro', 'noor'),
('coffee', 'social_manager', 'Salman Darwish', 'salman'),
('coffee', 'content_creator', 'Ali Mattar', 'ali'),
('coffee', 'content_creator', 'Huda Sayed', 'huda'),
('coffee', 'content_creator', 'Zainab Rashid', 'zainab'),
('coffee', 'content_creator', 'Omar Kanoo', 'omar'),
('coffee', 'analyst', 'Rana Aziz', 'rana'),
('fitness', 'owner', 'Jana Vogt', 'jana'),
('fitness', 'marketing_manager', 'Mehmet Yılmaz', 'mehmet'),
('fitness', 'social_manager', 'Sofie Krüger', 'sofie'),
('fitness', 'content_creator', 'Felix Groß', 'felix'),
('fitness', 'content_creator', 'Aylin Demir', 'aylin'),
('fitness', 'content_creator', 'Clara Weiß', 'clara'),
('fitness', 'viewer', 'Lukas Brandt', 'lukas');

insert into cmis.users (user_id, email, name, display_name)
select
    pg_temp.id(p.mailbox || '@' || b.domain), p.mailbox || '@' || b.domain, p.name,
    split_part(p.name, ' ', 1)
from person as p
inner join brand as b using (brand);

insert into cmis.user_orgs (org_id, user_id, role_id, joined_at)
select
    b.org_id, pg_temp.id(p.mailbox || '@' || b.domain), pg_temp.id('role ' || p.role_code),
    now() - interval '1 day' * pg_temp.between(60, 390, p.mailbox)
from person as p
inner join brand as b using (brand);

create temporary table author as
select
    p.brand,
    array_agg(pg_temp.id(p.mailbox || '@' || b.domain)::text order by p.mailbox) as ids
from person as p
inner join brand as b using (brand)
where p.role_code = 'content_creator'
group by p.brand;

insert into cmis.campaigns (
    campaign_id, org_id, name, campaign_name, objective, status, start_date, end_date, budget,
    currency, platform, campaign_type, daily_budget, created_by, description
)
select
    pg_temp.id(k.key), b.org_id, k.name, k.name,
    pg_temp.pick(array['awareness', 'engagement', 'traffic', 'conversions'], k.key || 'objective'),
    pg_temp.pick(
        array['active', 'active', 'active', 'paused', 'completed', 'draft'], k.key || 'status'
    ),
    current_date - pg_temp.between(1, 60, k.key || 'start'),
    current_date + pg_temp.between(5, 60, k.key || 'end'),
    100 * pg_temp.between(5, 80, k.key || 'budget'), b.currency,
    pg_temp.pick(array['meta', 'google', 'tiktok', 'linkedin'], k.key || 'platform'), 'social',
    10 * pg_temp.between(1, 20, k.key || 'daily'),
    pg_temp.pick(a.ids, k.key)::uuid, pg_temp.pick(b.bodies, k.key)
from brand as b
inner join author as a using (brand)
cross join generate_series(1, 14) as n
cross join lateral (
    select
        b.brand || ' campaign ' || n as key,
        pg_temp.pick(b.titles, b.brand || ' campaign ' || n) || ' ' || n as name
) as k;

-- What carries the company's own name, and says so: on every platform where people talk about it.
insert into cmis.campaigns (
    campaign_id, org_id, name, campaign_name, objective, status, start_date, end_date, budget,
    currency, platform, campaign_type, daily_budget, created_by, description, platform_settings,
    targeting_summary
)
select
    pg_temp.id(k.key), b.org_id, k.name, k.name, 'awareness', 'active', current_date - 20,
    current_date + 40, 100 * pg_temp.between(10, 80, k.key || 'budget'), b.currency, c.platform,
    'social', 10 * pg_temp.between(2, 20, k.key || 'daily'), pg_temp.pick(a.ids, k.key)::uuid,
    pg_temp.pick(b.bodies, k.key), jsonb_build_object('brand', b.name),
    jsonb_build_object('keywords', to_jsonb(b.keywords), 'locales', jsonb_build_array(b.locale))
from brand as b
inner join author as a using (brand)
cross join unnest(array['meta', 'tiktok', 'twitter']) as c (platform)
cross join lateral (
    select b.brand || ' always on ' || c.platform as key, 'Always on · ' || c.platform as name
) as k;

insert into cmis.campaign_metrics (
    metric_id, campaign_id, org_id, metric_name, value, recorded_at
)
select
    pg_temp.id(k.key), c.campaign_id, c.org_id, m.name,
    round((m.typical * (0.5 + pg_temp.draw(k.key)))::numeric, m.digits),
    date_trunc('day', now()) - interval '1 day' * d.ago
from cmis.campaigns as c
cross join generate_series(1, 7) as d (ago)
cross join lateral (
    values
    ('spend', 0.9 * c.daily_budget, 2), ('impressions', 60 * c.daily_budget, 0),
    ('clicks', 0.9 * c.daily_budget, 0), ('conversions', 0.04 * c.daily_budget, 0)
) as m (name, typical, digits)
cross join lateral (select c.campaign_id || m.name || d.ago as key) as k
where c.status = 'active';

-- Half a year of posts, then the drafts, failures and future posts that every team has lying about,
-- then today's posts, submitted for approval. A submitted post is good, thin, unfinished or loud.
insert into cmis.scheduled_posts (
    post_id, org_id, created_by, title, content, post_type, platforms, hashtags, status,
    approval_status, approved_by, approved_at, scheduled_at, published_at, error_message,
    created_at, updated_at
)
select
    pg_temp.id(k.key), b.org_id, pg_temp.pick(a.ids, k.key || 'author')::uuid,
    b.titles[k.topic] || ' · ' || k.n,
    concat_ws(
        ' ',
        case when q.quality in ('loud') then pg_temp.pick(b.loud, k.key || 'loud') end,
        case when q.quality not in ('loud', 'note') then b.bodies[k.topic] end,
        case when q.quality = 'note' then b.titles[k.topic] || '.' end,
        case
            when pg_temp.draw(k.key || 'prize') < 0.06
                then 'Giveaway: tag three friends and win ' || pg_temp.pick(b.prizes, k.key) || '.'
        end,
        case when q.quality in ('good', 'plain') then pg_temp.pick(b.details, k.key || 'd') end,
        case when q.quality in ('good', 'note') then pg_temp.pick(b.calls, k.key || 'call') end,
        case when q.quality in ('good', 'thin') then pg_temp.pick(b.tags, k.key || 'tags') end
    ),
    pg_temp.pick(array['text', 'image', 'image', 'video', 'carousel'], k.key || 'type'),
    pg_temp.channels(k.key),
    '[]',
    s.status, s.approval, case when s.approval = 'approved' then b.boss end,
    case when s.approval = 'approved' then s.at - interval '5 hours' end,
    case when s.status <> 'draft' or s.approval = 'pending' then s.at end,
    case when s.status = 'published' then s.at end,
    case
        when s.status = 'failed'
            then pg_temp.pick(array['page token expired', 'media too large'], k.key || 'error')
    end,
    least(s.at - interval '26 hours', pg_temp.utc('1 hour')),
    least(s.at, pg_temp.utc('1 hour'))
from (
    select brand.*, pg_temp.id(person.mailbox || '@' || brand.domain) as boss
    from brand
    inner join person on person.brand = brand.brand and person.role_code = 'owner'
) as b
inner join author as a using (brand)
cross join lateral (
    values
    ('published', 'published', 'approved', 400), ('draft', 'draft', null, 40),
    ('planned', 'scheduled', 'approved', 30), ('failed', 'failed', 'approved', 12),
    ('submitted', 'draft', 'pending', b.submitted)
) as f (kind, status, approval, amount)
cross join lateral (
    select
        n, b.brand || ' ' || f.kind || ' post ' || n as key,
        1 + (n - 1) % cardinality(b.titles) as topic
    from generate_series(1, f.amount) as n
) as k
cross join lateral (
    select
        case
            when f.kind = 'published' or pg_temp.draw(k.key || 'quality') < 0.56 then 'good'
            when pg_temp.draw(k.key || 'quality') < 0.70 then 'plain'
            when pg_temp.draw(k.key || 'quality') < 0.80 then 'thin'
            when pg_temp.draw(k.key || 'quality') < 0.88 then 'note'
            else 'loud'
        end as quality
) as q
cross join lateral (
    select
        f.status, f.approval,
        case f.kind
            when 'planned' then pg_temp.utc(
                -interval '1 hour' * (60 + pg_temp.between(1, 400, k.key || 'at'))
            )
            when 'submitted' then pg_temp.utc(
                -interval '1 minute' * pg_temp.between(60, 900, k.key || 'at')
            )
            else pg_temp.utc(
                interval '1 minute' * pg_temp.between(1500, 180 * 1440, k.key || 'at')
            )
        end as at
) as s;

insert into cmis.platform_posts (
    platform_post_id, org_id, scheduled_post_id, platform, platform_post_id_external,
    status, likes, comments, shares, views, engagement, engagement_rate, published_at
)
select
    pg_temp.id(m.key), p.org_id, p.post_id, c.platform, substr(md5(m.key), 1, 16),
    'published',
    m.likes, m.comments, m.shares, m.views, m.likes + m.comments + m.shares,
    round(100.0 * (m.likes + m.comments + m.shares) / m.views, 2), p.published_at
from cmis.scheduled_posts as p
cross join lateral jsonb_array_elements_text(p.platforms) as c (platform)
cross join lateral (select p.post_id || c.platform as key) as k
cross join lateral (
    select
        k.key, v.views,
        (v.views * (0.01 + 0.06 * pg_temp.draw(k.key || 'l')))::int as likes,
        (v.views * 0.008 * pg_temp.draw(k.key || 'c'))::int as comments,
        (v.views * 0.012 * pg_temp.draw(k.key || 's'))::int as shares
    from (
        select
            (150 * exp(4.2 * pg_temp.draw(k.key || 'v') * pg_temp.draw(k.key || 'w')))::int as views
    ) as v
) as m
where p.status = 'published';

insert into cmis.monitoring_keywords (
    keyword_id, org_id, created_by, keyword_type, keyword, platforms, enable_alerts
)
select
    pg_temp.id(b.brand || k.keyword), b.org_id, pg_temp.pick(a.ids, k.keyword)::uuid,
    case when k.keyword like '#%' then 'hashtag' when k.position = 1 then 'brand' else 'phrase' end,
    k.keyword, '["instagram", "twitter", "tiktok"]', k.position <= 2
from brand as b
inner join author as a using (brand)
cross join lateral unnest(b.keywords) with ordinality as k (keyword, position);

insert into cmis.monitoring_alerts (
    alert_id, org_id, created_by, alert_name, alert_type, trigger_conditions, severity,
    threshold_value, threshold_unit
)
select
    pg_temp.id(b.brand || f.name), b.org_id, pg_temp.pick(a.ids, f.name)::uuid, f.name, f.type,
    f.conditions, f.severity, f.threshold, f.unit
from brand as b
inner join author as a using (brand)
cross join (
    values
    (
        'Angry people with an audience', 'sentiment',
        '{"sentiment": ["negative"], "influencer_only": true, "time_window": 24}'::jsonb, 'high',
        1, 'mentions'
    ),
    ('Much ado', 'volume', '{"time_window": 1}'::jsonb, 'medium', 20, 'mentions')
) as f (name, type, conditions, severity, threshold, unit);

-- The newest mentions are not analysed yet: the platform inserts first and looks closer later.
insert into cmis.social_mentions (
    mention_id, org_id, keyword_id, platform, platform_post_id, author_username,
    author_display_name, author_followers_count, author_is_verified, content, language,
    likes_count, comments_count, shares_count, views_count, engagement_rate,
    sentiment, sentiment_score, sentiment_confidence, status, published_at, captured_at
)
select
    pg_temp.id(k.key), b.org_id, pg_temp.id(b.brand || pg_temp.pick(b.keywords, k.key || 'k')),
    pg_temp.pick(array['instagram', 'twitter', 'twitter', 'tiktok', 'facebook'], k.key || 'p'),
    substr(md5(k.key || 'post'), 1, 18), u.handle, initcap(replace(u.handle, '_', ' ')),
    u.followers, u.followers > 40000 or pg_temp.draw(k.key || 'verified') < 0.02,
    pg_temp.pick(
        case s.sentiment
            when 'positive' then b.praise
            when 'negative' then b.complaints
            else b.remarks
        end,
        k.key || 'text'
    ),
    left(b.locale, 2), e.likes, e.comments, e.shares, e.views,
    round(100.0 * (e.likes + e.comments + e.shares) / e.views, 2),
    s.sentiment,
    case s.sentiment
        when 'positive' then 0.3 + 0.7 * pg_temp.draw(k.key || 'score')
        when 'negative' then -0.3 - 0.7 * pg_temp.draw(k.key || 'score')
        when 'neutral' then 0.4 * pg_temp.draw(k.key || 'score') - 0.2
        when 'mixed' then 0.2 * pg_temp.draw(k.key || 'score') - 0.1
    end,
    case when s.sentiment is not null then pg_temp.between(55, 99, k.key || 'sure') end,
    case
        when k.n <= 45 then 'new'
        else pg_temp.pick(array['reviewed', 'reviewed', 'responded', 'archived'], k.key || 'status')
    end,
    pg_temp.utc(interval '1 minute' * k.minutes), pg_temp.utc(interval '1 minute' * (k.minutes - 4))
from brand as b
cross join lateral (
    select
        n, b.brand || ' mention ' || n as key,
        5 + n * 140 + pg_temp.between(0, 120, b.brand || ' mention ' || n) as minutes
    from generate_series(1, 900) as n
) as k
cross join lateral (
    select
        pg_temp.pick(
            array['sara', 'khalid', 'mona', 'tariq', 'lena', 'jonas', 'emre', 'nina', 'paul'],
            k.key || 'first'
        ) || '_' || pg_temp.pick(
            array['runs', 'eats', 'daily', 'bh', 'berlin', 'brews', 'lifts', 'writes', 'films'],
            k.key || 'last'
        ) || pg_temp.between(1, 99, k.key || 'number') as handle,
        (80 * exp(7.5 * power(pg_temp.draw(k.key || 'followers'), 2)))::int as followers
) as u
cross join lateral (
    select
        case
            when k.n <= 15 then null
            when pg_temp.draw(k.key || 'mood') < 0.50 then 'positive'
            when pg_temp.draw(k.key || 'mood') < 0.79 then 'neutral'
            when pg_temp.draw(k.key || 'mood') < 0.94 then 'negative'
            else 'mixed'
        end as sentiment
) as s
cross join lateral (
    select
        v.views,
        (v.views * 0.06 * pg_temp.draw(k.key || 'l'))::int as likes,
        (v.views * 0.015 * pg_temp.draw(k.key || 'c'))::int as comments,
        (v.views * 0.02 * pg_temp.draw(k.key || 's'))::int as shares
    from (select greatest(20, (u.followers * 0.4 * pg_temp.draw(k.key || 'v'))::int) as views) as v
) as e;

update cmis.monitoring_keywords as k
set mention_count = m.amount, last_mention_at = m.latest
from (
    select keyword_id, count(*) as amount, max(published_at) as latest
    from cmis.social_mentions
    group by keyword_id
) as m
where m.keyword_id = k.keyword_id;

insert into cmis.social_conversations (
    conversation_id, org_id, root_mention_id, platform, status, assigned_to, priority,
    participants, message_count, overall_sentiment, requires_escalation, last_activity_at
)
select
    pg_temp.id('conversation ' || m.mention_id), m.org_id, m.mention_id, m.platform,
    pg_temp.pick(
        array['resolved', 'resolved', 'closed', 'in_progress', 'open'], m.mention_id || 'status'
    ),
    r.user_id, case when m.author_followers_count > 10000 then 'high' else 'normal' end,
    jsonb_build_array(m.author_username), pg_temp.between(1, 9, m.mention_id || 'messages'),
    m.sentiment, m.author_followers_count > 40000, m.published_at + interval '3 hours'
from cmis.social_mentions as m
inner join lateral (
    select o.user_id
    from cmis.user_orgs as o
    where o.org_id = m.org_id and o.role_id = pg_temp.id('role social_manager')
    order by o.user_id
    limit 1
) as r on true
where m.sentiment = 'negative' and pg_temp.draw(m.mention_id || 'talk') < 0.4;

insert into cmis.influencer_profiles (
    influencer_id, org_id, added_by, full_name, email, social_accounts, total_followers,
    avg_engagement_rate, niches, tier, authenticity_score, reliability_score, avg_roi, source
)
select
    pg_temp.id(k.key), b.org_id, pg_temp.pick(a.ids, k.key)::uuid, k.name,
    lower(replace(k.name, ' ', '.')) || k.n || '@creators.example',
    jsonb_build_array(
        jsonb_build_object('platform', 'instagram', 'handle', lower(replace(k.name, ' ', '_')))
    ),
    f.followers, round((1 + 7 * pg_temp.draw(k.key || 'rate'))::numeric, 2),
    jsonb_build_array(b.brand, pg_temp.pick(array['food', 'travel', 'health', 'family'], k.key)),
    case
        when f.followers < 10000 then 'nano'
        when f.followers < 50000 then 'micro'
        when f.followers < 200000 then 'mid'
        else 'macro'
    end,
    round((60 + 39 * pg_temp.draw(k.key || 'real'))::numeric, 2),
    round((50 + 49 * pg_temp.draw(k.key || 'reliable'))::numeric, 2),
    round((20 + 300 * pg_temp.draw(k.key || 'roi'))::numeric, 2),
    pg_temp.pick(array['application', 'search', 'referral'], k.key || 'source')
from brand as b
inner join author as a using (brand)
cross join lateral (
    select
        n, b.brand || ' influencer ' || n as key,
        pg_temp.pick(
            array['Amal', 'Bilal', 'Carla', 'Dina', 'Erik', 'Fatima', 'Greta', 'Hassan', 'Ida'],
            b.brand || n || 'first'
        ) || ' ' || pg_temp.pick(
            array['Nasser', 'Berger', 'Lorenz', 'Saleh', 'Winter', 'Qassim', 'Falk', 'Jaber'],
            b.brand || n || 'last'
        ) as name
    from generate_series(1, 60) as n
) as k
cross join lateral (
    select
        (2000 * exp(5.5 * power(pg_temp.draw(k.key || 'followers'), 1.5)))::int as followers
) as f;

insert into cmis.influencer_partnerships (
    partnership_id, org_id, influencer_id, created_by, partnership_name, partnership_type,
    contract_status, contract_start_date, contract_end_date, compensation_type, fixed_amount,
    currency, deliverables, status, account_manager
)
select
    pg_temp.id('partnership ' || i.influencer_id), i.org_id, i.influencer_id, i.added_by,
    i.full_name || ' × ' || b.name,
    pg_temp.pick(array['one-time', 'ongoing', 'ambassador', 'affiliate'], i.influencer_id || 't'),
    pg_temp.pick(array['draft', 'sent', 'signed', 'active', 'completed'], i.influencer_id || 'c'),
    current_date - pg_temp.between(0, 90, i.influencer_id || 'start'),
    current_date + pg_temp.between(30, 300, i.influencer_id || 'end'),
    pg_temp.pick(array['fixed', 'per_post', 'hybrid'], i.influencer_id || 'pay'),
    50 * pg_temp.between(2, 60, i.influencer_id || 'amount'), b.currency,
    '[{"type": "reel", "count": 2}, {"type": "story", "count": 4}]', 'active', i.added_by
from cmis.influencer_profiles as i
inner join brand as b on b.org_id = i.org_id
where pg_temp.draw(i.influencer_id || 'partner') < 0.45;

-- Campaigns with influencers: some ended, some about to, some with time left.
insert into cmis.influencer_campaigns (
    campaign_id, org_id, partnership_id, created_by, campaign_name, campaign_brief,
    campaign_objective, start_date, end_date, launch_date, required_posts, budget,
    influencer_payment, payment_status, status, completed_at
)
select
    pg_temp.id('campaign of ' || p.partnership_id), p.org_id, p.partnership_id, p.created_by,
    t.title || ' with ' || split_part(p.partnership_name, ' ', 1),
    pg_temp.pick(b.bodies, p.partnership_id || 'brief'),
    pg_temp.pick(
        array['awareness', 'engagement', 'conversions', 'traffic'], p.partnership_id || 'objective'
    ),
    e.end_date - 30, e.end_date, e.end_date - 28,
    pg_temp.between(3, 6, p.partnership_id || 'posts'), 1.2 * p.fixed_amount, p.fixed_amount,
    'pending', case when e.end_date < current_date then 'completed' else 'active' end,
    case when e.end_date < current_date then (e.end_date + 1)::timestamp end
from cmis.influencer_partnerships as p
inner join brand as b on b.org_id = p.org_id
cross join lateral (select pg_temp.pick(b.titles, p.partnership_id || 'title') as title) as t
cross join lateral (
    select
        current_date
        + pg_temp.pick(array['-9', '-2', '0', '1', '2', '14'], p.partnership_id || 'left')::int
        as end_date
) as e
where p.contract_status in ('signed', 'active', 'completed');

insert into cmis.campaign_deliverables (
    deliverable_id, org_id, campaign_id, deliverable_type, platform, due_date, submitted_at,
    approval_status, published_at, is_published, reach, impressions, likes, comments, shares,
    saves, clicks, engagement_rate, status
)
select
    pg_temp.id(k.key), i.org_id, i.campaign_id,
    pg_temp.pick(array['reel', 'story', 'post'], k.key || 'type'), 'instagram', s.due,
    case when s.status <> 'pending' then s.due - interval '3 days' end,
    case when s.status = 'published' then 'approved' else 'pending' end,
    case when s.status = 'published' then s.due + interval '17 hours' end, s.status = 'published',
    (0.7 * v.views)::int, v.views, m.likes, m.comments, m.shares, m.saves,
    (0.02 * v.views * pg_temp.draw(k.key || 'clicks'))::int,
    round(100.0 * (m.likes + m.comments + m.shares + m.saves) / nullif(v.views, 0), 2), s.status
from cmis.influencer_campaigns as i
cross join lateral (
    select n, i.campaign_id || ' deliverable ' || n as key
    from generate_series(1, i.required_posts) as n
) as k
cross join lateral (
    select
        d.due,
        case
            when d.due < current_date and pg_temp.draw(k.key || 'late') < 0.9 then 'published'
            when d.due < current_date + 4 then 'submitted'
            else 'pending'
        end as status
    from (select i.start_date + 26 * k.n / i.required_posts as due) as d
) as s
cross join lateral (
    select
        case
            when s.status = 'published' then pg_temp.between(1500, 40000, k.key || 'views')
            else 0
        end as views
) as v
cross join lateral (
    select
        (0.06 * v.views * pg_temp.draw(k.key || 'likes'))::int as likes,
        (0.01 * v.views * pg_temp.draw(k.key || 'comments'))::int as comments,
        (0.01 * v.views * pg_temp.draw(k.key || 'shares'))::int as shares,
        (0.02 * v.views * pg_temp.draw(k.key || 'saves'))::int as saves
) as m;

update cmis.influencer_campaigns as i
set
    posts_delivered = d.posts,
    total_reach = d.reach,
    total_impressions = d.impressions,
    total_engagement = d.engagement,
    clicks = d.clicks,
    conversions = d.clicks / 20,
    conversion_value = 12.5 * (d.clicks / 20)
from (
    select
        campaign_id, count(*) filter (where is_published) as posts, sum(reach) as reach,
        sum(impressions) as impressions, sum(likes + comments + shares + saves) as engagement,
        sum(clicks) as clicks
    from cmis.campaign_deliverables
    group by campaign_id
) as d
where d.campaign_id = i.campaign_id;

insert into cmis.notifications (org_id, user_id, type, title, message, read, read_at, created_at)
select
    o.org_id, o.user_id, k.type, initcap(k.type) || ' update',
    pg_temp.pick(
        array[
            'Your weekly numbers are ready.', 'A campaign is close to its budget.',
            'A page connection will expire soon.', 'Three new followers with more than 10k.'
        ],
        k.key
    ),
    true, now() - interval '1 hour' * k.hours, now() - interval '1 hour' * (k.hours + 2)
from cmis.user_orgs as o
cross join lateral (
    select
        o.user_id || ' notification ' || n as key,
        pg_temp.pick(array['campaign', 'analytics', 'integration', 'report'], o.user_id || ' ' || n)
            as type,
        pg_temp.between(24, 2000, o.user_id || 'hours' || n) as hours
    from generate_series(1, 8) as n
) as k;

drop table brand, person, author;
analyze cmis.scheduled_posts, cmis.social_mentions, cmis.platform_posts, cmis.users, cmis.user_orgs;
