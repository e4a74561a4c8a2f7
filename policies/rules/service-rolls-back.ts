import { each, unless } from "../rule";

export const serviceRollsBack = each("aws_ecs_service", (service) =>
  unless(
    service.at("deployment_circuit_breaker.enable").isTrue &&
      service.at("deployment_circuit_breaker.rollback").isTrue,
    "goes on with a deployment that fails",
    "set deploymentCircuitBreaker to { enable: true, rollback: true }",
  ),
);
