create or replace function automation_private.check_escalations(p_source jsonb, p_pointer text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_pointer constant text := p_pointer || '/escalate';
begin
    if not p_source ? 'escalate' then
        return null;
    end if;
    if jsonb_typeof(p_source -> 'escalate') <> 'array' or p_source -> 'escalate' = '[]' then
        return automation_private.check_key_list(p_source, 'escalate', p_pointer);
    end if;
    if jsonb_array_length(p_source -> 'escalate') > 10 then
        return automation_private.build_error(
            v_pointer, 'out_of_range', '"escalate" has at most 10 entries'
        );
    end if;
    return (
        select automation_private.collect_errors(variadic array_agg(
            case
                when jsonb_typeof(e.value) <> 'object' then automation_private.build_error(
                    e.place, 'wrong_type', 'an escalation must be an object',
                    '{"after": "P1D", "to": [{"role": "owner"}]}'
                )
                else automation_private.collect_errors(
                    automation_private.check_known_keys(e.value, array['after', 'to'], e.place),
                    automation_private.check_approvers(e.value, 'to', e.place),
                    case
                        when p_source -> 'on_timeout' is distinct from '"escalate"'
                            then automation_private.check_one_of(
                                e.value, array['after'], e.place
                            )
                    end,
                    automation_private.check_key_duration(e.value, 'after', '1 ms', false, e.place)
                )
            end order by e.ordinality
        ))
        from (
            select l.value, l.ordinality, format('%s/%s', v_pointer, l.ordinality - 1) as place
            from jsonb_array_elements(p_source -> 'escalate') with ordinality as l
        ) as e
    );
end;
$$;

comment on function automation_private.check_escalations(jsonb, text) is
    'The errors of an approval''s escalations: who is asked, too, and after how long.';
