import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { motoPython } from "../../packages/embedded-aws/programs/moto";

/** A creation with the parameters of its request. */
export interface Creation {
  /** Service and operation: `rds.CreateDBInstance`. */
  readonly operation: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * Faults that cfn-lint finds in creations; its data comes from AWS's APIs, and it comes with moto. Empty if there is
 * none.
 */
export async function cfnLint(creations: readonly Creation[], region: string): Promise<readonly string[]> {
  const { python } = await motoPython();
  const input = JSON.stringify({ creations, region });
  const output = execFileSync(python, [join(__dirname, "cfn-lint.py")], { input, encoding: "utf8" });
  return JSON.parse(output) as string[];
}

/** Creations of an emulator since its start, of the kinds that cfn-lint examines. */
export async function creationsOf(endpoint: string): Promise<readonly Creation[]> {
  const response = await fetch(`${endpoint}/moto-api/overlay/creations`);
  return (await response.json()) as Creation[];
}
