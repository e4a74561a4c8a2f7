import type { RDSClient } from "@aws-sdk/client-rds";
import type { Operation } from "../kind";
import type { DatabaseAttributes, DeployedDatabase } from "./deployed-database";
import type { Position } from "./progress-tags";
import type { Source } from "./source";

/** What every step of a restore is given. */
export interface Restore {
  readonly operation: Operation;
  readonly rds: RDSClient;
  readonly database: DeployedDatabase;
  readonly source: Source;
  /** Why the functions are asked nothing; undefined when they are. */
  readonly unverified: string | undefined;
}

/** One step of a restore. Nothing is remembered between two of them but what AWS and the state say. */
export interface Step {
  readonly title: string;
  /** Whether it is over; what it would do is not asked then. */
  done(position: Position, database: DeployedDatabase): boolean;
  /** The changes that it would make, one line each, as `--dry-run` shows them. */
  calls(restore: Restore, position: Position): string[];
  run(restore: Restore, position: Position): Promise<void>;
}

/** The attributes in the state. Throws when the database is not in it. */
export function wantedOf({ address, attributes }: DeployedDatabase): DatabaseAttributes {
  if (attributes !== undefined) return attributes;
  throw new Error(
    `${address} is not in Terraform's state, so nothing says what a restored database must be: put a copy of the ` +
      "state back first, npm run restore -- ENVIRONMENT state --to TIME",
  );
}

/** A call as `--dry-run` shows it. */
export function call(name: string, input: object): string {
  return `${name} ${JSON.stringify(input)}`;
}
