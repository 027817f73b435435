create or replace function automation_cmis.write_report(p_name text, p_report jsonb)
returns text
language sql
stable
return concat_ws(
    e'\n',
    concat_ws(', ', p_name, p_report ->> 'partnership'),
    format(
        '%s to %s, %s', p_report ->> 'start_date', p_report ->> 'end_date',
        replace(p_report ->> 'status', '_', ' ')
    ),
    format(
        'Posts: %s of %s delivered', automation_cmis.show_number(p_report -> 'posts_delivered'),
        automation_cmis.show_number(p_report -> 'posts_required')
    ),
    'Deliverables: ' || (
        select string_agg(format('%s %s', d.value, replace(d.key, '_', ' ')), ', ' order by d.key)
        from jsonb_each_text(p_report -> 'deliverables') as d
    ),
    format('Reach: %s', automation_cmis.show_number(p_report -> 'reach')),
    format('Impressions: %s', automation_cmis.show_number(p_report -> 'impressions')),
    format(
        'Engagement: %s (%s %% of impressions)',
        automation_cmis.show_number(p_report -> 'engagement'),
        automation_cmis.show_number(p_report -> 'engagement_rate')
    ),
    format('Clicks: %s', automation_cmis.show_number(p_report -> 'clicks')),
    format(
        'Conversions: %s, worth %s', automation_cmis.show_number(p_report -> 'conversions'),
        concat_ws(
            ' ', p_report ->> 'currency',
            automation_cmis.show_number(p_report -> 'conversion_value')
        )
    ),
    format(
        'Cost: %s, %s per engagement',
        concat_ws(' ', p_report ->> 'currency', automation_cmis.show_number(p_report -> 'cost')),
        automation_cmis.show_number(p_report -> 'cost_per_engagement')
    ),
    format('ROI: %s %%', automation_cmis.show_number(p_report -> 'roi'))
);

comment on function automation_cmis.write_report(text, jsonb) is
    'A campaign''s figures as plain text, one line each, to be mailed or posted.';
