create or replace function automation_cmis.budget_field(p_config jsonb, p_campaign jsonb)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return automation_cmis.require_choice(
        p_config, 'field', array['daily_budget', 'lifetime_budget', 'budget'],
        case
            when p_campaign ->> 'daily_budget' is not null then 'daily_budget'
            when p_campaign ->> 'lifetime_budget' is not null then 'lifetime_budget'
            else 'budget'
        end
    );
end;
$$;

comment on function automation_cmis.budget_field(jsonb, jsonb) is
    'Which of a campaign''s budgets is meant: the one that is named, else the first that is set, '
    'the daily one first. Raises MA001 for another name.';
