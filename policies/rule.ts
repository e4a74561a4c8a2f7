import type { Resource, Stack } from "@packages/terraform/synthesized-stack";

/** What is wrong with a resource, and what to do about it. */
export interface Fault {
  readonly finding: string;
  readonly remedy: string;
}

/** A fault with its place: the Terraform address and the path of the construct. */
export interface Finding extends Fault {
  readonly address: string;
  readonly path: string;
}

/** Says what is wrong with a stack; a stack that keeps the rule has no findings. */
export type Rule = (stack: Stack) => Finding[];

/** Asks each resource of the types, given as one or with commas between them. */
export function each(
  types: string,
  fault: (resource: Resource, stack: Stack) => Fault | readonly Fault[] | undefined,
): Rule {
  return (stack) =>
    stack.of(...types.split(",")).flatMap((resource) =>
      [fault(resource, stack) ?? []].flat().map(({ finding, remedy }) => ({
        address: resource.address,
        path: resource.path,
        finding,
        remedy,
      })),
    );
}
