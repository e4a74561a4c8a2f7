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
  /** Client configuration for writing the log, as ECS does. */
  readonly logs: RoleClientConfig;
  /** Environment variables of the role's credentials. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly hosts: HostPorts;
  /** `host:port` of the X-Ray daemon. */
  readonly xrayAddress: string;
  /** PEM file of the local certificate authority, in place of the image's. */
  readonly certificates: string;
  /** Folder of the task, deleted with it. */
  readonly folder: string;
  /** Log file of its output. */
  readonly logFile: string;
}

/** A running task with its own port, as it has its own address on AWS. */
export interface RunningTask {
  readonly id: string;
  readonly port: number;
  readonly process: RunningProcess;
  /** Sends SIGTERM, and SIGKILL after the container's stop timeout. */
  stop(): Promise<void>;
}

/**
 * Starts a task with the deployed variables, role and memory limit. network.cjs replaces AWS's DNS, VPC and disk. The
 * volume is a local folder, so `WORK_FOLDER` and the certificate authority file are the only variables that differ.
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
      // Memory limit of Node.js; the rest is for ffmpeg.
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

/** Path of the program in the image, from the Dockerfile's CMD. */
const IMAGE_PROGRAM = "/app/index.js";

/** Arguments of the image's program. Throws if the container runs another program. */
export function argumentsOf({ name, command }: DeployedService["container"], program: string): string[] {
  const [node = "node", file = IMAGE_PROGRAM, ...rest] = command;
  if (node !== "node" || file !== IMAGE_PROGRAM) {
    throw new Error(
      `the container ${name} must run node ${IMAGE_PROGRAM}, got "${command.join(" ")}": only that program of the image ` +
        `exists here, as ${program}`,
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
  };
}
