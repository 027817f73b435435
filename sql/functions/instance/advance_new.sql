create or replace function automation_private.advance_new(p_tokens automation_private.token[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_token record;
begin
    begin
        perform automation_private.advance(p_tokens);
        return;
    exception when others or assert_failure then
        if automation_private.must_reraise(sqlstate) then
            raise;
        end if;
    end;

    -- one poisoned instance must not hold its batch back: again, each on its own
    for v_token in
        select t.org_id, t.instance_id, t as token from unnest(p_tokens) as t
    loop
        begin
            perform automation_private.advance(array[v_token.token]);
        exception when others or assert_failure then
            if automation_private.must_reraise(sqlstate) then
                raise;
            end if;
            perform automation_private.fail_poisoned(
                v_token.org_id, v_token.instance_id, array[v_token.instance_id], sqlstate, sqlerrm
            );
        end;
    end loop;
end;
$$;

comment on function automation_private.advance_new(automation_private.token[]) is
    'Walks the first steps of new instances; a batch that raises is done again one by one, and '
    'what raises alone fails and is recorded.';
