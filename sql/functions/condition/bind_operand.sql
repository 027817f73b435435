create or replace function automation_private.bind_operand(
    p_value jsonb, p_as text, p_mode text, p_roots text[]
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_operand jsonb := automation_private.compile_operand(p_value, p_mode, p_roots);
    v_kind text := v_operand ->> 'kind';
    v_text text := p_value #>> '{}';
    v_as text := case when p_as in ('timestamp', 'date', 'number', 'fold') then p_as end;
    v_bound jsonb;
begin
    if v_operand ? 'error' then
        return v_operand;
    elsif v_kind = 'now' then
        if coalesce(v_as, '') not in ('timestamp', 'date') then
            return automation_private.condition_error('type_mismatch',
                'now is compared with timestamps and dates');
        end if;
        v_bound := automation_private.bind_derived(jsonb_build_object(
            'kind', 'now', 'shift', v_operand -> 'shift', 'as', v_as));
    elsif v_kind = 'number' and v_as is distinct from 'number' and v_as is not null then
        return automation_private.condition_error('type_mismatch', 'arithmetic gives a number');
    elsif v_kind = 'constant' and v_as = 'fold' then
        if jsonb_typeof(p_value) <> 'string' then
            return automation_private.condition_error('invalid_ci',
                'only text is compared without regard to case');
        end if;
        v_bound := jsonb_build_object('path',
            to_jsonb(automation_private.fold_case(v_text))::text);
    elsif v_kind = 'constant' and v_as = 'timestamp'
        and v_text ~ ':\d\d.*(Z|[+-]\d\d(:?\d\d)?)$'
    then
        v_bound := jsonb_build_object('path', trim_scale(extract(epoch from
            automation_private.parse_instant(v_text, 'UTC')))::text);
    elsif v_kind = 'constant' and v_as = 'date' and length(v_text) = 10 then
        v_bound := jsonb_build_object('path', (v_text::date - date '1970-01-01')::text);
    elsif v_kind = 'constant' and v_as in ('timestamp', 'date') then
        v_bound := automation_private.bind_derived(jsonb_build_object(
            'kind', 'constant', 'value', p_value, 'as', v_as));
    elsif v_kind = 'field' and v_as is not null then
        v_bound := automation_private.bind_derived(jsonb_build_object(
            'kind', 'field', 'path', v_operand -> 'path', 'as', v_as));
    end if;
    return v_operand || coalesce(v_bound, '{}');
end
$$;

comment on function automation_private.bind_operand(jsonb, text, text, text[]) is
'The right side of a comparison as {kind, path, derived, reads}: a literal where its value is known
when saved, else a path or a variable; or {error}.';
