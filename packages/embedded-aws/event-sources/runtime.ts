import type { AwsClientConfig } from "../client";
import type { FunctionConfiguration } from "../lambda/configuration";
import type { RoleCredentials } from "../lambda/credentials";
import type { LambdaService } from "../lambda/service";

export interface EventSourceOptions {
  readonly aws: AwsClientConfig;
  readonly credentials: RoleCredentials;
  readonly functions: Pick<LambdaService, "invoke">;
  /** File to which a line is added for whatever keeps a function from getting its events. */
  readonly log: string;
}

/** What sources of events share. */
export interface EventSourceRuntime extends EventSourceOptions {
  readonly configuration: (functionArn: string) => Promise<FunctionConfiguration>;
  readonly onFault: (line: string) => void;
  /** Resolves after so many milliseconds; false when everything stops before. */
  readonly pause: (milliseconds: number) => Promise<boolean>;
  /** Aborted when everything stops. */
  readonly stopped: AbortSignal;
}
