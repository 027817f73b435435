create or replace function automation_private.build_capture_branch(
    p_table regclass,
    p_operation text,
    p_changes text
)
returns text
language sql
stable
return format(
    $branch$
    if tg_op = %s then
        if exists (select from %s offset 100) then
            execute %s using v_batch, v_at, v_org, v_causation;
        else
            %s;
        end if;
    end if;
    $branch$,
    quote_literal(p_operation),
    case p_operation when 'DELETE' then 'old_rows' else 'new_rows' end,
    quote_literal(
        automation_private.build_capture_statement(p_table, p_changes, '$1', '$2', '$3', '$4')
    ),
    automation_private.build_capture_statement(
        p_table, p_changes, 'v_batch', 'v_at', 'v_org', 'v_causation'
    )
);

comment on function automation_private.build_capture_branch(regclass, text, text) is
    'The part of a capturing function for one operation. Small statements use a plan that is kept; '
    'one that fits few rows would be ruinous for many, so large ones are planned each time.';
