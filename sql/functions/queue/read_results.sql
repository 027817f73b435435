create or replace function automation_private.read_results(
    p_results jsonb,
    out msg_ids bigint[],
    out read_cts int[],
    out reports jsonb[]
)
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(p_results) is distinct from 'array' or exists (
        select from jsonb_array_elements(p_results) as r
        where jsonb_typeof(r.value) <> 'object'
            or coalesce(r.value ->> 'msg_id', '') !~ '^[0-9]{1,18}$'
            or coalesce(r.value ->> 'read_ct', '') !~ '^[0-9]{1,9}$'
            or coalesce(r.value ->> 'status', '') not in ('completed', 'failed')
            or r.value ->> 'status' = 'failed' and (
                r.value #>> '{error,code}' is null or r.value #>> '{error,class}' is null
            )
            or coalesce(r.value ->> 'execution_time_ms', '0') !~ '^[0-9]{1,9}$'
            or r.value -> 'error' ? 'retry_after'
            and r.value #>> '{error,retry_after}' !~ '^[0-9]{1,6}(\.[0-9]+)?$'
            or r.value -> 'error' ? 'permanent'
            and jsonb_typeof(r.value #> '{error,permanent}') <> 'boolean'
    ) then
        raise exception using
            errcode = 'MA001',
            message = 'the results are not in the form that complete_actions takes',
            detail = left(p_results::text, 500),
            hint = 'objects with msg_id, read_ct, status and output or error {code, class}';
    end if;
    select array_agg(r.msg_id), array_agg(r.read_ct), array_agg(r.report)
    into msg_ids, read_cts, reports
    from (
        select distinct on ((x.value ->> 'msg_id')::bigint)
            (x.value ->> 'msg_id')::bigint as msg_id, (x.value ->> 'read_ct')::int as read_ct,
            x.value as report
        from jsonb_array_elements(p_results) with ordinality as x
        order by (x.value ->> 'msg_id')::bigint, x.ordinality
    ) as r;
end;
$$;

comment on function automation_private.read_results(jsonb) is
    'The reports of a worker, checked and taken apart, one per message: the first. Raises MA001 '
    'when they are malformed.';
