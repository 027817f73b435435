create or replace function automation_private.require_template_fields(
    p_name text,
    p_category text,
    p_tags jsonb
)
returns void
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_name !~ '\S' or length(p_name) > 200 then
        raise exception using
            errcode = 'MA001',
            message = 'a template needs a name of at most 200 characters',
            detail = format('got %s characters', length(p_name));
    end if;
    if p_category <> all (
        array['social', 'campaign', 'lead_nurture', 'engagement', 'reporting', '']
    ) then
        raise exception using
            errcode = 'MA001',
            message = format('there is no category "%s"', left(p_category, 100)),
            hint = 'social, campaign, lead_nurture, engagement, reporting, or none';
    end if;
    if jsonb_typeof(p_tags) <> 'array'
        or jsonb_array_length(p_tags) > 50
        or jsonb_path_exists(p_tags, 'strict $[*] ? (@.type() != "string")')
        or octet_length(p_tags::text) > 8192
    then
        raise exception using
            errcode = 'MA001',
            message = 'tags must be a list of at most 50 short texts',
            hint = 'for example ["onboarding", "b2b"]';
    end if;
end;
$$;

comment on function automation_private.require_template_fields(text, text, jsonb) is
    'Raises MA001 for a name, category or tags that no template can have; nulls pass.';
