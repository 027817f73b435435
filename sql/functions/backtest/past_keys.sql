create or replace function automation_private.past_keys(
    p_gate jsonb,
    p_trigger jsonb,
    p_entity text,
    p_occurred_at timestamptz,
    p_at timestamptz
)
returns text[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key constant text := case
        when p_gate ? 'key'
            then automation_private.render_key(p_gate -> 'key', p_trigger, p_occurred_at)
        else p_entity
    end;
begin
    return array[v_key] || array(
        select jsonb_build_array(
            case when l.value ->> 'scope' = 'subject' then v_key end,
            automation_private.render_key(l.value -> 'key', p_trigger, p_at)
        )::text
        from jsonb_array_elements(p_gate -> 'limits') with ordinality as l
        where l.value ? 'key'
        order by l.ordinality
    );
end;
$$;

comment on function automation_private.past_keys(
    jsonb, jsonb, text, timestamptz, timestamptz
) is
    'The key of a firing, and what the limits that have a key of their own count it by.';
