import { Logger } from "@aws-lambda-powertools/logger";

export type { Logger };

const LEVELS = ["DEBUG", "INFO", "WARN", "ERROR"] as const;

/** A logger of JSON lines for one program. Throws when `level` is not one of DEBUG, INFO, WARN, ERROR. */
export function createLogger(serviceName: string, environment: string, level: string): Logger {
  const logLevel = LEVELS.find((known) => known === level);
  if (logLevel === undefined) {
    throw new Error(`LOG_LEVEL must be one of ${LEVELS.join(", ")}, got "${level}"`);
  }
  return new Logger({ serviceName, environment, logLevel });
}
