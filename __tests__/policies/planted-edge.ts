import type { Case } from "./planted";

const one = (address: string, plant: object, repair: object): Case => ({
  plant: { [address]: plant as never },
  at: address,
  repair: { [address]: repair as never },
});
const ACL = "aws_wafv2_web_acl.a";
const EDGE = "aws_cloudfront_distribution.d";
const providers = {
  "provider.aws": { region: "eu-west-1" },
  "provider.edge": { region: "us-east-1", alias: "us_east_1" },
};
const guards = { resource_arn: "${aws_lb.l.arn}", web_acl_arn: "${aws_wafv2_web_acl.a.arn}" };
const container = (more: object) => ({
  container_definitions: JSON.stringify([
    { name: "c", user: "1000:1000", readonlyRootFilesystem: true, ...more },
  ]),
});
const TASK = "aws_ecs_task_definition.t";
const fargate = (cpu: string, memory: string) => ({ requires_compatibilities: ["FARGATE"], cpu, memory });

/** Violations of the rules about the edge, the API and compute. */
export const edgeCases = {
  "web-acl-is-associated": [
    {
      plant: { [ACL]: { scope: "REGIONAL" } },
      at: ACL,
      repair: { "aws_wafv2_web_acl_association.l": guards },
    },
    {
      plant: { [ACL]: { scope: "CLOUDFRONT" }, "aws_wafv2_web_acl_association.l": guards },
      at: ACL,
      repair: { [EDGE]: { web_acl_id: "${aws_wafv2_web_acl.a.arn}" } },
    },
  ],
  "web-acl-matches-scope-and-region": [
    {
      plant: { ...providers, [ACL]: { scope: "CLOUDFRONT" } },
      at: ACL,
      repair: { [ACL]: { provider: "aws.us_east_1" } },
    },
    {
      plant: { ...providers, [ACL]: { scope: "CLOUDFRONT" } },
      at: ACL,
      repair: { "provider.aws": { region: "us-east-1" } },
    },
    {
      plant: {
        ...providers,
        [ACL]: { scope: "REGIONAL" },
        [EDGE]: { web_acl_id: "${aws_wafv2_web_acl.a.arn}" },
      },
      at: EDGE,
      repair: { [ACL]: { scope: "CLOUDFRONT", provider: "aws.us_east_1" } },
    },
    {
      plant: {
        ...providers,
        [ACL]: { scope: "CLOUDFRONT", provider: "aws.us_east_1" },
        "aws_wafv2_web_acl_association.l": guards,
      },
      at: "aws_wafv2_web_acl_association.l",
      repair: { [ACL]: { scope: "REGIONAL", provider: undefined } },
    },
    {
      plant: {
        ...providers,
        "aws_acm_certificate.c": {},
        "aws_acm_certificate_validation.v": { certificate_arn: "${aws_acm_certificate.c.arn}" },
        [EDGE]: {
          viewer_certificate: { acm_certificate_arn: "${aws_acm_certificate_validation.v.certificate_arn}" },
        },
      },
      at: EDGE,
      repair: { "aws_acm_certificate.c": { provider: "aws.us_east_1" } },
    },
  ],
  "web-acl-priorities-are-unique": [
    one(
      ACL,
      { rule_json: JSON.stringify([{ Priority: 1 }, { Priority: 1 }]) },
      { rule_json: JSON.stringify([{ Priority: 1 }, { Priority: 2 }]) },
    ),
    one(
      ACL,
      { rule_json: JSON.stringify([{ Name: "a" }]) },
      { rule_json: JSON.stringify([{ Name: "a", Priority: 1 }]) },
    ),
  ],
  "distribution-requires-https": [
    one(
      EDGE,
      {
        default_cache_behavior: { viewer_protocol_policy: "https-only" },
        ordered_cache_behavior: [{ viewer_protocol_policy: "allow-all" }],
      },
      { ordered_cache_behavior: [{ viewer_protocol_policy: "redirect-to-https" }] },
    ),
    one(
      EDGE,
      { default_cache_behavior: { viewer_protocol_policy: "allow-all" } },
      { default_cache_behavior: { viewer_protocol_policy: "https-only" } },
    ),
    one(
      EDGE,
      { viewer_certificate: { acm_certificate_arn: "arn", minimum_protocol_version: "TLSv1" } },
      { viewer_certificate: { acm_certificate_arn: "arn", minimum_protocol_version: "TLSv1.2_2021" } },
    ),
  ],
  "stage-is-logged-and-traced": [
    one(
      "aws_api_gateway_stage.s",
      { access_log_settings: { destination_arn: "arn" }, xray_tracing_enabled: false },
      { xray_tracing_enabled: true },
    ),
    one(
      "aws_api_gateway_stage.s",
      { xray_tracing_enabled: true },
      { access_log_settings: { destination_arn: "arn" } },
    ),
  ],
  "api-write-has-authorizer": [
    one(
      "aws_api_gateway_method.m",
      { http_method: "POST", authorization: "NONE" },
      { authorization: "COGNITO_USER_POOLS", authorizer_id: "${aws_api_gateway_authorizer.a.id}" },
    ),
    one(
      "aws_api_gateway_method.m",
      { http_method: "POST", authorization: "CUSTOM" },
      { authorizer_id: "${aws_api_gateway_authorizer.a.id}" },
    ),
    one("aws_api_gateway_method.m", { http_method: "ANY", authorization: "NONE" }, { http_method: "GET" }),
    one(
      "aws_api_gateway_method.m",
      { http_method: "POST", authorization: "NONE" },
      { authorization: "AWS_IAM" },
    ),
  ],
  "function-runtime-is-supported": [
    one("aws_lambda_function.f", { runtime: "nodejs20.x" }, { runtime: "nodejs22.x" }),
    one("aws_lambda_function.f", {}, { package_type: "Image" }),
  ],
  "function-is-traced": [
    one(
      "aws_lambda_function.f",
      { tracing_config: { mode: "PassThrough" } },
      { tracing_config: { mode: "Active" } },
    ),
  ],
  "function-timeout-fits-api-gateway": [
    {
      plant: {
        "aws_lambda_function.f": { timeout: 30 },
        "aws_lambda_alias.live": { function_name: "${aws_lambda_function.f.function_name}" },
        "aws_api_gateway_integration.i": { uri: "${aws_lambda_alias.live.invoke_arn}" },
      },
      at: "aws_api_gateway_integration.i",
      repair: { "aws_lambda_function.f": { timeout: 29 } },
    },
  ],
  "service-rolls-back": [
    one(
      "aws_ecs_service.s",
      { deployment_circuit_breaker: { enable: true, rollback: false } },
      { deployment_circuit_breaker: { enable: true, rollback: true } },
    ),
  ],
  "task-is-unprivileged": [
    one(TASK, container({ readonlyRootFilesystem: false }), container({})),
    one(TASK, container({ user: undefined }), container({})),
    one(TASK, container({ user: "root" }), container({})),
    one(TASK, container({ user: "0:0" }), container({})),
    one(TASK, container({ privileged: true }), container({ privileged: false })),
  ],
  "fargate-offers-task-size": [
    one(TASK, fargate("256", "4096"), fargate("512", "4096")),
    one(TASK, fargate("300", "1024"), fargate("256", "1024")),
  ],
  "image-tags-are-immutable": [
    one("aws_ecr_repository.r", { image_tag_mutability: "MUTABLE" }, { image_tag_mutability: "IMMUTABLE" }),
    one("aws_ecr_repository.r", {}, { image_tag_mutability: "IMMUTABLE" }),
  ],
} satisfies Record<string, readonly Case[]>;
