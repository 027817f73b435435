create or replace function automation_cmis.count_deliverables(
    p_campaign_id uuid,
    p_context jsonb
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select coalesce(jsonb_object_agg(s.status, s.amount), '{}')
        from (
            select d.status, count(*) as amount
            from cmis.campaign_deliverables as d
            where d.org_id = (p_context ->> 'org_id')::uuid
                and d.campaign_id = p_campaign_id
                and d.deleted_at is null
            group by d.status
        ) as s
    );
end;
$$;

comment on function automation_cmis.count_deliverables(uuid, jsonb) is
    'How many deliverables of an influencer campaign have which status: {"published": 3, …}.';
