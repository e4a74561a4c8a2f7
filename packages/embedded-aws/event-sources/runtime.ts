import type { AwsClientConfig } from "../client";
import type { FunctionConfiguration } from "../lambda/configuration";
import type { RoleCredentials } from "../lambda/credentials";
import type { LambdaService } from "../lambda/service";

export interface EventSourceOptions {
  readonly aws: AwsClientConfig;
  readonly credentials: RoleCredentials;
  readonly functions: Pick<LambdaService, "invoke">;
  /** Log file of problems that prevent delivery. */
  readonly log: string;
  /** Also receives each problem, as one line. */
  readonly onFault: (line: string) => void;
}

/** Shared context of event sources. */
export interface EventSourceRuntime extends EventSourceOptions {
  readonly configuration: (functionArn: string) => Promise<FunctionConfiguration>;
  /** Waits for milliseconds; resolves with false if everything stops first. */
  readonly pause: (milliseconds: number) => Promise<boolean>;
  /** Aborted when everything stops. */
  readonly stopped: AbortSignal;
}
