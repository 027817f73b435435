-- Marketing automation inside PostgreSQL: the table of contents.
--
-- An organisation (org) is a tenant; every row of it carries org_id. A template is a workflow that
-- people edit; publishing it compiles the draft into a definition: immutable, addressed by its
-- content, made of steps. An instance is one run of a definition, pinned to it for life.
--
-- A token is where an instance stands: before a step, in a scope. An activation is a token that has
-- entered a step: one row of workflow_steps, the present while it is open and the history
-- afterwards. A scope is what a token lives in: the instance, or the activation of a split. A scope
-- counts its live tokens and closes when it has lost the last one: a split hands one token on
-- behind its merge, an instance completes. A merge belongs to one activation of its split, so
-- generations never mix and dead branches need no code.
--
-- Tokens of many instances walk together, one hop a round, until each waits for something outside:
-- a message in the queue (an external action, done by a worker), a timer (everything that waits for
-- a time). An outcome is how an open activation went; settling it decides what follows: the
-- successor, another attempt, the end.
--
-- Whoever moves instances takes locks in this order, and never waits the other way round:
--   1. timers and pending actions, claimed with skip locked
--   2. root instances, ascending by (org_id, instance_id); a root's row is its whole family's lock
--   3. everything below the roots, which nobody else touches while the root is locked
--   4. messages in the queue
--
-- Errors have the class MA: MA0nn wrong call, MA1nn state conflict, MA2nn invalid definition, MA3nn
-- not permitted.

-- Roles and schemas.
\ir roles.sql
\ir schemas.sql

-- Tables, and the shapes that functions hand to each other. These live in migrations/, too; what
-- follows below lives only here.
\ir types/action_call.sql
\ir types/choice.sql
\ir types/closed_scope.sql
\ir types/compiled_condition.sql
\ir types/compiled_rule.sql
\ir types/compiled_template.sql
\ir types/compiled_trigger.sql
\ir types/credit.sql
\ir types/due_timer.sql
\ir types/ending.sql
\ir types/event_request.sql
\ir types/firing.sql
\ir types/moment.sql
\ir types/outcome.sql
\ir types/reference.sql
\ir types/rendered.sql
\ir types/settled.sql
\ir types/start_request.sql
\ir types/step_edge.sql
\ir types/step_link.sql
\ir types/tally.sql
\ir types/token.sql
\ir types/visit.sql
\ir tables/org_settings.sql
\ir tables/org_access.sql
\ir tables/brokers.sql
\ir tables/org_members.sql
\ir tables/role_permissions.sql
\ir tables/actions.sql
\ir tables/workflow_definitions.sql
\ir tables/workflow_definition_steps.sql
\ir tables/workflow_templates.sql
\ir tables/workflow_template_versions.sql
\ir tables/automation_rules.sql
\ir tables/automation_rule_versions.sql
\ir tables/workflow_instances.sql
\ir tables/workflow_steps.sql
\ir tables/automation_events.sql
\ir tables/automation_executions.sql
\ir tables/automation_audit.sql
\ir tables/idempotency_keys.sql
\ir tables/timers.sql
\ir tables/pending_actions.sql
\ir tables/in_flight_changes.sql
\ir tables/usage_changes.sql
\ir tables/watched_tables.sql
\ir tables/listeners.sql
\ir tables/event_feeds.sql
\ir tables/event_batches.sql
\ir tables/event_keys.sql
\ir tables/capture_failures.sql
\ir tables/signing_keys.sql
\ir tables/housekeeping.sql
\ir tables/queue.sql
\ir types/compiled_step.sql
\ir types/compiled_definition.sql

-- Time: one clock, durations, instants, zones.
\ir functions/time/clock.sql
\ir functions/time/format_instant.sql
\ir functions/time/local_instant.sql
\ir functions/time/next_local_time.sql
\ir functions/time/parse_duration.sql
\ir functions/time/parse_instant.sql
\ir functions/time/add_duration.sql

