create or replace function automation_private.is_plain_type(p_type oid)
returns boolean
language sql
stable
return (
    select
        b.typnamespace = 'pg_catalog'::regnamespace and b.typtype in ('b', 'r', 'm')
        and (b.typelem = 0 or e.typnamespace = 'pg_catalog'::regnamespace)
    from pg_type as t
    inner join pg_type as b on coalesce(nullif(t.typbasetype, 0), t.oid) = b.oid
    left join pg_type as e on b.typelem = e.oid
    where t.oid = p_type
);

comment on function automation_private.is_plain_type(oid) is
    'Whether a type is PostgreSQL''s own all through. The owner of any other type could give it a '
    'cast, and a cast is code that would run as the engine.';
