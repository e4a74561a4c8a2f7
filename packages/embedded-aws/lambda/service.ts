import { randomUUID } from "node:crypto";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type { XRayDaemon } from "../xray/daemon";
import { type FunctionConfiguration, type FunctionReference, readConfiguration } from "./configuration";
import {
  type EnvironmentOptions,
  type ExecutionEnvironment,
  startEnvironment,
} from "./execution-environment";
import type { FunctionError, Outcome } from "./instance";
import { Pool } from "./pool";
import { reportLines, startLine } from "./report";
import { lambdaSegments } from "./segments";
import { newSegmentId, readTraceHeader, writeTraceHeader } from "./trace";

export interface LambdaServiceOptions extends Omit<EnvironmentOptions, "xrayAddress"> {
  readonly xray: XRayDaemon;
}

export interface InvokeRequest extends FunctionReference {
  readonly event: unknown;
  /** Trace header of the caller. */
  readonly trace?: string | undefined;
}

export interface InvokeResult {
  readonly requestId: string;
  readonly version: string;
  /** The handler's result or error as JSON. */
  readonly payload: string;
  readonly error: FunctionError | undefined;
}

const CONFIGURATION_CACHE_TTL_MS = 2_000;

interface Known {
  readonly read: number;
  readonly configuration: Promise<FunctionConfiguration>;
}

/** A running invocation with its start time. */
interface Execution {
  readonly configuration: FunctionConfiguration;
  readonly pool: Pool;
  /** Milliseconds since 1970. */
  readonly arrivedMs: number;
}

/** A local Lambda service for deployed functions. */
export class LambdaService {
  private readonly client: LambdaClient;
  private readonly known = new Map<string, Known>();
  private readonly pools = new Map<string, Pool>();

  constructor(private readonly options: LambdaServiceOptions) {
    this.client = new LambdaClient(options.aws);
  }

  /** Invokes a function. Throws ResourceNotFoundException and TooManyRequestsException like Lambda. */
  async invoke(request: InvokeRequest): Promise<InvokeResult> {
    const arrivedMs = Date.now();
    const configuration = await this.configuration(request);
    const pool = this.pool(configuration);
    const release = pool.reserve();
    try {
      return await this.execute(request, { configuration, pool, arrivedMs });
    } finally {
      release();
    }
  }

  /** Ends every process. */
  async stop(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.stop()));
  }

  private configuration(reference: FunctionReference): Promise<FunctionConfiguration> {
    const key = `${reference.functionName}:${reference.qualifier}`;
    const known = this.known.get(key);
    if (known && Date.now() - known.read < CONFIGURATION_CACHE_TTL_MS) return known.configuration;
    const configuration = readConfiguration(this.client, reference);
    configuration.catch(() => this.known.delete(key));
    this.known.set(key, { read: Date.now(), configuration });
    return configuration;
  }

  /** The pool of a function version; a new deployment gets new processes. */
  private pool(configuration: FunctionConfiguration): Pool {
    const key = `${configuration.name}:${configuration.version}`;
    const pool = this.pools.get(key) ?? new Pool();
    this.pools.set(key, pool);
    pool.configure(configuration);
    return pool;
  }

  private async execute(
    request: InvokeRequest,
    { configuration, pool, arrivedMs }: Execution,
  ): Promise<InvokeResult> {
    const requestId = randomUUID();
    const header = readTraceHeader(request.trace);
    const ids = { service: newSegmentId(), function: newSegmentId() };
    const traceId = configuration.tracing ? writeTraceHeader({ ...header, parent: ids.function }) : undefined;

    const warm = pool.take();
    const environment = warm ?? (await this.coldStart(configuration, pool));
    const { instance, log } = environment;
    const initFault = warm ? undefined : await instance.init();
    log.write(startLine(configuration, requestId));
    const began = Date.now();
    const outcome: Outcome = initFault
      ? { error: initFault, memoryUsed: 0, alive: false }
      : await instance.invoke(request.event, {
          functionName: configuration.name,
          functionVersion: configuration.version,
          invokedFunctionArn: configuration.arn,
          memoryLimitInMB: String(configuration.memory),
          awsRequestId: requestId,
          logGroupName: configuration.logGroup,
          logStreamName: log.name,
          deadline: began + configuration.timeout * 1000,
          traceId,
        });
    const ended = Date.now();
    const { error, memoryUsed } = outcome;
    const initDuration = warm ? undefined : instance.initDuration;
    const invocation = { requestId, duration: ended - began, initDuration, memoryUsed, error, traceId };
    reportLines(configuration, invocation).forEach((line) => log.write(line));
    if (outcome.alive) pool.give(environment);
    else pool.end(environment);
    if (configuration.tracing && header.sampled) {
      const traced = { configuration, header, ids, requestId, arrived: arrivedMs, began, ended, error };
      lambdaSegments(traced).forEach((segment) => this.options.xray.put(segment));
    }
    const payload = error ? JSON.stringify(error) : (outcome.payload ?? "null");
    return { requestId, version: configuration.version, payload, error };
  }

  private async coldStart(configuration: FunctionConfiguration, pool: Pool): Promise<ExecutionEnvironment> {
    const { xray, ...options } = this.options;
    const environment = await startEnvironment(configuration, { ...options, xrayAddress: xray.address });
    pool.add(environment, configuration);
    return environment;
  }
}
