import { database } from "./database/kind";
import type { KindName } from "./names";
import type { Kind } from "./kind";
import { objects } from "./objects/kind";
import { state } from "./state/kind";

export const kinds: Readonly<Record<KindName, Kind>> = { database, objects, state };
