create or replace function automation_cmis.move_campaign(
    p_config jsonb,
    p_context jsonb,
    p_status text,
    p_from text[]
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_campaign jsonb := automation_cmis.lock_campaign(p_config, p_context);
    v_changed boolean := v_campaign ->> 'status' <> p_status;
begin
    if v_changed and not v_campaign ->> 'status' = any (p_from) then
        raise exception using
            errcode = 'MA101',
            message = format(
                'the campaign cannot become %s: it is %s', p_status, v_campaign ->> 'status'
            ),
            detail = format('campaign %s', v_campaign ->> 'campaign_id'),
            hint = case
                when p_from = '{}' then format('no campaign becomes %s this way', p_status)
                else format('it would have to be %s', array_to_string(p_from, ' or '))
            end;
    end if;
    update cmis.campaigns as c
    set status = p_status, updated_at = now()
    where c.org_id = (p_context ->> 'org_id')::uuid
        and c.campaign_id = (v_campaign ->> 'campaign_id')::uuid
        and v_changed;
    return jsonb_build_object(
        'campaign_id', v_campaign -> 'campaign_id', 'status', p_status,
        'previous', v_campaign -> 'status', 'changed', v_changed
    );
end;
$$;

comment on function automation_cmis.move_campaign(jsonb, jsonb, text, text[]) is
    'Brings the campaign that a configuration names from one of these states into another, unless '
    'it is there already; returns {campaign_id, status, previous, changed}. Raises MA101 in other '
    'states.';
