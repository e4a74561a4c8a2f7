import { each } from "../rule";

export const stageIsLoggedAndTraced = each("aws_api_gateway_stage", (stage) =>
  stage.at("access_log_settings.destination_arn").exists && stage.at("xray_tracing_enabled").isTrue
    ? undefined
    : {
        finding: "is not both logged and traced",
        remedy: "set accessLogSettings and xrayTracingEnabled: true",
      },
);
