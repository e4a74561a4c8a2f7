import { each } from "../rule";

export const serviceRollsBack = each("aws_ecs_service", (service) =>
  service.at("deployment_circuit_breaker.enable").isTrue &&
  service.at("deployment_circuit_breaker.rollback").isTrue
    ? undefined
    : {
        finding: "goes on with a deployment that fails",
        remedy: "set deploymentCircuitBreaker to { enable: true, rollback: true }",
      },
);
