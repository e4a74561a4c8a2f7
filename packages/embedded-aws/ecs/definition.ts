import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  paginateListClusters,
  paginateListServices,
} from "@aws-sdk/client-ecs";
import type { AwsClientConfig } from "../client";

/** A deployed service with the container of its tasks. */
export interface DeployedService {
  readonly cluster: string;
  readonly name: string;
  readonly desiredCount: number;
  readonly family: string;
  /** CPU units; 1024 are one vCPU. */
  readonly cpu: number;
  /** MiB */
  readonly memory: number;
  readonly roleArn: string;
  /** Execution role, with which ECS writes logs. */
  readonly executionRoleArn: string;
  readonly container: {
    readonly name: string;
    /** Entry point and command; empty to use the image's. */
    readonly command: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
    /** TCP port of the container. */
    readonly port: number;
    /** Seconds from SIGTERM to SIGKILL. */
    readonly stopTimeout: number;
    readonly logGroup: string;
    /** Mount path of the task's volume. */
    readonly mountPath: string;
  };
}

/** All deployed services. */
export async function deployedServices(config: AwsClientConfig): Promise<DeployedService[]> {
  const client = new ECSClient(config);
  const found: DeployedService[] = [];
  for await (const { clusterArns = [] } of paginateListClusters({ client }, {})) {
    for (const cluster of clusterArns) {
      for await (const { serviceArns = [] } of paginateListServices({ client }, { cluster })) {
        for (const service of serviceArns) found.push(await describe(client, { cluster, arn: service }));
      }
    }
  }
  return found;
}

async function describe(
  client: ECSClient,
  { cluster, arn }: { readonly cluster: string; readonly arn: string },
): Promise<DeployedService> {
  const { services: [service] = [] } = await client.send(
    new DescribeServicesCommand({ cluster, services: [arn] }),
  );
  const { taskDefinition: task } = await client.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: service?.taskDefinition }),
  );
  const container = task?.containerDefinitions?.find(({ essential }) => essential !== false);
  if (service?.serviceName === undefined || task === undefined || container?.name === undefined) {
    throw new Error(`the service ${arn} has no task definition with an essential container`);
  }
  const { environment = [], portMappings = [], mountPoints = [], logConfiguration } = container;
  return {
    cluster: cluster.split("/").at(-1) ?? cluster,
    name: service.serviceName,
    desiredCount: service.desiredCount ?? 0,
    family: task.family ?? "",
    cpu: Number(task.cpu),
    memory: Number(task.memory),
    roleArn: task.taskRoleArn ?? "",
    executionRoleArn: task.executionRoleArn ?? "",
    container: {
      name: container.name,
      command: [...(container.entryPoint ?? []), ...(container.command ?? [])],
      environment: Object.fromEntries(environment.map(({ name = "", value = "" }) => [name, value])),
      port: portMappings[0]?.containerPort ?? 0,
      stopTimeout: container.stopTimeout ?? 30,
      logGroup: logConfiguration?.options?.["awslogs-group"] ?? "",
      mountPath: mountPoints[0]?.containerPath ?? "",
    },
  };
}
