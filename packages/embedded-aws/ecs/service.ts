import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AwsClientConfig } from "../client";
import type { RoleCredentials } from "../lambda/credentials";
import type { HostPorts } from "../lambda/execution-environment";
import { nodeOfMajor } from "../programs/node";
import { type CredentialsEndpoint, startCredentialsEndpoint } from "./credentials";
import type { DeployedService } from "./definition";
import { type RunningTask, startTask } from "./task";

export interface ServiceOptions {
  readonly aws: AwsClientConfig;
  readonly credentials: RoleCredentials;
  readonly hosts: HostPorts;
  readonly xrayAddress: string;
  readonly certificates: string;
  /** Folder of the program and the tasks' disks. */
  readonly folder: string;
  readonly logFile: string;
  /** Major version of Node.js in the service's image. */
  readonly nodeMajor: number;
  /** Writes the program of the service's image into a folder; returns the entry file for Node.js. */
  readonly writeProgram: (folder: string) => string;
}

/** Milliseconds before a task that ended by itself is replaced. */
const REPLACEMENT_DELAY_MS = 1_000;

/** Shared resources of a service's tasks. */
interface TaskRuntime {
  readonly endpoint: CredentialsEndpoint;
  /** Executable of the image's Node.js. */
  readonly node: string;
  /** Entry file for Node.js. */
  readonly program: string;
}

/** Runs the desired number of tasks of a deployed service, and replaces tasks that end. */
export class EcsService {
  private readonly tasks = new Set<RunningTask>();
  private wanted = 0;
  private stopped = false;
  private changing: Promise<void> = Promise.resolve();

  private constructor(
    readonly deployed: DeployedService,
    private readonly options: ServiceOptions,
    private readonly runtime: TaskRuntime,
  ) {}

  /** Builds the image's program and starts the service's tasks. */
  static async start(deployed: DeployedService, options: ServiceOptions): Promise<EcsService> {
    const image = join(options.folder, "image");
    mkdirSync(image, { recursive: true });
    const program = options.writeProgram(image);
    const node = await nodeOfMajor(options.nodeMajor);
    const endpoint = await startCredentialsEndpoint(options.credentials, {
      role: deployed.roleArn,
      sessionName: deployed.name,
    });
    const service = new EcsService(deployed, options, { endpoint, node, program });
    try {
      await service.scale(deployed.desiredCount);
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  /** Ports of the running tasks. */
  get ports(): readonly number[] {
    return [...this.tasks].map(({ port }) => port);
  }

  get running(): number {
    return this.tasks.size;
  }

  /** Starts or stops tasks until the count is reached, sequentially; does nothing after `stop`. */
  scale(count: number): Promise<void> {
    this.wanted = this.stopped ? 0 : count;
    this.changing = this.changing.catch(() => undefined).then(() => this.reconcile());
    return this.changing;
  }

  /** Stops all tasks, each within its stop timeout. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.scale(0);
    await this.runtime.endpoint.stop();
  }

  private async reconcile(): Promise<void> {
    while (this.tasks.size < this.wanted) await this.add();
    const spare = [...this.tasks].slice(this.wanted);
    await Promise.all(
      spare.map((task) => {
        this.tasks.delete(task);
        return task.stop();
      }),
    );
  }

  private async add(): Promise<void> {
    const id = randomUUID().replaceAll("-", "");
    const task = await startTask(id, {
      ...this.options,
      service: this.deployed,
      node: this.runtime.node,
      program: this.runtime.program,
      credentials: this.runtime.endpoint.environment,
      logs: {
        ...this.options.aws,
        credentials: this.options.credentials.provider({
          role: this.deployed.executionRoleArn,
          sessionName: this.deployed.name,
        }),
      },
      folder: join(this.options.folder, id),
    });
    this.tasks.add(task);
    void task.process.ended.then(() => {
      if (this.tasks.delete(task)) this.replace();
    });
  }

  /** Replaces a task; failed starts are retried, as in ECS. */
  private replace(): void {
    setTimeout(() => void this.scale(this.wanted).catch(() => this.replace()), REPLACEMENT_DELAY_MS).unref();
  }
}
