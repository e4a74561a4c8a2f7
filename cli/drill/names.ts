/** Names of all drills, in the order in which they run. */
export const DRILL_NAMES = ["database", "objects", "state", "dead-letters"] as const;
export type DrillName = (typeof DRILL_NAMES)[number];
