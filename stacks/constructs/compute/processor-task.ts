import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type Permission, TRACE_PERMISSION } from "../../lib/permissions";
import { physicalName } from "../../lib/names";
import { type ImagePlace, imageRepositoryUrl, pullImages } from "./image-repository";
import { LogGroup, logStreamResources } from "./log-group";
import { imageTag } from "./processor-image";
import { ServiceRole } from "./service-role";
import type { LogSettings, ProcessorSettings } from "./settings";
import { IDLE_TIMEOUT_SECONDS } from "../edge/load-balancer";

export interface ProcessorTaskProps extends ProcessorSettings {
  /** Where the repository is from which the tasks pull their image. */
  readonly images: ImagePlace;
  readonly region: string;
  readonly logs: LogSettings;
  readonly environment: Readonly<Record<string, string>>;
  readonly permissions: readonly Permission[];
}

const GIBIBYTE = 1_024 ** 3;
/** Part of a task's disk that its images take, in GiB. */
const IMAGES_GIB = 1;
/** Room that the processor requires, as a multiple of the source's size. */
const DISK_SPACE_FACTOR = 2;
/** Most bytes that the API accepts, however large the disk is. */
const MAX_UPLOAD_GIB = 50;

/** Size in bytes of the largest source that a task has room for, so that the API can reject larger ones. */
export function largestSourceBytes({ diskGiB }: Pick<ProcessorSettings, "diskGiB">): number {
  return Math.min(MAX_UPLOAD_GIB, Math.floor((diskGiB - IMAGES_GIB) / DISK_SPACE_FACTOR)) * GIBIBYTE;
}

/** TCP port of `/health` and `/events/{id}`. */
export const PROCESSOR_PORT = 8080;
/** Folder for the current video, the only writable one. */
const WORK_FOLDER = "/work";

/** Image of AWS, also for arm64. */
const XRAY_DAEMON_IMAGE = "public.ecr.aws/xray/aws-xray-daemon:3.3.14";

const HEALTH_CHECK_SCRIPT = `fetch('http://127.0.0.1:${PROCESSOR_PORT}/health').then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))`;

/** The processor's task definition: an unprivileged arm64 container with a read-only file system. */
export class ProcessorTask extends Construct {
  readonly arn: string;
  readonly roleArn: string;
  /** The image with its tag. */
  readonly image: string;
  /** For `dependsOn` of the service, so that tasks start with their permissions. */
  readonly resources: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ProcessorTaskProps) {
    super(scope, id);
    this.image = `${imageRepositoryUrl(props.images)}:${imageTag()}`;
    const family = physicalName(this, "ECS service");
    const logGroup = new LogGroup(this, "log-group", { name: `/aws/ecs/${family}`, ...props.logs });
    const execution = new ServiceRole(this, "execution-role", {
      service: "ecs-tasks.amazonaws.com",
      permissions: [
        ...pullImages(props.images),
        {
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: logStreamResources(logGroup.arn),
        },
      ],
    });
    const role = new ServiceRole(this, "role", {
      service: "ecs-tasks.amazonaws.com",
      permissions: [...props.permissions, TRACE_PERMISSION],
    });
    const task = new EcsTaskDefinition(this, "Default", {
      family,
      requiresCompatibilities: ["FARGATE"],
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      networkMode: "awsvpc",
      cpu: String(props.cpu),
      memory: String(props.memory),
      ephemeralStorage: { sizeInGib: props.diskGiB },
      executionRoleArn: execution.arn,
      taskRoleArn: role.arn,
      volume: [{ name: "work" }],
      containerDefinitions: Fn.jsonencode([
        container(this.image, logGroup, props),
        tracesDaemon(logGroup, props),
      ]),
    });
    this.arn = task.arn;
    this.roleArn = role.arn;
    this.resources = [...execution.resources, ...role.resources];
  }
}

function container(image: string, logGroup: LogGroup, props: ProcessorTaskProps): object {
  const environment = {
    ...props.environment,
    PORT: String(PROCESSOR_PORT),
    // Later than the load balancer, which would otherwise answer 502 for requests in transit.
    KEEP_ALIVE_SECONDS: String(IDLE_TIMEOUT_SECONDS + 10),
    WORK_FOLDER,
    MEMORY_MIB: String(props.memory),
  };
  return {
    name: "processor",
    image,
    essential: true,
    user: "1000:1000",
    readonlyRootFilesystem: true,
    linuxParameters: { initProcessEnabled: true },
    portMappings: [{ containerPort: PROCESSOR_PORT, protocol: "tcp" }],
    mountPoints: [{ sourceVolume: "work", containerPath: WORK_FOLDER, readOnly: false }],
    // Sorted like ECS returns them; otherwise every plan has a change.
    environment: Object.entries(environment)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => ({ name, value })),
    healthCheck: {
      // Single quotes, because CDKTF does not escape double quotes within jsonencode.
      command: ["CMD", "node", "-e", HEALTH_CHECK_SCRIPT],
      interval: 15,
      timeout: 5,
      retries: 3,
      startPeriod: 30,
    },
    // Fargate's maximum; the queue delivers unfinished videos again.
    stopTimeout: 120,
    logConfiguration: logConfiguration(logGroup, props, "processor"),
  };
}

/** The X-Ray daemon, which receives traces by UDP and sends them in batches; the processor works without it. */
function tracesDaemon(logGroup: LogGroup, props: ProcessorTaskProps): object {
  return {
    name: "xray-daemon",
    image: XRAY_DAEMON_IMAGE,
    essential: false,
    cpu: 16,
    memoryReservation: 48,
    user: "1000:1000",
    readonlyRootFilesystem: true,
    portMappings: [{ containerPort: 2000, protocol: "udp" }],
    logConfiguration: logConfiguration(logGroup, props, "xray-daemon"),
  };
}

function logConfiguration(logGroup: LogGroup, { region }: ProcessorTaskProps, prefix: string): object {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": logGroup.name,
      "awslogs-region": region,
      "awslogs-stream-prefix": prefix,
    },
  };
}
