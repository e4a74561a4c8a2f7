import { defineRule, each } from "../rule";

export const serviceRollsBack = defineRule({
  id: "service-rolls-back",
  sentence: "A service rolls back a failed deployment.",
  source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
  code: { "stacks/constructs/compute/processor.ts": ["deploymentCircuitBreaker"] },
  find: each("aws_ecs_service", (service) =>
    service.at("deployment_circuit_breaker.enable").isTrue &&
    service.at("deployment_circuit_breaker.rollback").isTrue
      ? undefined
      : {
          finding: "a failed deployment is not rolled back",
          remedy: "set deploymentCircuitBreaker to { enable: true, rollback: true }",
        },
  ),
});
