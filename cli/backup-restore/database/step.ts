import type { RDSClient } from "@aws-sdk/client-rds";
import type { Operation } from "../kind";
import type { DatabaseAttributes, DeployedDatabase } from "./deployed-database";
import type { Position } from "./progress-tags";
import type { Source } from "./source";

/** Input of every step of a restore. */
export interface Restore {
  readonly operation: Operation;
  readonly rds: RDSClient;
  readonly database: DeployedDatabase;
  readonly source: Source;
  /** Reason for skipping verification; undefined to verify. */
  readonly unverified: string | undefined;
}

/** One step of a restore. Steps share no data except what RDS and the state contain. */
export interface Step {
  readonly title: string;
  /** The step is complete; `calls` is not used then. */
  done(position: Position, database: DeployedDatabase): boolean;
  /** The calls that it would make, one per line, for `--dry-run`. */
  calls(restore: Restore, position: Position): string[];
  run(restore: Restore, position: Position): Promise<void>;
}

/** The database's attributes in the state. Throws if the state does not contain it. */
export function attributesOf({ address, attributes }: DeployedDatabase): DatabaseAttributes {
  if (attributes !== undefined) return attributes;
  throw new Error(
    `${address} is not in Terraform's state, so the settings of the restored database are unknown. Restore the ` +
      "state first: npm run restore -- ENVIRONMENT state --to TIME",
  );
}

/** An API call as text for `--dry-run`. */
export function call(name: string, input: object): string {
  return `${name} ${JSON.stringify(input)}`;
}
