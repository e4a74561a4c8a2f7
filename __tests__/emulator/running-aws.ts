import { join } from "node:path";
import { type Functions, runFunctions } from "../../cli/start/functions";
import type { RunFolder } from "../../cli/start/run-folder";
import { localFolder } from "../../packages/cli-kit/paths";
import { clientConfig } from "../../packages/embedded-aws/client";
import { certificateAuthority } from "../../packages/embedded-aws/servers/certificates";
import { type Emulator, startEmulator } from "../../packages/embedded-aws/servers/emulator";
import { PostgresServers } from "../../packages/embedded-aws/servers/postgres-servers";
import { startRedis } from "../../packages/embedded-aws/servers/redis";

/** An emulator with what its functions need, so that Terraform can invoke them. */
export interface RunningAws {
  readonly emulator: Emulator;
  readonly functions: Functions;
  stop(): Promise<void>;
}

/** Starts it in the folder of a run. */
export async function startAws(
  run: RunFolder,
  { account, region }: { readonly account: string; readonly region: string },
): Promise<RunningAws> {
  const [emulator, postgres, redis, authority] = await Promise.all([
    startEmulator({ accountId: account, log: run.log("emulator") }),
    PostgresServers.start({ folder: run.path("postgres"), log: run.log("postgres") }),
    startRedis({ log: run.log("redis") }),
    certificateAuthority(join(localFolder, "ca")),
  ]);
  const aws = clientConfig(emulator.endpoint, region);
  const functions = await runFunctions({ aws, accountId: account, authority, postgres, redis, run });
  return {
    emulator,
    functions,
    async stop() {
      for (const part of [functions, postgres, redis, emulator]) await part?.stop();
    },
  };
}
