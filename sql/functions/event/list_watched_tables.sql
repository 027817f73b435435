create or replace function automation.list_watched_tables()
returns table (
    table_name text,
    event text,
    columns text[],
    org_column text,
    deleted_column text,
    watched_by text,
    watched_at timestamptz,
    is_sound boolean
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform automation_private.require_admin();
    return query
    select
        w.table_name::text, w.event, w.columns::text[], w.org_column::text,
        w.deleted_column::text, w.watched_by::text, w.watched_at,
        3 = (
            select count(*) from pg_trigger as t
            where t.tgrelid = w.table_name
                and t.tgname like 'automation\_captures\_%'
                and t.tgenabled in ('O', 'A')
        ) and not exists (
            select from unnest(w.columns || w.org_column) as c (name)
            where not exists (
                select from pg_attribute as a
                where a.attrelid = w.table_name and a.attname = c.name and not a.attisdropped
            )
        )
    from automation_private.watched_tables as w
    order by w.event;
end;
$$;

comment on function automation.list_watched_tables() is
    'The tables whose changes are captured. is_sound: the table still has its triggers and all '
    'columns; if not, call watch_table again. Administrators only.';
