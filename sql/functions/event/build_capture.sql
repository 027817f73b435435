create or replace function automation_private.build_capture(
    p_watched automation_private.watched_tables
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_new text := automation_private.build_row_document(
        p_watched.table_name, p_watched.columns, 'n'
    );
    v_old text := automation_private.build_row_document(
        p_watched.table_name, p_watched.columns, 'o'
    );
    v_new_gone text := case
        when p_watched.deleted_column is null then 'false'
        else format('n.%I is not null', p_watched.deleted_column)
    end;
    v_old_gone text := case
        when p_watched.deleted_column is null then 'false'
        else format('o.%I is not null', p_watched.deleted_column)
    end;
    -- also by organisation, because keys may repeat in another one
    v_paired text := (
        select string_agg(format(
            '%s = %s',
            automation_private.build_comparable(p_watched.table_name, k, 'n'),
            automation_private.build_comparable(p_watched.table_name, k, 'o')
        ), ' and ')
        from unnest(p_watched.key_columns || p_watched.org_column) as k
    );
    v_changed text := (
        select format(
            '(%s) is distinct from (%s)',
            string_agg(automation_private.build_comparable(p_watched.table_name, c, 'n'), ', '),
            string_agg(automation_private.build_comparable(p_watched.table_name, c, 'o'), ', ')
        )
        from unnest(p_watched.columns) as c
    );
    v_key_new text := automation_private.build_entity(
        p_watched.table_name, p_watched.key_columns, 'n'
    );
    v_key_old text := automation_private.build_entity(
        p_watched.table_name, p_watched.key_columns, 'o'
    );
begin
    return jsonb_build_object(
        'INSERT', format(
            'select n.%I, %L, %s, %s, null::jsonb from new_rows as n where not (%s)',
            p_watched.org_column, p_watched.event || '.created', v_key_new, v_new, v_new_gone
        ),
        'UPDATE', format(
            'select n.%1$I, '
            'case when o.%2$I is null then %3$L when %4$s then %5$L else %6$L end, %7$s, %8$s, '
            'case when o.%2$I is not null and not (%4$s) then %9$s end '
            'from new_rows as n left join old_rows as o on %10$s '
            'where case when %4$s then o.%2$I is not null and not (%11$s) '
            'else o.%2$I is null or %11$s or %12$s end',
            p_watched.org_column, p_watched.key_columns[1], p_watched.event || '.created',
            v_new_gone, p_watched.event || '.deleted', p_watched.event || '.updated', v_key_new,
            v_new, v_old, v_paired, v_old_gone, v_changed
        ),
        'DELETE', format(
            'select o.%I, %L, %s, %s, null::jsonb from old_rows as o where not (%s)',
            p_watched.org_column, p_watched.event || '.deleted', v_key_old, v_old, v_old_gone
        ),
        'current', format(
            'select %s from %s as n where n.%I = $1 and %s and not (%s)',
            v_new, p_watched.table_name, p_watched.org_column,
            automation_private.build_entity_match(p_watched.table_name, p_watched.key_columns),
            v_new_gone
        )
    );
end;
$$;

comment on function automation_private.build_capture(automation_private.watched_tables) is
    'The queries that find what a statement created, updated and deleted, and the one that reads a '
    'row as it is now. A row whose key or organisation changed counts as created; a restored one '
    'as updated.';