-- Who is calling, for which organisation, and what may they do?
\ir functions/tenancy/current_org_id.sql
\ir functions/tenancy/default_permissions.sql
\ir functions/tenancy/grant_org_access.sql
\ir functions/tenancy/my_permissions.sql
\ir functions/tenancy/org_timezone.sql
\ir functions/tenancy/org_timezone_of.sql
\ir functions/tenancy/permissions_of.sql
\ir functions/tenancy/register_broker.sql
\ir functions/tenancy/register_org.sql
\ir functions/tenancy/require_admin.sql
\ir functions/tenancy/require_permission.sql
\ir functions/tenancy/require_role_code.sql
\ir functions/tenancy/revoke_org_access.sql
\ir functions/tenancy/set_member.sql
\ir functions/tenancy/set_role_permissions.sql
\ir functions/tenancy/setting_as_uuid.sql
\ir functions/tenancy/uuid_v7_at.sql
\ir functions/tenancy/uuid_v7_prefix.sql
\ir functions/tenancy/current_user_id.sql
\ir functions/tenancy/uuid_v7.sql
\ir functions/tenancy/record_audit.sql

-- The part of JSON Schema that configurations are checked with.
\ir functions/schema/append_pointer.sql
\ir functions/schema/build_error.sql
\ir functions/schema/check_alternatives.sql
\ir functions/schema/check_json_schema.sql
\ir functions/schema/check_list_value.sql
\ir functions/schema/check_number_value.sql
\ir functions/schema/check_object_value.sql
\ir functions/schema/check_schema_document.sql
\ir functions/schema/check_schema_level.sql
\ir functions/schema/check_text_value.sql
\ir functions/schema/check_value.sql
\ir functions/schema/describe_type.sql
\ir functions/schema/describe_types.sql
\ir functions/schema/find_schemas.sql
\ir functions/schema/format_pointer.sql
\ir functions/schema/has_format.sql
\ir functions/schema/has_json_type.sql
\ir functions/schema/has_wild_number.sql
\ir functions/schema/list_schema_keywords.sql
\ir functions/schema/measure_distance.sql
\ir functions/schema/suggest_word.sql

-- Conditions: text or tree in, one jsonpath predicate out.
\ir functions/condition/as_condition.sql
\ir functions/condition/bind_derived.sql
\ir functions/condition/bind_operand.sql
\ir functions/condition/build_comparison.sql
\ir functions/condition/canonical_duration.sql
\ir functions/condition/check_leaf_options.sql
\ir functions/condition/check_leaf_value.sql
\ir functions/condition/check_list.sql
\ir functions/condition/check_pattern.sql
\ir functions/condition/check_range.sql
\ir functions/condition/compile_arithmetic.sql
\ir functions/condition/compile_change.sql
\ir functions/condition/compile_condition.sql
\ir functions/condition/compile_expression.sql
\ir functions/condition/compile_group.sql
\ir functions/condition/compile_leaf.sql
\ir functions/condition/compile_node.sql
\ir functions/condition/compile_operand.sql
\ir functions/condition/compile_source.sql
\ir functions/condition/compile_test.sql
\ir functions/condition/condition_document.sql
\ir functions/condition/condition_error.sql
\ir functions/condition/condition_leaves.sql
\ir functions/condition/condition_operators.sql
\ir functions/condition/convert_instant.sql
\ir functions/condition/convert_value.sql
\ir functions/condition/derive_value.sql
\ir functions/condition/evaluate_condition.sql
\ir functions/condition/explain_condition.sql
\ir functions/condition/explain_leaf.sql
\ir functions/condition/find_operator.sql
\ir functions/condition/finish_condition.sql
\ir functions/condition/fold_case.sql
\ir functions/condition/format_condition.sql
\ir functions/condition/format_operand.sql
\ir functions/condition/guard_lists.sql
\ir functions/condition/is_bounded_number.sql
\ir functions/condition/join_operands.sql
\ir functions/condition/leaf_predicate.sql
\ir functions/condition/leaf_reason.sql
\ir functions/condition/locate_error.sql
\ir functions/condition/normalise_leaf.sql
\ir functions/condition/normalise_value.sql
\ir functions/condition/operand_value.sql
\ir functions/condition/parse_condition.sql
\ir functions/condition/parse_failure.sql
\ir functions/condition/pattern_weight.sql
\ir functions/condition/place_operator.sql
\ir functions/condition/plan_conversion.sql
\ir functions/condition/plan_leaf.sql
\ir functions/condition/quantify.sql
\ir functions/condition/ranked_values.sql
\ir functions/condition/read_group.sql
\ir functions/condition/read_list.sql
\ir functions/condition/read_operand.sql
\ir functions/condition/read_operator.sql
\ir functions/condition/read_path.sql
\ir functions/condition/reduce_operators.sql
\ir functions/condition/require_condition.sql
\ir functions/condition/resolve_reference.sql
\ir functions/condition/shift_now.sql
\ir functions/condition/some_item.sql
\ir functions/condition/split_path.sql
\ir functions/condition/test_text.sql
\ir functions/condition/text_predicate.sql
\ir functions/condition/tokenise_condition.sql
\ir functions/condition/trace_condition.sql
\ir functions/condition/unescape_text.sql
\ir functions/condition/check_constant.sql
\ir functions/condition/condition_vars.sql
\ir functions/condition/ranked_predicate.sql

