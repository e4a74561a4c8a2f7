import { Value } from "@packages/terraform/value";
import { PRICES } from "./prices";
import type { Stack } from "@packages/terraform/synthesized-stack";

/** Size, price and number of the processor's tasks. */
export interface Task {
  /** CPU units; 1024 are one vCPU. */
  readonly cpu: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly spot: boolean;
  /** US dollars per hour, without the public address. */
  readonly hour: number;
  /** The task has a public address. */
  readonly open: boolean;
}

/** AWS CDK's default task, as in the first design: 0.25 vCPU and 0.5 GB on x86. */
export const FIRST_TASK: Task = {
  cpu: 256,
  minimum: 1,
  maximum: 10,
  spot: false,
  hour: taskHour("X86_64", { cpu: 256, memory: 512 }),
  open: false,
};

/** The processor's task; undefined without a processor. */
export function taskOf(stack: Stack): Task | undefined {
  const [task] = stack.attributesOf("aws_ecs_task_definition").map(([, definition]) => definition);
  const [scaling] = stack.attributesOf("aws_appautoscaling_target").map(([, target]) => target);
  const [service] = stack.attributesOf("aws_ecs_service").map(([, one]) => one);
  if (task === undefined || scaling === undefined || service === undefined) return undefined;
  // Blocks are objects in synthesized JSON, and lists of one in a plan.
  const [strategy] = new Value(service).at("capacity_provider_strategy").list;
  const spot = strategy?.at("capacity_provider").text === "FARGATE_SPOT";
  const disk = new Value(task).at("ephemeral_storage.size_in_gib").number - 20;
  const cpu = Number(task.cpu);
  return {
    cpu,
    minimum: Number(scaling.min_capacity),
    maximum: Number(scaling.max_capacity),
    spot,
    hour:
      (spot ? PRICES.fargateSpotShare : 1) * taskHour("ARM64", { cpu, memory: Number(task.memory) }) +
      disk * PRICES.fargateDiskHour,
    open: new Value(service).at("network_configuration.assign_public_ip").isTrue,
  };
}

/** Price of a task in US dollars per hour; CPU in units, memory in MiB. */
function taskHour(
  architecture: keyof typeof PRICES.fargate,
  { cpu, memory }: { readonly cpu: number; readonly memory: number },
): number {
  const { processorHour, memoryHour } = PRICES.fargate[architecture];
  return (cpu / 1024) * processorHour + (memory / 1024) * memoryHour;
}
