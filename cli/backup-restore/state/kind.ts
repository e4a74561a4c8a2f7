import type { Kind } from "../kind";
import { backup } from "./backup";
import { restore } from "./restore";

export const state: Kind = { backup, restore };
