import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

/** A construct whose path below its stack changed after it was deployed. */
export interface RenamedConstruct {
  /** Path at the first deployment: `media-queue`. */
  readonly from: string;
  /** Path now: `work/queue`. */
  readonly to: string;
}

const CONTEXT_KEY = "renamedConstructs";

/** Makes the constructs of a stack keep their deployed paths. Throws when the stack already has constructs. */
export function keepDeployedPaths(stack: TerraformStack, renamed: readonly RenamedConstruct[]): void {
  stack.node.setContext(CONTEXT_KEY, renamed);
}

/** The path that Terraform addresses and physical names are made of, for a path below a stack. */
export function deployedPath(path: string, renamed: readonly RenamedConstruct[]): string {
  const [nearest] = renamed
    .filter(({ to }) => path === to || path.startsWith(`${to}/`))
    .toSorted((one, other) => other.to.length - one.to.length);
  return nearest === undefined ? path : nearest.from + path.slice(nearest.to.length);
}

/** The ids of a construct and of those above it, below the stack, as they are deployed. */
export function deployedIds({ node }: Pick<IConstruct, "node">): string[] {
  const stack = node.scopes.find((scope) => TerraformStack.isStack(scope));
  const path = stack === undefined ? node.path : node.path.slice(stack.node.path.length + 1);
  const renamed = (node.tryGetContext(CONTEXT_KEY) ?? []) as readonly RenamedConstruct[];
  return deployedPath(path, renamed).split("/").filter(Boolean);
}

/** The id of a construct as it is deployed: for names, and for ids of constructs that are called after it. */
export function deployedId(construct: Pick<IConstruct, "node">): string {
  return deployedIds(construct).at(-1) ?? construct.node.id;
}
