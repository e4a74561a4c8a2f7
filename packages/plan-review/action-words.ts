import type { Action } from "./changes";

/** What becomes of a resource, in a word. */
export const ACTIONS: Readonly<Record<Action, string>> = {
  create: "created",
  update: "changed",
  replace: "replaced",
  supersede: "replaced, the old one kept",
  delete: "deleted",
  move: "moved",
  import: "imported",
  forget: "forgotten by Terraform, and kept",
  read: "read",
  "no-op": "unchanged",
  unknown: "changed in an unknown way",
};