-- Templates: {{ … }} in settings, compiled once and rendered without surprises.
\ir functions/template/apply_number_filter.sql
\ir functions/template/check_rendered.sql
\ir functions/template/compile_argument.sql
\ir functions/template/compile_date_format.sql
\ir functions/template/compile_filter.sql
\ir functions/template/compile_path.sql
\ir functions/template/compile_placeholder.sql
\ir functions/template/compile_template.sql
\ir functions/template/compile_text.sql
\ir functions/template/describe_fault.sql
\ir functions/template/describe_filter.sql
\ir functions/template/encode_url.sql
\ir functions/template/escape_html.sql
\ir functions/template/fetch_reference.sql
\ir functions/template/find_templates.sql
\ir functions/template/format_date.sql
\ir functions/template/format_number.sql
\ir functions/template/is_fault.sql
\ir functions/template/is_oversized.sql
\ir functions/template/is_timezone.sql
\ir functions/template/join_items.sql
\ir functions/template/list_filters.sql
\ir functions/template/make_slug.sql
\ir functions/template/needs_check.sql
\ir functions/template/put_reference.sql
\ir functions/template/read_number.sql
\ir functions/template/render_expressions.sql
\ir functions/template/render_references.sql
\ir functions/template/shape_bindings.sql
\ir functions/template/apply_list_filter.sql
\ir functions/template/apply_text_filter.sql
\ir functions/template/render.sql
\ir functions/template/apply_filter.sql

-- The register of actions.
\ir functions/action/action_catalogue.sql
\ir functions/action/register_action.sql
\ir functions/action/require_action_form.sql
\ir functions/action/require_handler.sql
\ir functions/action/unregister_action.sql

