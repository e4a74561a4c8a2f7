/** Memory of an instance class in GiB, by family and size. Source: https://aws.amazon.com/rds/instance-types/ */
const BURSTABLE_GIB = { micro: 1, small: 2, medium: 4, large: 8, xlarge: 16, "2xlarge": 32 };
const GENERAL_GIB = {
  medium: 4,
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
  "4xlarge": 64,
  "8xlarge": 128,
  "12xlarge": 192,
  "16xlarge": 256,
  "24xlarge": 384,
};

/**
 * Connections that PostgreSQL on RDS accepts by the class's memory: `LEAST(DBInstanceClassMemory / 9531392, 5000)`, or up
 * to a quarter less, because RDS takes its own memory off first. NaN for a class that RDS does not have.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 */
export function maxConnections(instanceClass: string): number {
  return Math.min(5_000, Math.floor((memoryGiB(instanceClass) * 1024 ** 3) / 9_531_392));
}

function memoryGiB(instanceClass: string): number {
  const [, family = "", , size = ""] = /^db\.([a-z])(\w+)\.(\w+)$/.exec(instanceClass) ?? [];
  const sizes: Readonly<Record<string, number>> = family === "t" ? BURSTABLE_GIB : GENERAL_GIB;
  return (sizes[size] ?? NaN) * (family === "r" ? 2 : 1);
}
