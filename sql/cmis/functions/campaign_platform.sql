create or replace function automation_cmis.campaign_platform(p_platform text)
returns text
language sql
immutable
return case
    when lower(p_platform) in ('facebook', 'instagram', 'messenger', 'threads') then 'meta'
    when lower(p_platform) = 'youtube' then 'google'
    when lower(p_platform) = 'x' then 'twitter'
    else lower(p_platform)
end;

comment on function automation_cmis.campaign_platform(text) is
    'The name that campaigns have for the platform of a mention or a post: they are bought from '
    'meta, not from instagram.';
