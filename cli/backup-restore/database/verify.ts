import type { DBInstance } from "@aws-sdk/client-rds";
import { Signer } from "@aws-sdk/rds-signer";
import type { InspectEvent, InspectResult } from "../../../handlers/migrate";
import { runMigrations, smokeTest } from "../../lib/after-deployment";
import { invokeFunction } from "../../lib/invoke-function";
import { type Restore, type Step } from "./step";
import { waitForRestored } from "./wait-for-restored";

/** User of the application as which the databases are looked into. */
const USER = "media";

/** The migrate function, which is in the network, logs in to the new instance as the API will, and counts rows. */
export const verify: Step = {
  title: "verify it",
  done: ({ restored }, { identifier }) => restored?.DBInstanceIdentifier === identifier,
  calls: ({ unverified }) =>
    unverified === undefined
      ? ["lambda:Invoke of the migrate function, to log in and count rows: it changes nothing"]
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
        // the old one may be what is broken
        const before = old && (await inspect(restore, old).catch((error: Error) => error));
        return { now: await inspect(restore, found), before };
      },
      ({ now, before }) =>
        `${describe(now)}; the old one: ${before instanceof Error ? before.message : before ? describe(before) : "gone"}`,
    );
  },
};

/** Brings a database of the past up to date, and calls the API that reads it. */
export const useIt: Step = {
  title: "use it",
  done: () => false,
  calls: ({ unverified }) =>
    unverified === undefined
      ? ["lambda:Invoke of the migrate function: what was migrated since, is again"]
      : [],
  async run({ operation, unverified }) {
    if (unverified !== undefined) return;
    const { prepared, steps } = operation;
    const { migrate_function, url, api_stage } = (await prepared.stack.outputs()) as Record<string, string>;
    await steps.run(
      "migrations",
      () => runMigrations(prepared.access.client, migrate_function ?? ""),
      (applied) => (applied.length > 0 ? `applied ${applied.join(", ")}` : "none to apply"),
    );
    await steps.run(
      `GET ${url}/${api_stage}/health`,
      () => smokeTest(`${url}/${api_stage}`),
      (body) => `200 ${body}`,
    );
  },
};

/** A token opens one instance as one user for a quarter of an hour; a password would be another thing to hand around. */
async function inspect({ operation: { prepared } }: Restore, instance: DBInstance): Promise<InspectResult> {
  const { Address: hostname = "", Port: port = 5432 } = instance.Endpoint ?? {};
  const { client } = prepared.access;
  const token = await new Signer({ ...client, hostname, port, username: USER }).getAuthToken();
  const { migrate_function: name = "" } = (await prepared.stack.outputs()) as Record<string, string>;
  const event: InspectEvent = { inspect: { host: hostname, user: USER, token } };
  const log = `log group /aws/lambda/${name}; whoever restores needs rds-db:connect, or --unverified`;
  return (await invokeFunction(client, { name, event, log })) as InspectResult;
}

function describe({ rows }: InspectResult): string {
  return Object.entries(rows)
    .map(([table, count]) => `${count} rows in ${table}`)
    .join(", ");
}
