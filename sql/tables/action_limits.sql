create table automation.action_limits (
    org_id uuid not null,
    limit_key text not null,
    max_in_flight int,
    max_starts int,
    per interval,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    primary key (org_id, limit_key),
    constraint limit_is_not_negative check (max_in_flight >= 0 and max_starts >= 0),
    constraint limit_limits_something check (coalesce(max_in_flight, max_starts) is not null),
    constraint starts_are_counted_per_period check (
        (max_starts is null) = (per is null)
        and coalesce(per between interval '1 second' and interval '31 days', true)
    )
);

comment on table automation.action_limits is
    'What an organisation may ask of the outside world, per action or provider. Null is unlimited, '
    'zero is never.';
comment on column automation.action_limits.limit_key is
    'The name of an action, or provider:<name> for all actions of a provider.';
comment on column automation.action_limits.max_starts is
    'How many may be started within any time of the length "per".';
