import { database } from "./database-result";
import { deadLetters } from "./dead-letters";
import { objects } from "./objects";
import type { DrillName } from "./names";
import type { Drill } from "./result";
import { state } from "./state";

/** Drills by their names on the command line of `npm run drill`. */
export const drills: Readonly<Record<DrillName, Drill>> = {
  database,
  objects,
  state,
  "dead-letters": deadLetters,
};