-- Definitions: validate everything, compile, store by content, publish.
\ir functions/definition/add_link.sql
\ir functions/definition/add_reads.sql
\ir functions/definition/archive_template.sql
\ir functions/definition/check_argument.sql
\ir functions/definition/check_carried_out.sql
\ir functions/definition/check_document.sql
\ir functions/definition/check_error_classes.sql
\ir functions/definition/check_event_trigger.sql
\ir functions/definition/check_exchange.sql
\ir functions/definition/check_guard.sql
\ir functions/definition/check_ids.sql
\ir functions/definition/check_input.sql
\ir functions/definition/check_key_choice.sql
\ir functions/definition/check_key_duration.sql
\ir functions/definition/check_key_instant.sql
\ir functions/definition/check_key_list.sql
\ir functions/definition/check_key_name.sql
\ir functions/definition/check_key_number.sql
\ir functions/definition/check_key_type.sql
\ir functions/definition/check_known_keys.sql
\ir functions/definition/check_links.sql
\ir functions/definition/check_local_time.sql
\ir functions/definition/check_one_of.sql
\ir functions/definition/check_parameter.sql
\ir functions/definition/check_reads.sql
\ir functions/definition/check_retry.sql
\ir functions/definition/check_settings.sql
\ir functions/definition/check_step_keys.sql
\ir functions/definition/check_timezone.sql
\ir functions/definition/check_unsupported.sql
\ir functions/definition/check_unused.sql
\ir functions/definition/collect_errors.sql
\ir functions/definition/common_scope.sql
\ir functions/definition/compile_action_step.sql
\ir functions/definition/compile_assignment.sql
\ir functions/definition/compile_common_keys.sql
\ir functions/definition/compile_condition_step.sql
\ir functions/definition/compile_definition.sql
\ir functions/definition/compile_delay_step.sql
\ir functions/definition/compile_guards.sql
\ir functions/definition/compile_merge_step.sql
\ir functions/definition/compile_set_step.sql
\ir functions/definition/compile_split_step.sql
\ir functions/definition/compile_step.sql
\ir functions/definition/compile_stop_step.sql
\ir functions/definition/compile_unknown_step.sql
\ir functions/definition/compiler_version.sql
\ir functions/definition/complete_retry.sql
\ir functions/definition/complete_settings.sql
\ir functions/definition/connect_steps.sql
\ir functions/definition/count_steps.sql
\ir functions/definition/create_template.sql
\ir functions/definition/describe_stray_merge.sql
\ir functions/definition/duplicate_template.sql
\ir functions/definition/export_template.sql
\ir functions/definition/find_earlier.sql
\ir functions/definition/find_scopes.sql
\ir functions/definition/find_template.sql
\ir functions/definition/finish_errors.sql
\ir functions/definition/guess_targets.sql
\ir functions/definition/has_input_type.sql
\ir functions/definition/hash_definition.sql
\ir functions/definition/import_template.sql
\ir functions/definition/insert_template.sql
\ir functions/definition/is_beyond.sql
\ir functions/definition/is_secret_field.sql
\ir functions/definition/let_template_listen.sql
\ir functions/definition/list_edges.sql
\ir functions/definition/list_error_classes.sql
\ir functions/definition/list_input_types.sql
\ir functions/definition/list_merges.sql
\ir functions/definition/map_targets.sql
\ir functions/definition/publish_template.sql
\ir functions/definition/raise_name_taken.sql
\ir functions/definition/read_definition.sql
\ir functions/definition/read_trigger.sql
\ir functions/definition/require_definition_size.sql
\ir functions/definition/require_draft.sql
\ir functions/definition/require_template_fields.sql
\ir functions/definition/resolve_steps.sql
\ir functions/definition/scope_behind.sql
\ir functions/definition/store_definition.sql
\ir functions/definition/suggest_error.sql
\ir functions/definition/trigger_types.sql
\ir functions/definition/update_template.sql
\ir functions/definition/validate_definition.sql
\ir functions/definition/walk_edges.sql
\ir functions/definition/check_input_schema.sql
\ir functions/definition/check_merges.sql
\ir functions/definition/check_secrets.sql
\ir functions/definition/check_trigger.sql

-- The walk: tokens enter steps, steps are settled, scopes close, instances end.
\ir functions/engine/advance.sql
\ir functions/engine/bound_native_calls.sql
\ir functions/engine/build_context.sql
\ir functions/engine/cancel_open_steps.sql
\ir functions/engine/choose_cases.sql
\ir functions/engine/close_scopes.sql
\ir functions/engine/compute_assignments.sql
\ir functions/engine/continue_chain.sql
\ir functions/engine/count_activations.sql
\ir functions/engine/count_visits.sql
\ir functions/engine/defer_sets.sql
\ir functions/engine/drop_instance_timers.sql
\ir functions/engine/drop_step_timers.sql
\ir functions/engine/due_time.sql
\ir functions/engine/end_instance_tokens.sql
\ir functions/engine/enter_steps.sql
\ir functions/engine/error_class.sql
\ir functions/engine/error_object.sql
\ir functions/engine/fail_visits.sql
\ir functions/engine/finish_instances.sql
\ir functions/engine/fire_merges.sql
\ir functions/engine/gone_tokens.sql
\ir functions/engine/lock_roots.sql
\ir functions/engine/merge_objects.sql
\ir functions/engine/must_reraise.sql
\ir functions/engine/output_fault.sql
\ir functions/engine/perform_visits.sql
\ir functions/engine/read_cause.sql
\ir functions/engine/retry_delay.sql
\ir functions/engine/run_action.sql
\ir functions/engine/run_actions.sql
\ir functions/engine/save_outputs.sql
\ir functions/engine/select_visits.sql
\ir functions/engine/settle_steps.sql
\ir functions/engine/sign_cause.sql
\ir functions/engine/start_timers.sql
\ir functions/engine/step_statuses.sql
\ir functions/engine/successors.sql
\ir functions/engine/visit_output.sql
\ir functions/engine/activation_limit.sql
\ir functions/engine/assign_variables.sql
\ir functions/engine/context_fault.sql
\ir functions/engine/context_limit.sql
\ir functions/engine/decide_step.sql
\ir functions/engine/end_by_stop.sql
\ir functions/engine/fail_poisoned.sql
\ir functions/engine/judge_outcomes.sql
\ir functions/engine/postpone_tokens.sql
\ir functions/engine/record_activations.sql

