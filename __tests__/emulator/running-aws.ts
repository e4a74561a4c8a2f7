import { join } from "node:path";
import { type Functions, runFunctions } from "../../cli/start/functions";
import type { RunFolder } from "../../cli/start/run-folder";
import { startParts, stopAll } from "../../cli/start/stops";
import { localFolder } from "../../packages/cli-kit/paths";
import { allEnded } from "../../packages/cli-kit/settle-all";
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

/** Starts it in the folder of a run. If a part fails to start, the others are stopped. */
export function startAws(
  run: RunFolder,
  { account, region }: { readonly account: string; readonly region: string },
): Promise<RunningAws> {
  return startParts(async (stops) => {
    const part = async <Part extends { stop(): Promise<void> } | undefined>(starting: Promise<Part>) => {
      const started = await starting;
      stops.unshift(async () => started?.stop());
      return started;
    };
    const [emulator, postgres, redis, authority] = await allEnded([
      part(startEmulator({ accountId: account, log: run.log("emulator") })),
      part(PostgresServers.start({ folder: run.path("postgres"), log: run.log("postgres") })),
      part(startRedis({ log: run.log("redis") })),
      certificateAuthority(join(localFolder, "ca")),
    ]);
    const aws = clientConfig(emulator.endpoint, region);
    const functions = await part(runFunctions({ aws, accountId: account, authority, postgres, redis, run }));
    return { emulator, functions, stop: () => stopAll(stops) };
  });
}
