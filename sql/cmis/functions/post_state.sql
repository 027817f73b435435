create or replace function automation_cmis.post_state(
    p_status text,
    p_approval_status text,
    p_approval_workflow jsonb
)
returns text
language sql
immutable
return case
    when p_status <> 'draft' then p_status
    when p_approval_status is null then 'draft'
    when p_approval_status <> 'pending' then p_approval_status
    when p_approval_workflow ->> 'state' = 'in_review' then 'in_review'
    else 'submitted'
end;

comment on function automation_cmis.post_state(text, text, jsonb) is
    'Where a post stands, in one word: draft, submitted, in_review, approved, rejected, scheduled, '
    'publishing, published, failed or cancelled. The platform spreads it over three columns.';
