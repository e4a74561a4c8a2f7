import { LoadBalancer } from "../../../../stacks/constructs/edge/load-balancer";
import { Processor } from "../../../../stacks/constructs/compute/processor";
import { Storage } from "../../../../stacks/constructs/data/storage";
import { WorkQueue } from "../../../../stacks/constructs/data/work-queue";
import type { NetworkSettings } from "../../../../stacks/constructs/network/settings";
import { here, logs, networkIn } from "../../../support/network";
import {
  decoded,
  settingsOf,
  synthEnvironment,
  type Synthesized,
  synthFoundation,
  synthOf,
} from "../../../support/synth";

interface Change {
  readonly nat?: NetworkSettings["nat"];
  readonly certificateArn?: string;
  readonly onlyFromEdge?: boolean;
}

function processor({ nat = "none", onlyFromEdge = true, ...certificate }: Change = {}): Synthesized {
  return synthOf((stack) => {
    const dev = settingsOf("dev");
    const network = networkIn(stack, { nat });
    const queue = new WorkQueue(stack, "media-queue", { ...dev.queue, ...here });
    const storage = new Storage(stack, "storage", {
      ...dev.storage,
      ...here,
      protect: false,
      address: { url: "https://x.y" },
      queue,
    });
    const loadBalancer = new LoadBalancer(stack, "balancer", {
      network,
      region: here.region,
      protect: false,
      accessLogs: storage.logs,
      targetPort: 8080,
      onlyFromEdge,
      ...certificate,
    });
    new Processor(stack, "processor", {
      ...dev.processor,
      network,
      images: { account: here.account, region: here.region, environment: "test" },
      region: here.region,
      logs,
      queue,
      loadBalancer,
      environment: { QUEUE_URL: queue.url },
      permissions: [queue.consume()],
      connections: {},
      after: [],
    });
  });
}

const container = (synthesized: Synthesized) =>
  (
    decoded(
      synthesized.at("aws_ecs_task_definition.processor_task").container_definitions as string,
    ) as unknown[]
  )[0];

test("a task is unprivileged, on arm64, with files that can't be changed", () => {
  const synthesized = processor();
  expect(synthesized.at("aws_ecs_task_definition.processor_task")).toMatchObject({
    runtime_platform: { cpu_architecture: "ARM64" },
    cpu: "256",
    memory: "1024",
  });
  expect(container(synthesized)).toMatchObject({
    user: "1000:1000",
    readonlyRootFilesystem: true,
    stopTimeout: 120,
    healthCheck: { command: expect.arrayContaining([expect.stringContaining("/health")]) },
  });
});

test("its variables are sorted, as ECS returns them", () => {
  const { environment } = container(processor()) as { environment: { name: string }[] };
  const names = environment.map(({ name }) => name);
  expect(names).toEqual([...names].sort());
  expect(names).toContain("QUEUE_URL");
});

test("a task has its memory as a variable", () => {
  const { environment } = container(processor()) as { environment: { name: string; value: string }[] };
  expect(environment).toContainEqual({ name: "MEMORY_MIB", value: "1024" });
});

test("a bad deployment is rolled back, and the number of tasks is the autoscaler's", () => {
  expect(processor().at("aws_ecs_service.processor")).toMatchObject({
    deployment_circuit_breaker: { enable: true, rollback: true },
    lifecycle: { ignore_changes: ["desired_count"] },
  });
});

test("scales from 1 to 10 tasks by CPU at 70 % and by backlog, waiting 60 seconds", () => {
  const synthesized = processor();
  expect(synthesized.at("aws_appautoscaling_target.processor_scaling")).toMatchObject({
    min_capacity: 1,
    max_capacity: 10,
    scalable_dimension: "ecs:service:DesiredCount",
  });
  const cpu = synthesized.at("aws_appautoscaling_policy.processor_scaling_cpu");
  expect(cpu.target_tracking_scaling_policy_configuration).toMatchObject({
    target_value: 70,
    scale_in_cooldown: 60,
    scale_out_cooldown: 60,
    predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" },
  });
  const backlog = synthesized.at("aws_appautoscaling_policy.processor_scaling_backlog");
  const { metrics } = backlog.target_tracking_scaling_policy_configuration.customized_metric_specification;
  expect(metrics.filter((metric: { return_data: boolean }) => metric.return_data)).toHaveLength(1);
  expect(JSON.stringify(metrics)).toContain("ApproximateNumberOfMessagesVisible");
});