-- The way out and back: actions to the queue, results from the workers.
\ir functions/queue/action_message.sql
\ir functions/queue/apply_outcomes.sql
\ir functions/queue/claim_pending.sql
\ir functions/queue/complete_actions.sql
\ir functions/queue/delete_messages.sql
\ir functions/queue/drop_pending.sql
\ir functions/queue/enter_external.sql
\ir functions/queue/extend_lease.sql
\ir functions/queue/fill_queue.sql
\ir functions/queue/free_places.sql
\ir functions/queue/hand_over.sql
\ir functions/queue/lock_fillable_orgs.sql
\ir functions/queue/places_freed.sql
\ir functions/queue/read_results.sql
\ir functions/queue/reported_error.sql
\ir functions/queue/room_in_queue.sql
\ir functions/queue/send_actions.sql
\ir functions/queue/use_credit.sql
\ir functions/queue/withdraw_messages.sql
\ir functions/queue/admit_actions.sql
\ir functions/queue/match_messages.sql

-- Instances: start, watch, cancel.
\ir functions/instance/advance_new.sql
\ir functions/instance/cancel_instance.sql
\ir functions/instance/cancel_workflow.sql
\ir functions/instance/check_start_item.sql
\ir functions/instance/claim_keys.sql
\ir functions/instance/copy_definition.sql
\ir functions/instance/create_instances.sql
\ir functions/instance/describe_rehearsal.sql
\ir functions/instance/instance_result.sql
\ir functions/instance/mocked_outcomes.sql
\ir functions/instance/rehearse.sql
\ir functions/instance/rehearse_request.sql
\ir functions/instance/require_instance.sql
\ir functions/instance/start_instances.sql
\ir functions/instance/start_workflow.sql
\ir functions/instance/start_workflows.sql
\ir functions/instance/step_counts.sql
\ir functions/instance/test_workflow.sql
\ir functions/instance/workflow_status.sql
\ir functions/instance/workflow_timeline.sql
\ir functions/instance/read_start_requests.sql

-- Events: captured from watched tables or emitted, shown to what listens.
\ir functions/event/bound_matching.sql
\ir functions/event/build_capture.sql
\ir functions/event/build_capture_statement.sql
\ir functions/event/check_event.sql
\ir functions/event/claim_batches.sql
\ir functions/event/claim_event_keys.sql
\ir functions/event/cut_firings.sql
\ir functions/event/dispatch_events.sql
\ir functions/event/drop_listener.sql
\ir functions/event/emit_event.sql
\ir functions/event/emit_events.sql
\ir functions/event/event_document.sql
\ir functions/event/extend_chain.sql
\ir functions/event/find_suppression.sql
\ir functions/event/fire_listeners.sql
\ir functions/event/heard_names.sql
\ir functions/event/is_event_name.sql
\ir functions/event/is_plain_type.sql
\ir functions/event/list_capture_failures.sql
\ir functions/event/list_column_types.sql
\ir functions/event/list_key_columns.sql
\ir functions/event/list_watched_tables.sql
\ir functions/event/lock_feed.sql
\ir functions/event/lock_feeds.sql
\ir functions/event/match_apart.sql
\ir functions/event/match_events.sql
\ir functions/event/note_capture_failure.sql
\ir functions/event/place_capture.sql
\ir functions/event/read_current.sql
\ir functions/event/read_event_requests.sql
\ir functions/event/record_events.sql
\ir functions/event/register_watch.sql
\ir functions/event/renew_listeners.sql
\ir functions/event/require_emitter.sql
\ir functions/event/require_watchable.sql
\ir functions/event/rewrite_captures.sql
\ir functions/event/set_listener.sql
\ir functions/event/settle_batches.sql
\ir functions/event/some_waiting_feed.sql
\ir functions/event/stop_listener.sql
\ir functions/event/unregister_watch.sql
\ir functions/event/unwatch_table.sql
\ir functions/event/waiting_feeds.sql
\ir functions/event/watch_table.sql
\ir functions/event/write_capture.sql
\ir functions/event/build_capture_branch.sql
\ir functions/event/build_comparable.sql
\ir functions/event/build_entity.sql
\ir functions/event/build_entity_match.sql
\ir functions/event/build_value.sql
\ir functions/event/document_before.sql
\ir functions/event/meets.sql
\ir functions/event/record_refused.sql
\ir functions/event/record_suppressed.sql
\ir functions/event/request_starts.sql
\ir functions/event/build_capture_body.sql
\ir functions/event/build_row_document.sql

