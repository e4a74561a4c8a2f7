import type { CommandContext } from "@packages/cli-kit/command";
import { onStack } from "../lib/on-stack";
import type { Prepared } from "../lib/prepared-stack";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Moment } from "@packages/cli-kit/timestamp";
import { KIND_NAMES, type KindName } from "./names";
import type { Kind, KindValues, Operation } from "./kind";
import { kinds } from "./kinds";

interface OperationInput extends KindValues {
  readonly environment: string;
  readonly dryRun: boolean;
  /** Folder of plans and copies, one subfolder per stack. */
  readonly out: string;
}

export interface BackupInput extends OperationInput {
  /** Undefined for all kinds. */
  readonly kind: KindName | undefined;
}

export interface RestoreInput extends OperationInput {
  readonly kind: KindName;
  readonly to: Moment | undefined;
  readonly accept: string | undefined;
}

type OperationContext = Pick<CommandContext, "steps" | "confirmation">;

export async function runBackup(input: BackupInput, context: CommandContext): Promise<void> {
  const { environment, out } = input;
  await onStack(environment, { steps: context.steps, out }, (prepared) =>
    performBackup(prepared, input, context),
  );
}

export async function runRestore(input: RestoreInput, context: CommandContext): Promise<void> {
  const { environment, out } = input;
  await onStack(environment, { steps: context.steps, out }, (prepared) =>
    performRestore(prepared, input, context),
  );
}

/** Backs up the selected data of a synthesized stack. */
export async function performBackup(
  prepared: Prepared,
  input: BackupInput,
  context: OperationContext,
): Promise<void> {
  const operation = await operationOf(prepared, { ...input, accept: undefined }, context);
  await backUp(operation, input.kind === undefined ? KIND_NAMES : [input.kind]);
}

/** Restores the selected data of a synthesized stack. */
export async function performRestore(
  prepared: Prepared,
  input: RestoreInput,
  context: OperationContext,
): Promise<void> {
  const operation = await operationOf(prepared, input, context);
  await kinds[input.kind].restore({ ...operation, to: input.to });
}

async function operationOf(
  prepared: Prepared,
  input: OperationInput & Pick<RestoreInput, "accept">,
  { steps, confirmation }: OperationContext,
): Promise<Operation> {
  await steps.run("terraform init", () => prepared.stack.init());
  const { dryRun, accept } = input;
  return { ...confirmation, prepared, steps, dryRun, accept, values: input, began: new Date() };
}

/** Backs up every kind even if one fails. Throws if one failed, with a Refusal if all failures were Refusals. */
export async function backUp(
  operation: Operation,
  names: readonly string[],
  of: Readonly<Record<string, Pick<Kind, "backup">>> = kinds,
): Promise<void> {
  const failed: { readonly name: string; readonly error: Error }[] = [];
  for (const name of names) {
    await of[name]?.backup(operation).catch((error: Error) => {
      failed.push({ name, error });
      operation.steps.line(`${name} not backed up: ${error.message}`);
    });
  }
  const [first] = failed;
  if (first === undefined) return;
  if (names.length === 1) throw first.error;
  const why = failed.map(({ name, error }) => `  ${name}: ${error.message}`).join("\n");
  const text = `${failed.length} of ${names.length} not backed up:\n${why}`;
  throw failed.every(({ error }) => error instanceof Refusal) ? new Refusal(text) : new Error(text);
}