test("scales out after one minute of high load, in proportion to the queue", () => {
  const synthesized = processor();
  const alarm = synthesized.at("aws_cloudwatch_metric_alarm.processor_scaling_rush_alarm");
  expect(alarm).toMatchObject({
    metric_name: "ApproximateNumberOfMessagesVisible",
    period: 60,
    evaluation_periods: 1,
    alarm_actions: ["${aws_appautoscaling_policy.processor_scaling_rush.arn}"],
  });
  const { step_scaling_policy_configuration: rush } = synthesized.at(
    "aws_appautoscaling_policy.processor_scaling_rush",
  );
  const steps: { metric_interval_lower_bound: string; scaling_adjustment: number }[] = rush.step_adjustment;
  expect(steps.map((step) => [step.metric_interval_lower_bound, step.scaling_adjustment])).toEqual([
    ["0", 1],
    [String(alarm.threshold), 9],
  ]);
});

test.each([
  ["none", true, "public"],
  ["one", false, "private"],
] as const)("with nat %s a task has a public address: %s, in %s subnets", (nat, assigned, tier) => {
  expect(processor({ nat }).at("aws_ecs_service.processor").network_configuration).toMatchObject({
    assign_public_ip: assigned,
    subnets: [`\${aws_subnet.network_${tier}_a.id}`, `\${aws_subnet.network_${tier}_b.id}`],
  });
});

test("only the load balancer reaches a task", () => {
  const into = processor()
    .of("aws_vpc_security_group_ingress_rule")
    .filter((rule) => rule.security_group_id === "${aws_security_group.processor_security_group.id}");
  expect(into).toEqual([
    expect.objectContaining({
      referenced_security_group_id: "${aws_security_group.balancer_security_group.id}",
      from_port: 8080,
    }),
  ]);
});

test("the load balancer asks /health, and is reached from CloudFront on one port only", () => {
  const synthesized = processor();
  expect(synthesized.at("aws_lb_target_group.balancer_targets").health_check.path).toBe("/health");
  const into = (certificateArn?: string) =>
    processor(certificateArn === undefined ? {} : { certificateArn })
      .of("aws_vpc_security_group_ingress_rule")
      .filter((rule) => rule.security_group_id === "${aws_security_group.balancer_security_group.id}")
      .map((rule) => [rule.from_port, rule.prefix_list_id]);
  expect(into()).toEqual([[80, "pl-3b927c52"]]);
  expect(into("arn:of:certificate")).toEqual([[443, "pl-3b927c52"]]);
});

test("a certificate changes CloudFront's rule in place, also one that an earlier release named after its port", () => {
  const address = "aws_vpc_security_group_ingress_rule.balancer_from_edge";
  const rule = (port: number, change: Change): void => {
    const synthesized = processor(change);
    expect(synthesized.at(address)).toMatchObject({ from_port: port, to_port: port });
    expect(synthesized.json.moved).toEqual([{ from: `${address}_${port}`, to: address }]);
  };
  rule(80, {});
  rule(443, { certificateArn: "arn:of:certificate" });
});

test("without an edge the internet reaches it, redirected to HTTPS where there is a certificate", () => {
  const open = processor({ onlyFromEdge: false, certificateArn: "arn:of:certificate" });
  const ports = open
    .of("aws_vpc_security_group_ingress_rule")
    .filter((rule) => rule.cidr_ipv4 === "0.0.0.0/0")
    .map((rule) => rule.from_port);
  expect(ports.sort()).toEqual([443, 80]);
  expect(open.at("aws_lb_listener.balancer_http").default_action[0]).toMatchObject({
    type: "redirect",
    redirect: { port: "443", protocol: "HTTPS", status_code: "HTTP_301" },
  });
});

test("images are scanned, never overwritten, and tidied, with the environment's key where it has one", () => {
  for (const [name, encryption] of [
    ["dev", "aws-owned"],
    ["prod", "customer"],
  ] as const) {
    const foundation = synthFoundation(name, { encryption });
    const images = foundation.at(`aws_ecr_repository.${name}_images`);
    expect(images).toMatchObject({
      name: `streamflow-${name}-processor-task-images`,
      image_tag_mutability: "IMMUTABLE",
      image_scanning_configuration: { scan_on_push: true },
    });
    expect(images.encryption_configuration).toMatchObject([
      encryption === "customer"
        ? { encryption_type: "KMS", kms_key: expect.stringContaining("aws_kms_key.") as string }
        : { encryption_type: "AES256" },
    ]);
    expect(foundation.of("aws_ecr_lifecycle_policy")).toHaveLength(1);
  }
});

test("an environment that had the repository forgets it, and does not delete it", () => {
  const { removed } = synthEnvironment("prod").json as { removed: { from: string; lifecycle: object }[] };
  expect(removed.map(({ from }) => from)).toEqual([
    "aws_ecr_repository.processor_task_images",
    "aws_ecr_lifecycle_policy.processor_task_images_lifecycle",
  ]);
  for (const { lifecycle } of removed) expect(lifecycle).toEqual({ destroy: false });
  expect(synthEnvironment("prod").of("aws_ecr_repository")).toEqual([]);
});
