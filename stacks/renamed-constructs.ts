import type { RenamedConstruct } from "./lib/deployed-path";

/**
 * Constructs whose ids or places in the tree changed after they were deployed. Terraform addresses and physical names are
 * made of construct paths; an entry keeps those that are deployed, for a construct and everything in it. Without it,
 * Terraform destroys the resources and creates others: also with a `moved` block, because the physical names change.
 *
 * `npm run policies` prints the entry for a construct that holds data.
 *
 *     { from: "media-queue", to: "work/queue" },
 */
export const renamedConstructs: readonly RenamedConstruct[] = [];
