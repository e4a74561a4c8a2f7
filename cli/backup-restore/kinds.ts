import { database } from "./database/kind";
import type { Kind } from "./kind";
import { objects } from "./objects/kind";
import { state } from "./state/kind";

/** What can be backed up and restored; a backup that names none does all, in this order. */
export const kinds: Readonly<Record<string, Kind>> = { database, objects, state };
