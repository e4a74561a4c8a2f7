import { each, unless } from "../rule";

export const stageIsLoggedAndTraced = each("aws_api_gateway_stage", (stage) =>
  unless(
    stage.at("access_log_settings.destination_arn").exists && stage.at("xray_tracing_enabled").isTrue,
    "is not both logged and traced",
    "set accessLogSettings and xrayTracingEnabled: true",
  ),
);
