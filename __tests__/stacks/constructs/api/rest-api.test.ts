import { Construct } from "constructs";
import type { Integration, Routes } from "../../../../stacks/constructs/api/api-routes";
import { RestApi } from "../../../../stacks/constructs/api/rest-api";
import { logs } from "../../../support/network";
import { type Synthesized, synthOf } from "../../../support/synth";

class Answer extends Construct implements Integration {
  readonly functionName = `test-${this.node.id}`;
  readonly aliasName = "live";
  readonly invokeArn = `arn:of:${this.node.id}`;
}

function api(routes: (answer: Answer, other: Answer) => Routes, throttleRate = 50): Synthesized {
  return synthOf((stack) => {
    new RestApi(stack, "api", {
      description: "A test",
      stage: "api",
      throttleRate,
      throttleBurst: 100,
      userPoolArns: ["arn:of:users", "arn:of:check"],
      logs,
      routes: routes(new Answer(stack, "media"), new Answer(stack, "other")),
    });
  });
}

const usual = (answer: Answer): Routes => ({ "GET /media": answer, "GET /media/{id}": answer });
const definition = (synthesized: Synthesized): unknown =>
  synthesized.at("aws_api_gateway_deployment.api_deployment").triggers.definition;

test("makes each path once, below its parent", () => {
  const synthesized = api(usual);
  expect(synthesized.of("aws_api_gateway_resource")).toHaveLength(2);
  expect(synthesized.at("aws_api_gateway_resource.api_routes_path_media_id")).toMatchObject({
    parent_id: "${aws_api_gateway_resource.api_routes_path_media.id}",
    path_part: "{id}",
  });
});

test("a route's path parameters are required", () => {
  expect(api(usual).at("aws_api_gateway_method.api_routes_get_media_id").request_parameters).toEqual({
    "method.request.path.id": true,
  });
});

test("reading is public, writing requires a token of one of the user pools", () => {
  const synthesized = api((answer) => ({
    ...usual(answer),
    "DELETE /media/{id}": answer,
    "HEAD /media": answer,
  }));
  const methods = Object.values(synthesized.of("aws_api_gateway_method"));
  expect(methods.map(({ http_method, authorization }) => [http_method, authorization])).toEqual([
    ["DELETE", "COGNITO_USER_POOLS"],
    ["GET", "NONE"],
    ["GET", "NONE"],
    ["HEAD", "NONE"],
  ]);
  expect(synthesized.at("aws_api_gateway_authorizer.api_routes_users").provider_arns).toEqual([
    "arn:of:users",
    "arn:of:check",
  ]);
  expect(api(usual).of("aws_api_gateway_authorizer")).toHaveLength(0);
});

test("a route that says so requires a token also for reading", () => {
  const synthesized = api((answer) => ({
    ...usual(answer),
    "GET /me/media": { integration: answer, authorized: true },
  }));
  expect(synthesized.at("aws_api_gateway_method.api_routes_get_me_media")).toMatchObject({
    authorization: "COGNITO_USER_POOLS",
    authorizer_id: "${aws_api_gateway_authorizer.api_routes_users.id}",
  });
});

test("a route that accepts JSON rejects what violates its schema, before the function runs", () => {
  const schema = { type: "object", required: ["title"] };
  const synthesized = api((answer) => ({
    ...usual(answer),
    "POST /media": { integration: answer, body: schema },
    "PATCH /media/{id}": { integration: answer, body: schema },
  }));
  const model = synthesized.at("aws_api_gateway_model.api_routes_post_media_model");
  expect(model).toMatchObject({ name: "postmedia", content_type: "application/json" });
  expect(JSON.parse(model.schema as string)).toEqual(schema);
  expect(synthesized.at("aws_api_gateway_method.api_routes_post_media")).toMatchObject({
    authorization: "COGNITO_USER_POOLS",
    request_validator_id: "${aws_api_gateway_request_validator.api_routes_validator.id}",
    request_models: { "application/json": "${aws_api_gateway_model.api_routes_post_media_model.name}" },
  });
  expect(synthesized.of("aws_api_gateway_request_validator")).toEqual([
    expect.objectContaining({ validate_request_body: true, validate_request_parameters: true }),
  ]);
  expect(synthesized.of("aws_lambda_permission")).toHaveLength(1);
});

test("each function may be called by this API's stage only, once however many routes it answers", () => {
  const permissions = api(usual).of("aws_lambda_permission");
  expect(permissions).toEqual([
    expect.objectContaining({
      function_name: "test-media",
      qualifier: "live",
      principal: "apigateway.amazonaws.com",
      source_arn: "${aws_api_gateway_rest_api.api.execution_arn}/api/*",
    }),
  ]);
});

test("is redeployed only when a route is added or gets another function", () => {
  const before = definition(api(usual));
  expect(definition(api(usual, 99))).toBe(before);
  expect(definition(api((answer, other) => ({ ...usual(answer), "GET /media": other })))).not.toBe(before);
  expect(definition(api((answer) => ({ ...usual(answer), "DELETE /media/{id}": answer })))).not.toBe(before);
});

test("is traced, throttled and logged, without bodies or tokens", () => {
  const synthesized = api(usual);
  const stage = synthesized.at("aws_api_gateway_stage.api_stage");
  expect(stage.xray_tracing_enabled).toBe(true);
  expect(stage.access_log_settings.destination_arn).toBe("${aws_cloudwatch_log_group.api_access_logs.arn}");
  expect(JSON.parse(stage.access_log_settings.format as string)).toMatchObject({ status: "$context.status" });
  expect(synthesized.at("aws_api_gateway_method_settings.api_method_settings").settings).toMatchObject({
    throttling_rate_limit: 50,
    throttling_burst_limit: 100,
    data_trace_enabled: false,
    metrics_enabled: true,
  });
});

test("the log group of its errors exists before API Gateway would make it, and keeps them as long as the settings say", () => {
  const synthesized = api(usual);
  expect(synthesized.at("aws_cloudwatch_log_group.api_execution_logs")).toMatchObject({
    name: "API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.api.id}/api",
    retention_in_days: logs.retentionDays,
  });
  expect(synthesized.at("aws_api_gateway_method_settings.api_method_settings")).toMatchObject({
    settings: { logging_level: "ERROR" },
    depends_on: ["aws_cloudwatch_log_group.api_execution_logs"],
  });
});
