create or replace function automation_cmis.resume_campaign(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    return automation_cmis.move_campaign(p_config, p_context, 'active', array['paused']);
end;
$$;

comment on function automation_cmis.resume_campaign(jsonb, jsonb) is
    'Action: lets a paused campaign run again; returns {campaign_id, status, previous, changed}. '
    'Raises MA101 unless the campaign is paused or active; a draft is launched with '
    'update_campaign_status.';
