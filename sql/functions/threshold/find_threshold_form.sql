create or replace function automation_private.find_threshold_form(p_trigger jsonb)
returns text
language sql
immutable
return (
    select min(f.name)
    from unnest(
        '{above, below, outside, inside, threshold, value, milestones, spike, change}'::text[]
    ) as f (name)
    where p_trigger ? f.name
    having count(*) = 1
);

comment on function automation_private.find_threshold_form(jsonb) is
    'The one key of a trigger that says which kind of threshold it is; null when there is none, '
    'or several.';
