const BURSTABLE = ["micro", "small", "medium", "large", "xlarge", "2xlarge"] as const;
const UP_TO_16 = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"] as const;
const UP_TO_24 = [...UP_TO_16, "24xlarge"] as const;
const UP_TO_32 = [...UP_TO_24, "32xlarge"] as const;
const UP_TO_48 = [...UP_TO_24, "48xlarge"] as const;

/**
 * Sizes of each family of RDS instance classes that PostgreSQL runs on; a region may lack the newest ones.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html
 */
const SIZES = {
  t3: BURSTABLE,
  t4g: BURSTABLE,
  m5: UP_TO_24,
  m6g: UP_TO_16,
  m6i: UP_TO_32,
  m7g: UP_TO_16,
  m7i: UP_TO_48,
  m8g: UP_TO_48,
  r5: UP_TO_24,
  r6g: UP_TO_16,
  r6i: UP_TO_32,
  r7g: UP_TO_16,
  r7i: UP_TO_48,
  r8g: UP_TO_48,
} as const;

type Families = typeof SIZES;
/** An RDS instance class such as `db.t4g.micro`. */
export type DatabaseClass = {
  [Family in keyof Families]: `db.${Family}.${Families[Family][number]}`;
}[keyof Families];

/** Memory of a size in GiB; families that start with r have twice as much. */
const MEMORY_GIB: Readonly<Record<string, number>> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
  "4xlarge": 64,
  "8xlarge": 128,
  "12xlarge": 192,
  "16xlarge": 256,
  "24xlarge": 384,
  "32xlarge": 512,
  "48xlarge": 768,
};

/** Memory in GiB of each class. Source: https://aws.amazon.com/rds/instance-types/ */
export const DATABASE_MEMORY_GIB: ReadonlyMap<string, number> = new Map(
  Object.entries(SIZES).flatMap(([family, sizes]) =>
    sizes.map((size) => [
      `db.${family}.${size}`,
      (MEMORY_GIB[size] ?? NaN) * (family.startsWith("r") ? 2 : 1),
    ]),
  ),
);

export const DATABASE_CLASSES = [...DATABASE_MEMORY_GIB.keys()] as DatabaseClass[];

/** Whether RDS offers Performance Insights on a class. */
export function hasPerformanceInsights(instanceClass: string): boolean {
  return !instanceClass.endsWith(".micro");
}
