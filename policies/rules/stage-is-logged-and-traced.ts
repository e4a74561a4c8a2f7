import { defineRule, each, type Fault } from "../rule";

export const stageIsLoggedAndTraced = defineRule({
  id: "stage-is-logged-and-traced",
  sentence: "An API stage writes access logs and is traced by X-Ray.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/apigateway-controls.html#apigateway-3",
  code: { "stacks/constructs/api/rest-api.ts": ["accessLogSettings", "xrayTracingEnabled"] },
  find: each("aws_api_gateway_stage", (stage) => {
    const faults: Fault[] = [];
    if (!stage.at("access_log_settings.destination_arn").exists) {
      faults.push({
        finding: "access logs are not written",
        remedy: "set accessLogSettings",
        source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
      });
    }
    if (!stage.at("xray_tracing_enabled").isTrue) {
      faults.push({ finding: "tracing is not enabled", remedy: "set xrayTracingEnabled to true" });
    }
    return faults;
  }),
});
