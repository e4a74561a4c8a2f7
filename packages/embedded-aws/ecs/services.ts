import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { AwsClientConfig } from "../client";
import { deployedServices } from "./definition";
import { deployedScaling, type ScalingPolicy, TargetTracking } from "./scaling";
import { EcsService, type ServiceOptions } from "./service";

/** Milliseconds between polls of the queue; CloudWatch takes one minute. */
const QUEUE_POLL_INTERVAL_MS = 5_000;

/** Milliseconds between two reports of the running tasks. */
const REPORT_INTERVAL_MS = 2_000;

export interface RunningServices {
  readonly services: readonly EcsService[];
  stop(): Promise<void>;
}

/**
 * Runs all deployed services with the number of tasks of their scaling policies. If one fails to start, all are
 * stopped.
 */
export async function startServices(options: ServiceOptions): Promise<RunningServices> {
  const services: EcsService[] = [];
  const timers: NodeJS.Timeout[] = [];
  const stop = async (): Promise<void> => {
    timers.forEach(clearInterval);
    await Promise.all(services.map((service) => service.stop()));
  };
  try {
    for (const deployed of await deployedServices(options.aws)) {
      const service = await EcsService.start(deployed, options);
      services.push(service);
      const policy = await deployedScaling(options.aws, {
        cluster: deployed.cluster,
        service: deployed.name,
      });
      if (policy) timers.push(follow(service, policy, new SQSClient(options.aws)));
      await reportRunning(service, options.aws);
      // If one report fails, the next one follows.
      const report = () => void reportRunning(service, options.aws).catch(() => undefined);
      timers.push(setInterval(report, REPORT_INTERVAL_MS));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { services, stop };
}

/** Tells the emulator how many tasks run, of which its API then answers. */
async function reportRunning(
  { deployed, running }: EcsService,
  { endpoint }: AwsClientConfig,
): Promise<void> {
  const { cluster, name } = deployed;
  const response = await fetch(`${endpoint}/moto-api/overlay/running-tasks`, {
    method: "PUT",
    body: JSON.stringify({ cluster, service: name, running }),
  });
  if (!response.ok) throw new Error(`the emulator does not take the running tasks: ${response.status}`);
}

function follow(service: EcsService, policy: ScalingPolicy, client: SQSClient): NodeJS.Timeout {
  const tracking = new TargetTracking(policy);
  const look = async () => {
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: policy.queueName }));
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
    );
    const desired = tracking.desired({
      waitingMessages: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
      runningTasks: service.running,
      nowMs: Date.now(),
    });
    if (desired !== service.running) await service.scale(desired);
  };
  // If one poll fails, the next one follows.
  return setInterval(() => void look().catch(() => undefined), QUEUE_POLL_INTERVAL_MS);
}
