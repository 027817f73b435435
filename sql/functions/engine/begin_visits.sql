create or replace function automation_private.begin_visits(
    p_visits automation_private.visit[],
    p_present text[],
    out p_next automation_private.token[],
    out p_gone automation_private.token[],
    out p_outcomes automation_private.outcome[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_visits automation_private.visit[];
    v_tokens automation_private.token[];
    v_outcomes automation_private.outcome[];
begin
    p_next := '{}'::automation_private.token[];
    p_gone := '{}'::automation_private.token[];
    p_outcomes := '{}'::automation_private.outcome[];
    if p_present && array['loop'] then
        p_next := automation_private.begin_loops(
            automation_private.select_visits(p_visits, p_present, 'loop')
        );
    end if;
    if p_present && array['wait'] then
        p_outcomes := automation_private.begin_waits(
            automation_private.select_visits(p_visits, p_present, 'wait')
        );
    end if;
    if p_present && array['approval'] then
        p_outcomes := p_outcomes || automation_private.request_approvals(
            automation_private.select_visits(p_visits, p_present, 'approval')
        );
    end if;
    if p_present && array['workflow'] then
        select c.p_tokens, c.p_outcomes into v_tokens, v_outcomes
        from automation_private.start_children(
            automation_private.select_visits(p_visits, p_present, 'workflow')
        ) as c;
        p_next := p_next || v_tokens;
        p_outcomes := p_outcomes || v_outcomes;
    end if;
    if p_present && array['merge'] then
        v_visits := array(
            select v from unnest(p_visits) as v
            where v.runs = 'merge' and v.branches is not null and v.error is null
        );
        if cardinality(v_visits) > 0 then
            select q.p_gone, q.p_fired into p_gone, v_tokens
            from automation_private.queue_arrivals(v_visits) as q;
            p_next := p_next || v_tokens;
        end if;
    end if;
end;
$$;

comment on function automation_private.begin_visits(automation_private.visit[], text[]) is
    'Begins loops, waits, approvals and sub-workflows, and queues arrivals at merges without a '
    'split: the tokens that go on, those that end, and the outcomes of what is over already.';
