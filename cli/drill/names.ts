/** What can be drilled, in the order in which all of them run. */
export const DRILL_NAMES = ["database", "objects", "state", "dead-letters"] as const;
export type DrillName = (typeof DRILL_NAMES)[number];
