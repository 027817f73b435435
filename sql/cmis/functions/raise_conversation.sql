create or replace function automation_cmis.raise_conversation(
    p_conversation_id uuid,
    p_wanted jsonb,
    p_context jsonb
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ladder constant text[] := array['low', 'normal', 'high', 'urgent'];
    v_wanted constant text := p_wanted ->> 'priority';
    v_notes constant text := p_wanted ->> 'notes';
    v_raised record;
begin
    update cmis.social_conversations as c
    set
        priority = case
            when array_position(v_ladder, c.priority::text) < array_position(v_ladder, v_wanted)
                then v_wanted
            else c.priority
        end,
        requires_escalation = c.requires_escalation
            or (p_wanted ->> 'requires_escalation')::boolean,
        tags = coalesce(c.tags, '[]') || coalesce(
            (
                select jsonb_agg(t.tag order by t.position)
                from jsonb_array_elements(p_wanted -> 'tags') with ordinality as t (tag, position)
                where not coalesce(c.tags, '[]') @> t.tag
            ), '[]'
        ),
        internal_notes = case
            when position(v_notes in c.internal_notes) > 0 then c.internal_notes
            else nullif(concat_ws(e'\n', c.internal_notes, v_notes), '')
        end,
        assigned_to = coalesce(c.assigned_to, (p_wanted ->> 'assign_to')::uuid),
        status = case
            when c.assigned_to is null and p_wanted ? 'assign_to' then 'in_progress'
            else c.status
        end,
        updated_at = now() at time zone 'utc'
    where c.org_id = (p_context ->> 'org_id')::uuid and c.conversation_id = p_conversation_id
    returning c.conversation_id, c.root_mention_id, c.priority, c.assigned_to into v_raised;
    if p_wanted ? 'assign_to' then
        perform automation_cmis.assign_mention(
            v_raised.root_mention_id, v_raised.assigned_to, p_context
        );
    end if;
    return jsonb_build_object(
        'conversation_id', v_raised.conversation_id, 'priority', v_raised.priority,
        'created', false
    );
end;
$$;

comment on function automation_cmis.raise_conversation(uuid, jsonb, jsonb) is
    'Adds to an open conversation what is wanted of it: priority and escalation only rise, tags '
    'and notes are added once, and whoever has it keeps it; returns {conversation_id, priority, '
    'created}.';
