import { DATABASE_MEMORY_GIB } from "@packages/aws-sizes/database";

/**
 * Connections that PostgreSQL on RDS accepts by the class's memory: `LEAST(DBInstanceClassMemory / 9531392, 5000)`, or up
 * to a quarter less, because RDS takes its own memory off first. NaN for a class that RDS does not have.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 */
export function maxConnections(instanceClass: string): number {
  const gib = DATABASE_MEMORY_GIB.get(instanceClass) ?? NaN;
  return Math.min(5_000, Math.floor((gib * 1024 ** 3) / 9_531_392));
}
