create or replace function automation_private.place_reference_errors(
    p_errors jsonb, p_written jsonb, p_places text[] default null
)
returns jsonb
language sql immutable
begin atomic
    select case
        when automation_private.has_references(p_written) then jsonb_agg(
            case
                when r.name is null or r.is_own then e.value
                else e.value || jsonb_build_object(
                    'pointer', r.pointer,
                    'message', case
                        when e.value ->> 'code' = 'cyclic_reference' then ''
                        else format('condition set %s: ', to_json(left(r.name, 64)))
                    end || (e.value ->> 'message')
                )
            end
            order by e.ordinality
        )
        else p_errors
    end
    from jsonb_array_elements(p_errors) with ordinality as e
    left join lateral (
        select
            f.name,
            array_to_string(array['']::text[] || f.parts[:f.length], '/') as pointer,
            f.length = cardinality(f.parts)
            and e.value ->> 'code' in ('unknown_reference', 'cyclic_reference') as is_own
        from (
            select
                x.parts, g.length,
                automation_private.reference_name(p_written #> x.parts[:g.length]) as name
            from (
                select string_to_array(substr(e.value ->> 'pointer', 2), '/') as parts
            ) as x
            cross join lateral generate_series(0, cardinality(x.parts)) as g (length)
            where exists (
                select
                from unnest(coalesce(p_places, array(
                    select array_to_string(array['']::text[] || p.path, '/')
                    from automation_private.condition_places(p_written) as p
                ))) as l (place)
                where starts_with((e.value ->> 'pointer') || '/', l.place || '/')
            )
        ) as f
        where f.name is not null
        order by f.length
        limit 1
    ) as r on true;
end;

comment on function automation_private.place_reference_errors(jsonb, jsonb, text[]) is
'Errors that were found within condition sets, with the place of the reference in what was written
and the name of the set. p_places: pointers to the conditions; default: those of a rule or
definition.';
