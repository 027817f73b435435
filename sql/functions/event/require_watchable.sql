create or replace function automation_private.require_watchable(
    p_table regclass,
    p_event text,
    p_columns text[],
    p_org_column text,
    p_deleted_column text
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_problem text;
    v_kind "char" := (select c.relkind from pg_class as c where c.oid = p_table);
    v_keys name[] := automation_private.list_key_columns(p_table, p_org_column);
    v_column text := (
        select coalesce(c.name, '')
        from unnest(p_columns || p_org_column) as c (name)
        where not exists (
            select from pg_attribute as a
            where a.attrelid = p_table and a.attname = c.name and a.attnum > 0
                and not a.attisdropped
        )
        limit 1
    );
    v_virtual text := (
        select a.attname::text
        from pg_attribute as a
        where a.attrelid = p_table and a.attgenerated = 'v'
            and a.attname = any (p_columns || p_org_column || p_deleted_column)
        limit 1
    );
begin
    v_problem := case
        when v_kind is null or v_kind not in ('r', 'p') then 'only tables can be watched'
        when (select c.relnamespace::regnamespace::text from pg_class as c where c.oid = p_table)
            ~ '^(automation|pgmq|pg_catalog)'
            then 'the engine does not watch itself'
        when p_event is null or p_event !~ '^[a-z][a-z0-9_]{0,62}$'
            then 'an event is named with a-z, 0-9 and _, for example mention'
        when automation_private.is_reserved_event(p_event || '.')
            then format('events "%s.…" come from the engine alone', p_event)
        when coalesce(cardinality(p_columns), 0) = 0
            then 'name 1 to 50 columns to capture'
        when v_column is not null then format('the table has no column "%s"', v_column)
        when cardinality(p_columns) > 50 or (
            select count(distinct c.name)
            from unnest(p_columns || v_keys::text[]) as c (name)
        ) > 50
            then 'an event has at most 50 columns, the key''s included'
        when v_virtual is not null
            then format('the column "%s" is not stored, so triggers do not see it', v_virtual)
        when not exists (
            select from pg_attribute as a
            where a.attrelid = p_table and a.attname = p_org_column
                and a.atttypid = 'uuid'::regtype
        )
            then format('the column "%s" must be a uuid: it says whose row it is', p_org_column)
        when cardinality(v_keys) = 0
            then 'the table needs a primary key, by which old and new rows are paired'
        when exists (
            select from pg_attribute as a
            where a.attrelid = p_table and a.attname = p_deleted_column
                and (a.attnotnull or a.atttypid = 'bool'::regtype)
        )
            then format(
                'the column "%s" cannot say that a row is deleted by being set', p_deleted_column
            )
        when exists (
            select from automation_private.watched_tables as w
            inner join pg_class as c on c.oid = w.table_name
            where w.event = p_event and w.table_name <> p_table
        )
            then format('another table is watched under the event "%s"', p_event)
    end;
    if v_problem is not null then
        raise exception using
            errcode = 'MA001',
            message = v_problem,
            detail = format('table %s', p_table),
            hint = 'watch_table(''cmis.social_mentions'', ''mention'', array[''sentiment_score''])';
    end if;
end;
$$;

comment on function automation_private.require_watchable(
    regclass, text, text[], text, text
) is
    'Raises MA001 unless changes of the table can be captured like that.';
