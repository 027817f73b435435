create or replace function automation_private.statement_timeout_of(p_login text)
returns interval
language sql
stable
begin atomic
    select
        case when s.value ~ '^[0-9.]+$' then s.value || 'ms' else s.value end::interval
    from (
        select split_part(c.setting, '=', 2) as value, d.setrole, d.setdatabase
        from pg_db_role_setting as d
        cross join lateral unnest(d.setconfig) as c (setting)
        where starts_with(c.setting, 'statement_timeout=')
            and d.setrole in (0, to_regrole(quote_ident(p_login)))
            and d.setdatabase in (
                0, (select b.oid from pg_database as b where b.datname = current_database())
            )
    ) as s
    -- the order in which a new session lets one win over the other
    order by s.setrole <> 0 desc, s.setdatabase <> 0 desc
    limit 1;
end;

comment on function automation_private.statement_timeout_of(text) is
    'The statement_timeout that a role''s sessions in this database begin with, if the role or the '
    'database has one of its own; else null.';
