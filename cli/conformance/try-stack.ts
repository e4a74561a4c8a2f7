import type { Steps } from "@packages/cli-kit/progress";
import { describeDiagnostic } from "@packages/terraform/events";
import { differences } from "@packages/terraform/plan-differences";
import { TerraformError } from "@packages/terraform/run";
import type { Planned, Status, TerraformStack } from "@packages/terraform/terraform-stack";
import type { AddressReport } from "./report";

/** A stack that is applied as far as possible. */
export interface StackOnTrial {
  /** Such as `streamflow-conform`. */
  readonly name: string;
  readonly stack: TerraformStack;
}

/** Applied resources, and the reasons why others were not. */
interface Applied {
  readonly planned: readonly string[];
  readonly done: ReadonlySet<string>;
  readonly refused: ReadonlyMap<string, string>;
}

/** A stack that is tried: applied and planned again by `run`, then destroyed. */
export class Trial {
  private applied: Applied = { planned: [], done: new Set(), refused: new Map() };
  private again: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(
    private readonly target: StackOnTrial,
    private readonly steps: Steps,
  ) {}

  /**
   * Applies the stack as far as it goes and plans it again. A refusal ends what depends on the resource, and nothing
   * else; where it ends the first plan, such as that of a data source, nothing is applied. Throws where Terraform can't
   * be initialized.
   */
  async run(): Promise<void> {
    this.applied = await apply(this.target, this.steps);
    if (this.applied.done.size > 0) this.again = await changesAgain(this.target, this.steps);
  }

  /** Destroys what there is, also after a `run` that failed; returns a report of each planned resource. */
  async destroy(): Promise<AddressReport[]> {
    const { name } = this.target;
    const { planned, done, refused } = this.applied;
    const left = await destroy(this.target, this.steps);
    return [...new Set([...planned, ...left])].sort().map((address) => {
      const reason = refused.get(address);
      const isDone = done.has(address) && reason === undefined;
      return {
        address: `${name} ${address}`,
        outcome: isDone ? "applied" : reason === undefined ? "not-attempted" : "refused",
        ...(reason === undefined ? {} : { reason }),
        differences: isDone ? (this.again.get(address) ?? []) : [],
        leftBehind: left.includes(address),
      };
    });
  }
}

async function apply(target: StackOnTrial, steps: Steps): Promise<Applied> {
  const { name, stack } = target;
  await steps.run(`${name}: init`, () => stack.init());
  const planned = await plan(target, steps);
  if (planned instanceof TerraformError) {
    const refused = refusals(planned);
    return { planned: [...refused.keys()], done: new Set(), refused };
  }
  const done = new Set<string>();
  let refused: ReadonlyMap<string, string> = new Map();
  await steps.run(
    `${name}: apply`,
    async (status) => {
      refused = refusals(await failureOf(stack.apply(planned, status, (address) => done.add(address))));
    },
    () => `${done.size} of ${planned.add} applied, ${refused.size} refused`,
  );
  return { planned: planned.touched, done, refused };
}

/** The first plan, or the error that ended it. */
function plan({ name, stack }: StackOnTrial, steps: Steps): Promise<Planned | TerraformError> {
  return steps.run(
    `${name}: plan`,
    async (status) => {
      try {
        return await stack.plan(status);
      } catch (error) {
        if (error instanceof TerraformError) return error;
        throw error;
      }
    },
    (planned) => (planned instanceof TerraformError ? "refused" : `${planned.add} to add`),
  );
}

/** Reasons by address; those of the whole stack have no address. */
function refusals(error: TerraformError | undefined): ReadonlyMap<string, string> {
  const errors = (error?.diagnostics ?? []).filter(({ severity }) => severity === "error");
  return new Map(errors.map((diagnostic) => [diagnostic.address ?? "", reasonOf(diagnostic)]));
}

/** Attributes that a second plan would change, by address; nothing where the stack can't be read back. */
async function changesAgain(
  { name, stack }: StackOnTrial,
  steps: Steps,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  await steps.run(
    `${name}: second plan`,
    async (status) => {
      const error = await failureOf(stack.plan(status));
      if (error !== undefined) {
        for (const { address = "" } of error.diagnostics) found.set(address, ["can't be read"]);
        return;
      }
      const plan = await stack.readPlan();
      for (const { address, attribute } of differences(plan)) {
        if (attribute !== "create") found.set(address, [...(found.get(address) ?? []), attribute]);
      }
    },
    () => `${found.size} resources would change again`,
  );
  return found;
}

/** Destroys all resources; returns the addresses that remain. */
async function destroy({ name, stack }: StackOnTrial, steps: Steps): Promise<readonly string[]> {
  let left: string[] = [];
  await steps.run(
    `${name}: destroy`,
    async (status: Status) => {
      // What could not be planned has no state.
      if ((await stack.pullState()) === "") return;
      await failureOf(stack.destroy((await stack.addresses()).length, status));
      left = await stack.addresses();
    },
    () => (left.length === 0 ? "nothing left" : `${left.length} left behind: ${left.join(", ")}`),
  );
  return left;
}

/** The Terraform error that ended a step; undefined if the step succeeded. Throws other errors. */
async function failureOf(step: Promise<unknown>): Promise<TerraformError | undefined> {
  try {
    await step;
    return undefined;
  } catch (error) {
    if (error instanceof TerraformError) return error;
    throw error;
  }
}

/** The refusal in one line, without the address. */
function reasonOf(diagnostic: Parameters<typeof describeDiagnostic>[0]): string {
  const { summary, detail } = diagnostic;
  return describeDiagnostic({ severity: "error", summary, ...(detail === undefined ? {} : { detail }) })
    .replaceAll(/\s+/g, " ")
    .trim();
}
