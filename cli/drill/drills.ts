import { database } from "./database-result";
import { deadLetters } from "./dead-letters";
import { objects } from "./objects";
import type { Drill } from "./result";
import { state } from "./state";

/** By the names that `npm run drill -- NAME` takes. */
export const drills: Readonly<Record<string, Drill>> = {
  database,
  objects,
  state,
  "dead-letters": deadLetters,
};
