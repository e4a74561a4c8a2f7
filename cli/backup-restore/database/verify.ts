import type { DBInstance } from "@aws-sdk/client-rds";
import { Signer } from "@aws-sdk/rds-signer";
import type { InspectEvent, InspectResult } from "../../../handlers/migrate";
import { smokeTest } from "../../lib/after-deployment";
import { invokeFunction } from "../../lib/invoke-function";
import { type Restore, type Step } from "./step";
import { waitForRestored } from "./wait-for-restored";

/** The application's database user, for the verification. */
const APPLICATION_USER = "media";

/** Lets the migrate function, which is in the VPC, log in to the new instance like the API and count rows. */
export const verify: Step = {
  title: "verify it",
  done: ({ restored }, { identifier }) => restored?.DBInstanceIdentifier === identifier,
  calls: ({ unverified }) =>
    unverified === undefined
      ? ["lambda:Invoke of the migrate function: logs in and counts rows, read-only"]
      : [],
  async run(restore, { old, restored }) {
    const { operation, unverified } = restore;
    if (unverified !== undefined) {
      operation.steps.line(`not verified: ${unverified}`);
      return;
    }
    await operation.steps.run(
      this.title,
      async (status) => {
        const id = { resourceId: restored?.DbiResourceId ?? "", name: restored?.DBInstanceIdentifier ?? "" };
        const found = await waitForRestored(restore, id, { status });
        // the old instance may be broken
        const before = old && (await inspect(restore, old).catch((error: Error) => error));
        return { now: await inspect(restore, found), before };
      },
      ({ now, before }) =>
        `${describe(now)}; old instance: ${before instanceof Error ? before.message : before ? describe(before) : "gone"}`,
    );
  },
};

/** Calls the API; the plan's apply ran the migrations on the restored database. */
export const callApi: Step = {
  title: "use it",
  done: () => false,
  calls: () => [],
  async run({ operation, unverified }) {
    if (unverified !== undefined) return;
    const { prepared, steps } = operation;
    const { url, api_stage } = (await prepared.stack.outputs()) as Record<string, string>;
    await steps.run(
      `GET ${url}/${api_stage}/health`,
      () => smokeTest(`${url}/${api_stage}`),
      (body) => `200 ${body}`,
    );
  },
};

/**
 * Uses an IAM token, which is valid for one instance, one user and 15 minutes, so that no password is passed around.
 */
async function inspect({ operation: { prepared } }: Restore, instance: DBInstance): Promise<InspectResult> {
  const { Address: hostname = "", Port: port = 5432 } = instance.Endpoint ?? {};
  const { client } = prepared.access;
  const token = await new Signer({ ...client, hostname, port, username: APPLICATION_USER }).getAuthToken();
  const { migrate_function: name = "" } = (await prepared.stack.outputs()) as Record<string, string>;
  const event: InspectEvent = { inspect: { host: hostname, user: APPLICATION_USER, token } };
  const log = `log group /aws/lambda/${name}; you need rds-db:connect, or --unverified`;
  return (await invokeFunction(client, { name, event, log })) as InspectResult;
}

function describe({ rows }: InspectResult): string {
  return Object.entries(rows)
    .map(([table, count]) => `${count} rows in ${table}`)
    .join(", ");
}
