import type { Resource, Stack } from "@packages/terraform/synthesized-stack";

/** What is wrong with a resource, and what to change. */
export interface Fault {
  /** A clause without a full stop: `storage is not encrypted`. */
  readonly finding: string;
  /** Names a setting or a property of the rule. */
  readonly remedy: string;
  /** Page about this fault, where the rule's page is about others. */
  readonly source?: string;
}

/** A fault with its place: the Terraform address and the path of the construct. */
export interface Finding extends Fault {
  readonly address: string;
  readonly path: string;
}

interface Definition<Id extends string> {
  /** Name of the rule's file in `rules/`. */
  readonly id: Id;
  /** What the rule requires, as one sentence. */
  readonly sentence: string;
  /** Page of AWS or of Terraform's AWS provider that requires the same, or explains why. */
  readonly source: string;
  /** Violations in a stack: none when the stack follows the rule. */
  readonly find: (stack: Stack) => Finding[];
}

/** A rule whose violations are corrected in `stacks/environments.ts`. */
interface CorrectedBySettings {
  /** Paths such as `database.instanceClass`. */
  readonly settings: readonly [string, ...string[]];
  readonly code?: never;
}

/** A rule whose violations no setting corrects. */
interface CorrectedInCode {
  /** Files of constructs, each with the properties, methods or classes in it that decide. */
  readonly code: Readonly<Record<string, readonly [string, ...string[]]>>;
  readonly settings?: never;
}

/** A rule for synthesized stacks. */
export type Rule<Id extends string = string> = Definition<Id> & (CorrectedBySettings | CorrectedInCode);

/** Returns the rule; infers its id. */
export function defineRule<const Id extends string>(rule: Rule<Id>): Rule<Id> {
  return rule;
}

/** Finds the faults of each resource of the types. */
export function each(
  types: string | readonly string[],
  faultsOf: (resource: Resource, stack: Stack) => Fault | readonly Fault[] | undefined,
): (stack: Stack) => Finding[] {
  return (stack) =>
    stack.of(...[types].flat()).flatMap((resource) => {
      const { address, path } = resource;
      return [faultsOf(resource, stack) ?? []].flat().map((fault) => ({ ...fault, address, path }));
    });
}
