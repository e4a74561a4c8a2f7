import type { Steps } from "@packages/cli-kit/progress";
import type { TerraformStack } from "@packages/terraform/terraform-stack";

/** Address of the migrations' run in an environment's stack. */
const RUN = "aws_lambda_invocation.migrations";

/** What a run of the migrate function did, from its result as JSON. Throws if it is none. */
export function migrationsText(result: string): string {
  const { applied, version } = JSON.parse(result) as { applied: readonly string[]; version: number };
  return applied.length > 0 ? `applied ${applied.join(", ")}` : `none to apply, version ${version}`;
}

/**
 * Prints which migrations an apply has run, if it ran them; `done` are the addresses that it finished. Returns whether it ran
 * them. A result that can't be read is printed only: the apply is complete.
 */
export async function printMigrations(
  stack: Pick<TerraformStack, "outputs">,
  done: ReadonlySet<string>,
  steps: Pick<Steps, "line">,
): Promise<boolean> {
  if (!done.has(RUN)) return false;
  try {
    const { migration_result: result } = await stack.outputs();
    steps.line(`migrations: ${migrationsText(String(result))}`);
  } catch (error) {
    steps.line(`migrations: run, but their result can't be read: ${(error as Error).message}`);
  }
  return true;
}
