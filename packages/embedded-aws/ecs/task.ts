import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { AwsClientConfig, RoleClientConfig } from "../client";
import type { HostPorts } from "../lambda/execution-environment";
import { LogStream } from "../lambda/log";
import { freePort } from "../servers/ports";
import { type RunningProcess, startProcess } from "@packages/cli-kit/process";
import type { DeployedService } from "./definition";

export interface TaskOptions {
  readonly aws: AwsClientConfig;
  readonly service: DeployedService;
  /** Executable of the image's Node.js. */
  readonly node: string;
  /** JavaScript file that the image holds. */
  readonly program: string;
  /** Writes the log, as ECS does. */
  readonly logs: RoleClientConfig;
  /** Variables that lead the container to its role's credentials. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly hosts: HostPorts;
  /** `host:port` of the X-Ray daemon. */
  readonly xrayAddress: string;
  /** PEM file of the certificate authority that stands for the image's. */
  readonly certificates: string;
  /** Made for the task, and deleted with it. */
  readonly folder: string;
  /** Everything that it writes. */
  readonly logFile: string;
}

/** A task that runs: its own port, as it would have its own address. */
export interface RunningTask {
  readonly id: string;
  readonly port: number;
  readonly process: RunningProcess;
  /** SIGTERM, and SIGKILL when the container's stop timeout is over. */
  stop(): Promise<void>;
}

/**
 * Starts a task as it is deployed: the container's variables and its role, the memory that it may use. What a name
 * server, the VPC and Fargate's disk are on AWS is done here: see network.cjs. The volume is a folder of this machine,
 * so `WORK_FOLDER` and the file of certificate authorities are the two variables that it has others of.
 */
export async function startTask(id: string, options: TaskOptions): Promise<RunningTask> {
  const { service, folder, hosts } = options;
  const { container, memory } = service;
  const work = join(folder, "work");
  mkdirSync(work, { recursive: true });
  const port = await freePort();
  const networkFile = join(folder, "network.json");
  writeFileSync(networkFile, JSON.stringify({ hosts, environment: {}, ports: { [container.port]: port } }));
  const log = new LogStream(options.logs, {
    group: container.logGroup,
    name: `${container.name}/${container.name}/${id}`,
    file: options.logFile,
  });
  const more = argumentsOf(container, options.program);
  const running = await startProcess({
    name: `task ${id}`,
    command: options.node,
    args: [
      // What Node.js may use of it; the rest is ffmpeg's.
      `--max-old-space-size=${Math.floor(memory / 4)}`,
      ...["--require", join(__dirname, "../lambda/network.cjs"), options.program, networkFile, ...more],
    ],
    env: environmentOf(options, work),
    cwd: work,
    mergeOutput: true,
    grace: container.stopTimeout * 1_000,
  });
  if (running.stdout) createInterface({ input: running.stdout }).on("line", (line) => log.write(line));
  void running.ended.then(async () => {
    await log.flush();
    rmSync(folder, { recursive: true, force: true });
  });
  return { id, port, process: running, stop: () => running.stop() };
}

/** The program's file in the image, as the Dockerfile's CMD runs it. */
const IMAGE_PROGRAM = "/app/index.js";

/** What the container hands to the image's program. Throws when it runs something else, which is not on this machine. */
export function argumentsOf({ name, command }: DeployedService["container"], program: string): string[] {
  const [node = "node", file = IMAGE_PROGRAM, ...rest] = command;
  if (node !== "node" || file !== IMAGE_PROGRAM) {
    throw new Error(
      `the container ${name} must run node ${IMAGE_PROGRAM}, got "${command.join(" ")}": of the image there is only ` +
        `that program here, as ${program}`,
    );
  }
  return rest;
}

function environmentOf(options: TaskOptions, work: string): Record<string, string> {
  const { aws, service, credentials } = options;
  const { environment, mountPath } = service.container;
  const mapped = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value === mountPath ? work : value]),
  );
  return {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    NODE_ENV: "production",
    TZ: "UTC",
    ...mapped,
    ...(environment.NODE_EXTRA_CA_CERTS === undefined ? {} : { NODE_EXTRA_CA_CERTS: options.certificates }),
    ...credentials,
    AWS_REGION: aws.region,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_XRAY_DAEMON_ADDRESS: options.xrayAddress,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
}
