create or replace function automation_private.condition_leaves(p_tree jsonb, p_pointer text)
returns table (pointer text, leaf jsonb)
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key text := (
        select k from unnest('{all,any,none,not}'::text[]) as k where p_tree ? k
    );
begin
    if v_key is null then
        return query select p_pointer, p_tree;
    elsif v_key = 'not' then
        return query select l.*
            from automation_private.condition_leaves(p_tree -> 'not', p_pointer || '/not') as l;
    else
        return query select l.*
            from jsonb_array_elements(p_tree -> v_key) with ordinality as n (node, at),
                automation_private.condition_leaves(
                    n.node, format('%s/%s/%s', p_pointer, v_key, n.at - 1)) as l
            order by n.at;
    end if;
end
$$;

comment on function automation_private.condition_leaves(jsonb, text) is
'The leaves of a canonical tree in order, each with its JSON pointer.';
