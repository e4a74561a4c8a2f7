import type { Action } from "./changes";

/** Words for actions on resources. */
export const ACTIONS: Readonly<Record<Action, string>> = {
  create: "created",
  update: "changed",
  replace: "replaced",
  supersede: "replaced (old one kept)",
  delete: "deleted",
  move: "moved",
  import: "imported",
  forget: "removed from state (kept in AWS)",
  read: "read",
  "no-op": "unchanged",
  unknown: "changed in an unknown way",
};
