/** Attributes without effect on data, access, protection and availability, for all types. */
const EVERYWHERE: Readonly<Record<string, readonly string[]>> = {
  "names and descriptions": [
    "name",
    "name_prefix",
    "display_name",
    "description",
    "comment",
    "alarm_name",
    "alarm_description",
    "dashboard_name",
    "function_name",
    "family",
    "label",
    "title",
    "sid",
    "statement_id",
    "friendly_name",
    "group_name",
    "user_group_id",
    "rule_name",
    "metadata.name",
    "metadata.namespace",
    "metadata.generate_name",
  ],
  "labels and tags": [
    "tags",
    "tags_all",
    "labels",
    "effective_labels",
    "terraform_labels",
    "user_labels",
    "propagate_tags",
  ],
  "how long Terraform waits": [
    "timeouts",
    "wait_for_deployment",
    "wait_for_completion",
    "wait_for_steady_state",
    "wait",
  ],
  "values that the provider computes": [
    "id",
    "arn",
    "self_link",
    "etag",
    "fingerprint",
    "last_modified",
    "last_updated",
    "version_id",
    "generation",
    "resource_version",
    "unique_id",
    "uid",
    "qualified_arn",
    "owner_id",
    "creation_timestamp",
  ],
  "the place, and what a resource belongs to, which only a replacement changes": [
    "location",
    "region",
    "project",
    "zone",
    "resource_group_name",
    "namespace",
    "vpc_id",
    "bucket",
    "repository",
    "cluster_name",
    "rest_api_id",
    "api_id",
    "user_pool_id",
    "security_group_id",
    "network_acl_id",
    "route_table_id",
    "subnet_id",
    "resource_arn",
    "load_balancer_arn",
    "server_id",
    "server_name",
    "storage_account_name",
    "virtual_network_name",
    "secret_id",
    "stage_name",
  ],
};

/**
 * Attributes of a type without effect on data, access, protection and availability, or whose effect is the purpose of a
 * release, such as the code of a function. `*` stands for all attributes: the type only connects others, whose rules
 * cover them.
 */
