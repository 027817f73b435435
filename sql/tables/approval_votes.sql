create table automation.approval_votes (
    org_id uuid not null,
    step_id uuid not null,
    vote_number int not null,
    user_id uuid not null,
    decision text not null,
    comment text,
    delegated_to uuid,
    revision int not null,
    content_hash text not null,
    channel text not null,
    voted_at timestamptz not null,
    login name not null default session_user,
    primary key (org_id, step_id, vote_number),
    foreign key (org_id, step_id) references automation.approvals,
    constraint decision_is_known check (
        decision in ('approve', 'reject', 'request_changes', 'comment', 'delegate', 'revise')
    ),
    constraint delegation_names_somebody check (
        (delegated_to is not null) = (decision = 'delegate')
    ),
    constraint channel_is_known check (channel in ('api', 'link'))
);

comment on table automation.approval_votes is
    'Everything that somebody did to an approval, in its order. Append-only: of each user the last '
    'vote counts.';
comment on column automation.approval_votes.content_hash is
    'What the vote was about; of a revision what the content has become.';
comment on column automation.approval_votes.channel is
    'api: the user was named by the caller; link: a single-use link of the user was.';
