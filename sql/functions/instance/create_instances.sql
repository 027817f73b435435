create or replace function automation_private.create_instances(
    p_requests automation_private.start_request[],
    p_trigger_type text,
    p_walks boolean default true
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tokens constant automation_private.token[] := automation_private.insert_instances(
        p_requests, p_trigger_type
    );
begin
    if cardinality(v_tokens) = 0 then
        return;
    elsif p_walks then
        perform automation_private.advance_new(v_tokens);
    else
        perform automation_private.postpone_tokens(v_tokens);
    end if;
end;
$$;

comment on function automation_private.create_instances(
    automation_private.start_request[], text, boolean
) is
    'Creates instances of definitions, of any organisations, and walks their first steps, or '
    'leaves these to the next tick.';