const BY_TYPE: Readonly<Record<string, string>> = {
  aws_amplify_app: "platform repository framework build_spec custom_rule environment_variables",
  aws_amplify_branch: "app_id branch_name enable_auto_build framework stage",
  aws_api_gateway_account: "reset_on_delete",
  aws_api_gateway_authorizer: "rest_api_id type authorizer_result_ttl_in_seconds",
  aws_api_gateway_deployment: "*",
  aws_api_gateway_gateway_response:
    "response_parameters response_templates response_type rest_api_id status_code",
  aws_api_gateway_integration:
    "http_method integration_http_method resource_id rest_api_id type timeout_milliseconds passthrough_behavior content_handling request_templates request_parameters",
  aws_api_gateway_method:
    "http_method resource_id rest_api_id request_models request_parameters request_validator_id operation_name",
  aws_api_gateway_method_settings: "method_path rest_api_id stage_name settings.data_trace_enabled",
  aws_api_gateway_model: "*",
  aws_api_gateway_request_validator: "rest_api_id",
  aws_api_gateway_resource: "*",
  aws_api_gateway_rest_api:
    "body endpoint_configuration.ip_address_type minimum_compression_size binary_media_types",
  aws_api_gateway_stage: "access_log_settings.format deployment_id rest_api_id stage_name variables",
  aws_appautoscaling_policy:
    "policy_type resource_id scalable_dimension service_namespace step_scaling_policy_configuration target_tracking_scaling_policy_configuration",
  aws_appautoscaling_target: "resource_id scalable_dimension service_namespace role_arn",
  aws_backup_plan:
    "rule.rule_name rule.completion_window rule.start_window rule.recovery_point_tags rule.schedule_expression_timezone",
  aws_backup_selection: "plan_id",
  aws_backup_vault: "",
  aws_backup_vault_lock_configuration: "backup_vault_name",
  aws_budgets_budget:
    "budget_type limit_unit time_unit time_period_start time_period_end notification.threshold notification.threshold_type notification.notification_type notification.comparison_operator cost_filter cost_types",
  aws_cloudfront_cache_policy: "default_ttl max_ttl min_ttl parameters_in_cache_key_and_forwarded_to_origin",
  aws_cloudfront_distribution:
    "http_version is_ipv6_enabled price_class retain_on_delete default_root_object custom_error_response default_cache_behavior.allowed_methods default_cache_behavior.cached_methods default_cache_behavior.cache_policy_id default_cache_behavior.compress default_cache_behavior.origin_request_policy_id default_cache_behavior.response_headers_policy_id default_cache_behavior.default_ttl default_cache_behavior.min_ttl default_cache_behavior.max_ttl ordered_cache_behavior.allowed_methods ordered_cache_behavior.cached_methods ordered_cache_behavior.cache_policy_id ordered_cache_behavior.compress ordered_cache_behavior.origin_request_policy_id ordered_cache_behavior.response_headers_policy_id ordered_cache_behavior.path_pattern ordered_cache_behavior.default_ttl ordered_cache_behavior.min_ttl ordered_cache_behavior.max_ttl origin.origin_id origin.connection_attempts origin.connection_timeout origin.custom_origin_config.http_port origin.custom_origin_config.https_port origin.custom_origin_config.origin_keepalive_timeout origin.custom_origin_config.origin_read_timeout viewer_certificate.cloudfront_default_certificate viewer_certificate.ssl_support_method",
  aws_cloudfront_key_group: "",
  aws_cloudfront_origin_request_policy: "cookies_config headers_config query_strings_config",
  aws_cloudfront_origin_access_control: "origin_access_control_origin_type signing_protocol",
  aws_cloudfront_public_key: "caller_reference",
  aws_cloudtrail: "s3_key_prefix",
  aws_cloudwatch_dashboard: "dashboard_body",
  aws_cloudwatch_event_rule: "event_pattern schedule_expression event_bus_name",
  aws_cloudwatch_event_target: "rule event_bus_name input input_path input_transformer retry_policy",
  aws_cloudwatch_log_delivery: "delivery_source_name s3_delivery_configuration record_fields",
  aws_cloudwatch_log_delivery_destination: "output_format",
  aws_cloudwatch_log_delivery_source: "log_type resource_arn",
  aws_cloudwatch_log_group: "log_group_class skip_destroy",
  aws_cloudwatch_metric_alarm:
    "namespace period unit dimensions metric_query.id metric_query.label metric_query.period metric_query.return_data metric_query.metric",
  aws_cloudwatch_query_definition: "*",
  aws_cognito_user_pool:
    "username_attributes username_configuration account_recovery_setting auto_verified_attributes email_configuration verification_message_template admin_create_user_config.invite_message_template schema",
  aws_cognito_user_pool_client:
    "user_pool_id token_validity_units generate_secret supported_identity_providers",
  aws_db_instance:
    "allocated_storage max_allocated_storage storage_type iops storage_throughput allow_major_version_upgrade apply_immediately backup_window maintenance_window db_name engine engine_lifecycle_support final_snapshot_identifier performance_insights_retention_period monitoring_role_arn option_group_name license_model character_set_name timezone username manage_master_user_password engine_version",
  aws_db_parameter_group: "family parameter.apply_method",
  aws_db_subnet_group: "",
  aws_ecr_repository: "",
  aws_ecs_cluster: "setting.name",
  aws_ecs_cluster_capacity_providers: "cluster_name capacity_providers default_capacity_provider_strategy",
  aws_ecs_service:
    "cluster capacity_provider_strategy availability_zone_rebalancing deployment_maximum_percent enable_ecs_managed_tags health_check_grace_period_seconds launch_type load_balancer.container_name load_balancer.container_port platform_version task_definition force_new_deployment triggers scheduling_strategy",
  aws_ecs_task_definition:
    "cpu memory network_mode requires_compatibilities runtime_platform ephemeral_storage track_latest volume.name container_definitions.image container_definitions.name container_definitions.environment container_definitions.portMappings container_definitions.logConfiguration container_definitions.essential container_definitions.cpu container_definitions.memory container_definitions.memoryReservation container_definitions.mountPoints container_definitions.volumesFrom container_definitions.healthCheck container_definitions.stopTimeout container_definitions.startTimeout container_definitions.systemControls container_definitions.ulimits container_definitions.linuxParameters.initProcessEnabled container_definitions.command container_definitions.entryPoint container_definitions.workingDirectory container_definitions.dependsOn container_definitions.dockerLabels skip_destroy",
  aws_eip: "domain instance network_interface",
  aws_elasticache_parameter_group: "family",
  aws_elasticache_replication_group:
    "apply_immediately engine maintenance_window snapshot_window notification_topic_arn preferred_cache_cluster_azs engine_version",
  aws_elasticache_subnet_group: "",
  aws_elasticache_user: "engine user_id user_name",
  aws_elasticache_user_group: "engine",
  aws_flow_log: "log_destination_type max_aggregation_interval",
  aws_grafana_workspace: "grafana_version data_sources notification_destinations stack_set_name",
  aws_iam_openid_connect_provider: "url",
  aws_iam_policy: "path",
  aws_iam_role: "path force_detach_policies",
  aws_internet_gateway: "",
  aws_kms_alias: "",
  aws_kms_key: "key_usage customer_master_key_spec multi_region",
  aws_lambda_alias: "function_version routing_config",
  aws_lambda_event_source_mapping:
    "batch_size maximum_batching_window_in_seconds function_response_types filter_criteria scaling_config parallelization_factor maximum_retry_attempts maximum_record_age_in_seconds bisect_batch_on_function_error",
  aws_lambda_function:
    "architectures code_sha256 code_signing_config_arn environment filename handler image_uri image_config invoke_arn layers logging_config memory_size package_type publish runtime s3_bucket s3_key s3_object_version source_code_hash source_code_size timeout version ephemeral_storage snap_start vpc_config.subnet_ids tracing_config.mode",
  aws_lambda_invocation: "function_name input lifecycle_scope qualifier result terraform_key triggers",
  aws_lambda_provisioned_concurrency_config: "qualifier provisioned_concurrent_executions",
  aws_lb:
    "load_balancer_type idle_timeout access_logs.prefix enable_http2 client_keep_alive subnet_mapping ip_address_type preserve_host_header xff_header_processing_mode",
  aws_lb_listener:
    "load_balancer_arn default_action.type default_action.order default_action.redirect alpn_policy",
  aws_lb_target_group:
    "deregistration_delay health_check protocol protocol_version slow_start stickiness target_type load_balancing_algorithm_type",
  aws_nat_gateway: "connectivity_type allocation_id",
  aws_route: "",
  aws_route53_health_check: "failure_threshold request_interval resource_path measure_latency",
  aws_route53_record: "ttl type set_identifier allow_overwrite health_check_id alias.evaluate_target_health",
  aws_route_table: "",
  aws_route_table_association: "",
  aws_s3_bucket: "bucket bucket_prefix",
  aws_s3_bucket_cors_configuration:
    "cors_rule.allowed_headers cors_rule.expose_headers cors_rule.max_age_seconds cors_rule.id",
  aws_s3_bucket_intelligent_tiering_configuration: "filter tiering",
  aws_s3_bucket_lifecycle_configuration:
    "transition_default_minimum_object_size rule.id rule.abort_incomplete_multipart_upload rule.transition rule.noncurrent_version_transition",
  aws_s3_bucket_logging: "target_prefix target_object_key_format",
  aws_s3_bucket_notification: "eventbridge queue.events queue.id queue.filter_prefix queue.filter_suffix",
  aws_s3_bucket_replication_configuration: "rule.id rule.priority rule.destination.storage_class",
  aws_s3_object:
    "key content content_base64 content_type cache_control content_encoding content_disposition content_language metadata source source_hash storage_class force_destroy",
  aws_secretsmanager_secret: "force_overwrite_replica_secret",
  aws_security_group: "revoke_rules_on_delete",
  aws_sns_topic: "",
  aws_sns_topic_subscription: "raw_message_delivery filter_policy filter_policy_scope",
  aws_sqs_queue:
    "delay_seconds max_message_size receive_wait_time_seconds visibility_timeout_seconds fifo_queue content_based_deduplication kms_data_key_reuse_period_seconds redrive_policy.maxReceiveCount redrive_allow_policy.redrivePermission redrive_allow_policy.sourceQueueArns",
  aws_ssm_parameter: "data_type tier allowed_pattern",
  aws_subnet: "cidr_block availability_zone availability_zone_id ipv6_cidr_block",
  aws_vpc: "cidr_block enable_dns_hostnames enable_dns_support instance_tenancy",
  aws_vpc_endpoint: "service_name vpc_endpoint_type dns_options ip_address_type auto_accept",
  aws_vpc_security_group_egress_rule: "security_group_id ip_protocol",
  aws_vpc_security_group_ingress_rule: "security_group_id",
  aws_wafv2_web_acl: "scope visibility_config.metric_name rule.visibility_config.metric_name",
  aws_wafv2_web_acl_association: "",
  aws_xray_group: "",
  aws_xray_sampling_rule: "*",
};

const EVERYWHERE_NAMES = new Set(Object.values(EVERYWHERE).flat());
const OF_TYPE = new Map(
  Object.entries(BY_TYPE).map(([type, names]) => [type, new Set(names.split(" ").filter(Boolean))]),
);

/** Names of attributes that are ordinary at any depth. */
const NAMES = new Set(["name", "description", "comment", "label", "id"]);

/** Whether a change of an attribute has no effect that a reviewer must see. */
export function isOrdinary(type: string, path: string): boolean {
  const own = OF_TYPE.get(type);
  if (own?.has("*") === true) return true;
  const parts = path.split(".");
  if (EVERYWHERE_NAMES.has(parts[0] ?? "") || EVERYWHERE_NAMES.has(path)) return true;
  if (NAMES.has(parts.at(-1) ?? "")) return true;
  return parts.some((_, index) => own?.has(parts.slice(0, index + 1).join(".")) === true);
}

/** For the table of what is covered. */
export const ORDINARY_EVERYWHERE = EVERYWHERE;
export const ORDINARY_BY_TYPE = BY_TYPE;
