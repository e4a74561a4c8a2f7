import { DATABASE_MEMORY_GIB } from "@packages/aws-sizes/database";

/**
 * PostgreSQL's connection limit on RDS by class: `LEAST(DBInstanceClassMemory / 9531392, 5000)`, or up to 25 % less,
 * because RDS reserves memory. NaN for an unknown class.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 */
export function maxConnections(instanceClass: string): number {
  const gib = DATABASE_MEMORY_GIB.get(instanceClass) ?? NaN;
  return Math.min(5_000, Math.floor((gib * 1024 ** 3) / 9_531_392));
}
