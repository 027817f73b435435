create or replace function automation_private.check_threshold_keys(
    p_trigger jsonb,
    p_form text,
    p_kind text,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_forms constant text[] :=
        '{above, below, outside, inside, threshold, value, milestones, spike, change}'::text[];
begin
    if p_form is null then
        return automation_private.check_one_of(
            p_trigger,
            case
                when p_trigger ?| '{operator,op}' and not p_trigger ?| v_forms
                    then array['threshold', 'value']
                else v_forms
            end,
            p_pointer
        );
    end if;
    return automation_private.collect_errors(
        case
            when p_form in ('threshold', 'value') and p_trigger ?& '{operator,op}'
                then automation_private.check_one_of(
                    p_trigger, array['operator', 'op'], p_pointer
                )
        end,
        (
            select jsonb_agg(automation_private.build_error(
                p_pointer || '/' || k.name, 'conflicting_keys',
                format('"%s" does not go with "%s"', k.name, p_form)
            ) order by k.name)
            from unnest(automation_private.list_threshold_keys()) as k (name)
            where p_trigger ? k.name
                and k.name <> p_form
                and k.name <> all (automation_private.list_threshold_options(p_kind))
                and not (k.name in ('operator', 'op') and p_form in ('threshold', 'value'))
        )
    );
end;
$$;

comment on function automation_private.check_threshold_keys(jsonb, text, text, text) is
    'An error when a trigger names none or several kinds of threshold, and for every key that '
    'means nothing for its kind.';
