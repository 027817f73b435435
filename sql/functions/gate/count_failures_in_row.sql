create or replace function automation_private.count_failures_in_row(p_ended jsonb)
returns table (org_id uuid, rule_id uuid, failures int)
language sql
volatile
begin atomic
    with ended as (
        select
            x.*,
            -- what ended together with a run that did not fail is not in a row
            max(x.used_at) filter (where x.ended > x.failed)
                over (partition by x.org_id, x.rule_id) as good_at
        from jsonb_to_recordset(p_ended) as x (
            org_id uuid, rule_id uuid, ended int, failed int, used_at timestamptz
        )
    )

    select
        e.org_id, e.rule_id,
        (
            case when bool_or(e.good_at is not null) then 0 else coalesce(max(h.failures), 0) end
            + coalesce(sum(e.failed) filter (
                where e.good_at is null or e.used_at > e.good_at
            ), 0)
        )::int
    from ended as e
    left join (
        select y.org_id, y.rule_id, y.failures_in_row as failures
        from automation_private.rule_health as y
    ) as h on e.org_id = h.org_id and e.rule_id = h.rule_id
    group by e.org_id, e.rule_id
    having sum(e.failed) > 0 or max(h.failures) > 0;
end;

comment on function automation_private.count_failures_in_row(jsonb) is
    'How many runs of each rule have failed since the last one that did not.';
