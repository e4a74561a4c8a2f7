import type { Deployment } from "./deploy";
import { faultPrinter } from "./event-faults";
import type { Functions } from "./functions";
import { type EcsService } from "@packages/embedded-aws/ecs/service";
import { startServices } from "@packages/embedded-aws/ecs/services";
import { startEdge } from "@packages/embedded-aws/edge/server";
import { startEventSources } from "@packages/embedded-aws/event-sources/event-sources";
import { followStage } from "@packages/embedded-aws/gateway/current";
import { startGatewayServer } from "@packages/embedded-aws/gateway/server";
import { LogStream } from "@packages/embedded-aws/lambda/log";
import type { RunFolder } from "./run-folder";
import { startParts, type Stop, stopAll } from "./stops";
import { serverCertificate } from "@packages/embedded-aws/servers/certificates";
import { startTlsFront } from "@packages/embedded-aws/servers/tls-front";
import { startRegistry } from "@packages/embedded-aws/registry/server";
import { NODE_MAJOR } from "../../stacks/constructs/compute/function-code";
import { bundleProcessor } from "../../stacks/constructs/compute/program-files";

/** What serving needs of a deployment. */
export type ServedDeployment = Pick<Deployment, "aws" | "outputs">;

export interface ServeOptions {
  readonly deployment: ServedDeployment;
  /** The functions of the emulator, which go on after what is served stops. */
  readonly functions: Functions;
  readonly run: RunFolder;
  /** Prints a line about what was not delivered. */
  readonly print: (line: string) => void;
}

export interface Served {
  readonly functions: Functions;
  /** URL of the registry to which images are pushed. */
  readonly registryUrl: string;
  /** Path of a function's log file. */
  logFile(name: string): string;
  /** `url` is `http://127.0.0.1:<port>/<stage>` */
  startApi(): Promise<{ readonly url: string; readonly routes: readonly string[] }>;
  /** Runs the tasks of every deployed service, with the number that its autoscaler wants; returns the services. */
  startTasks(): Promise<readonly EcsService[]>;
  /** Serves the deployed distribution in front of the API and the tasks; returns its URL. */
  startEdge(api: string): Promise<string>;
  stop(): Promise<void>;
}

/** One of the stack's outputs. Throws if it has none of that name. */
export function output({ outputs }: Pick<Deployment, "outputs">, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`the stack has no output ${name}`);
  return value;
}

/**
 * Serves an applied stack, also one without an API or tasks: starts what the emulator lacks beside the functions, namely
 * their event sources, the registry and the public host. If one fails, all are stopped.
 */
export function serve(options: ServeOptions): Promise<Served> {
  return startParts((stops) => start(options, stops));
}

/** Starts the parts that everything needs, and prepends the stop of each to `stops`. */
async function start(options: ServeOptions, stops: Stop[]): Promise<Served> {
  const { deployment, functions, run } = options;
  const { aws } = deployment;
  const { credentials, service } = functions;
  const edgePort = await run.port("edge");
  await startPublicHost(options, edgePort, stops);
  const log = run.log("event-sources");
  const onFault = faultPrinter(options.print, log);
  const eventSources = startEventSources({ aws, credentials, functions: service, log, onFault });
  stops.unshift(() => eventSources.stop());
  const registry = await startRegistry(aws);
  stops.unshift(() => registry.stop());
  return new LocalServices(options, stops, {
    registryUrl: `http://${registry.host}:${registry.port}`,
    edgePort,
  });
}

/** The public host for the functions' processes, if the stack has one: TLS in front of the edge, which starts later. */
async function startPublicHost(
  { deployment, functions }: ServeOptions,
  edgePort: number,
  stops: Stop[],
): Promise<void> {
  if (deployment.outputs.url === undefined) return;
  const { hostname } = new URL(deployment.outputs.url);
  const certificate = await serverCertificate(functions.publicAuthority, hostname);
  const front = await startTlsFront({ certificate, port: edgePort });
  stops.unshift(() => front.stop());
  functions.publish(hostname, front.port);
}

/** Parts that run before the API, the tasks and the edge. */
interface Parts {
  readonly registryUrl: string;
  readonly edgePort: number;
}

class LocalServices implements Served {
  readonly functions: Functions;
  readonly registryUrl: string;
  private tasks: readonly EcsService[] = [];

  constructor(
    private readonly options: ServeOptions,
    private readonly stops: Stop[],
    private readonly parts: Parts,
  ) {
    this.functions = options.functions;
    this.registryUrl = parts.registryUrl;
  }

  logFile(name: string): string {
    return this.options.run.log(name);
  }

  async startApi(): Promise<{ url: string; routes: readonly string[] }> {
    const { deployment, functions, run } = this.options;
    const { aws } = deployment;
    const { accountId } = functions.options;
    const [id, stage] = [output(deployment, "api_id"), output(deployment, "api_stage")];
    const gateway = await followStage(aws, functions.service, { accountId, id, stage });
    const { accessLog, routes } = (await gateway()).definition;
    const log = new LogStream(aws, {
      group: accessLog?.logGroup ?? "",
      name: `${new Date().toISOString().slice(0, 10)}-${process.pid}`,
      file: run.log("api-access"),
    });
    const server = await startGatewayServer({
      gateway,
      port: await run.port("api"),
      onAccess: (line) => log.write(line),
      onSegment: (segment) => functions.xray.put(segment),
    });
    this.stops.unshift(
      () => server.stop(),
      () => log.flush(),
    );
    const listed = routes.map(({ method, path }) => `${method} ${path}`).sort();
    return { url: `http://${server.host}:${server.port}/${stage}`, routes: listed };
  }

  async startTasks(): Promise<readonly EcsService[]> {
    const { deployment, functions, run } = this.options;
    const services = await startServices({
      aws: deployment.aws,
      credentials: functions.credentials,
      hosts: await functions.data.hosts(),
      xrayAddress: functions.xray.address,
      certificates: functions.options.authority.certFile,
      folder: run.path("tasks"),
      logFile: run.log("tasks"),
      nodeMajor: NODE_MAJOR,
      writeProgram: (folder) => bundleProcessor(folder)[0] ?? "",
    });
    this.stops.unshift(() => services.stop());
    this.tasks = services.services;
    return this.tasks;
  }

  async startEdge(api: string): Promise<string> {
    const { deployment } = this.options;
    const edge = await startEdge({
      aws: deployment.aws,
      distributionId: output(deployment, "distribution_id"),
      publicUrl: output(deployment, "url"),
      origins: { api: new URL(api).origin, tasks: () => this.tasks.flatMap(({ ports }) => ports) },
      port: this.parts.edgePort,
    });
    this.stops.unshift(() => edge.stop());
    return `http://localhost:${edge.port}`;
  }

  stop(): Promise<void> {
    return stopAll(this.stops);
  }
}
