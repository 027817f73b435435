create or replace function automation_private.describe_migration(
    p_instance_id uuid,
    p_version int,
    p_places automation_private.place_move[]
)
returns jsonb
language sql
immutable
return jsonb_build_object(
    'instance_id', p_instance_id,
    'version', p_version,
    'is_possible', not 'blocked' = any (array(select p.fate from unnest(p_places) as p)),
    'places', (
        select coalesce(
            jsonb_agg(
                jsonb_strip_nulls(jsonb_build_object(
                    'step', p.step, 'kind', p.kind, 'fate', p.fate,
                    'to', case when p.fate in ('kept', 'moved') then p.to_step end,
                    'reason', case when p.fate <> 'kept' then p.reason end
                )) order by p.ordinality
            ),
            '[]'
        )
        from unnest(p_places) with ordinality as p
    )
);

comment on function automation_private.describe_migration(
    uuid, int, automation_private.place_move[]
) is
    'The report of a migration.';
