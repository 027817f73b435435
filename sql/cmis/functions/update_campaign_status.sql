create or replace function automation_cmis.update_campaign_status(
    p_config jsonb,
    p_context jsonb
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_status text := automation_cmis.require_choice(
        p_config, 'status', array['draft', 'active', 'paused', 'completed', 'archived'], null
    );
begin
    return automation_cmis.move_campaign(
        p_config, p_context, v_status,
        case v_status
            when 'active' then array['draft', 'paused']
            when 'paused' then array['active']
            when 'completed' then array['active', 'paused']
            else '{}'
        end
    );
end;
$$;

comment on function automation_cmis.update_campaign_status(jsonb, jsonb) is
    'Action: moves a campaign: draft to active, active to paused or completed, paused to active or '
    'completed; returns {campaign_id, status, previous, changed}. Raises MA101 for other moves.';
