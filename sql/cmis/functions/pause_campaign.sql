create or replace function automation_cmis.pause_campaign(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reason text := automation_cmis.optional_text(p_config, 'reason');
begin
    return automation_cmis.move_campaign(p_config, p_context, 'paused', array['active'])
        || jsonb_strip_nulls(jsonb_build_object('reason', v_reason));
end;
$$;

comment on function automation_cmis.pause_campaign(jsonb, jsonb) is
    'Action: pauses an active campaign; returns {campaign_id, status, previous, changed} and the '
    'reason if one was given. Raises MA101 unless the campaign is active or paused.';