-- Rules: a trigger, a condition and a small workflow.
\ir functions/rule/action_aliases.sql
\ir functions/rule/activate_rule.sql
\ir functions/rule/archive_rule.sql
\ir functions/rule/build_rule_steps.sql
\ir functions/rule/check_rule.sql
\ir functions/rule/check_rule_actions.sql
\ir functions/rule/create_rule.sql
\ir functions/rule/duplicate_rule.sql
\ir functions/rule/explain_rule.sql
\ir functions/rule/export_rule.sql
\ir functions/rule/find_firing.sql
\ir functions/rule/find_rule.sql
\ir functions/rule/join_conditions.sql
\ir functions/rule/judge_rule.sql
\ir functions/rule/normalise_rule.sql
\ir functions/rule/patch_rule.sql
\ir functions/rule/pause_rule.sql
\ir functions/rule/place_action_errors.sql
\ir functions/rule/place_condition_errors.sql
\ir functions/rule/put_rule_live.sql
\ir functions/rule/read_rule.sql
\ir functions/rule/read_rule_action.sql
\ir functions/rule/read_rule_conditions.sql
\ir functions/rule/recheck_rule.sql
\ir functions/rule/rehearse_rule.sql
\ir functions/rule/require_rule.sql
\ir functions/rule/rule_document.sql
\ir functions/rule/run_document.sql
\ir functions/rule/sample_event.sql
\ir functions/rule/save_rule.sql
\ir functions/rule/silence_rule.sql
\ir functions/rule/test_rule.sql
\ir functions/rule/update_rule.sql
\ir functions/rule/validate_rule.sql

-- The clock: what is due is done in bounded batches.
\ir functions/clock/claim_timers.sql
\ir functions/clock/cron_jobs.sql
\ir functions/clock/disable_cron.sql
\ir functions/clock/do_chores.sql
\ir functions/clock/enable_cron.sql
\ir functions/clock/fold_in_flight.sql
\ir functions/clock/fold_rule_usage.sql
\ir functions/clock/fold_usage.sql
\ir functions/clock/repeat_actions.sql
\ir functions/clock/require_clock_login.sql
\ir functions/clock/require_cron.sql
\ir functions/clock/run_engine.sql
\ir functions/clock/run_timers.sql
\ir functions/clock/set_timer_back.sql
\ir functions/clock/statement_timeout_of.sql
\ir functions/clock/tick.sql
\ir functions/clock/waiting_calls.sql
\ir functions/clock/wake_timers.sql

-- Operation.
\ir functions/ops/check_waiting.sql
\ir functions/ops/count_tokens.sql
\ir functions/ops/check_instances.sql
\ir functions/ops/check_invariants.sql

-- Views.
\ir views/v_automation_performance.sql
\ir views/v_workflow_instances.sql
\ir views/v_workflow_steps.sql
\ir views/v_workflow_timeline.sql

-- Actions that come with the engine.
\ir library/actions.sql

-- Who owns, sees and calls what; what captures changes.
\ir ownership.sql
\ir policies.sql
\ir grants.sql
\ir captures.sql
