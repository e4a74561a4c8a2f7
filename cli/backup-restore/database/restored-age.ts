import type { DBInstance } from "@aws-sdk/client-rds";
import { Refusal } from "@packages/cli-kit/refusal";
import { deletion, type Position, TAGS } from "./progress-tags";
import { tagOf } from "./rds";
import type { Source } from "./source";

/** Hours after which an unfinished restore of `latest` is too old to continue. */
const MAX_LATEST_AGE_HOURS = 6;
const HOUR = 3_600_000;

/** Content and age of an instance: `restored to latest 2026-11-25T12:00:00Z, made 2.0 hours ago`. */
export function ageText(restored: DBInstance, now: Date): string {
  const made = restored.InstanceCreateTime;
  const age = made ? `made ${((Number(now) - Number(made)) / HOUR).toFixed(1)} hours ago` : "being made";
  return `restored to ${tagOf(restored, TAGS.to)}, ${age}`;
}

/** Throws a Refusal if an unfinished restore of `latest` is too old, while the old instance is still in use. */
export function refuseStale(
  { old, restored }: Position,
  { source, identifier, now }: { readonly source: Source; readonly identifier: string; readonly now: Date },
): void {
  if (restored === undefined || !("to" in source) || source.to !== "latest") return;
  if (old?.DBInstanceIdentifier !== identifier) return;
  const [, second] = /^latest (.*)/.exec(tagOf(restored, TAGS.to) ?? "") ?? [];
  const time = second === undefined ? restored.InstanceCreateTime : new Date(second);
  if (time === undefined || Number(now) - Number(time) <= MAX_LATEST_AGE_HOURS * HOUR) return;
  const goOn = second === undefined ? "" : `; or continue with it: --to ${second}`;
  throw new Refusal(
    `${restored.DBInstanceIdentifier} (${ageText(restored, now)}) is older than ${MAX_LATEST_AGE_HOURS} hours, so it is ` +
      `not the latest. Cancel it: ${deletion(restored, { withLastSnapshot: false }).join(" && ")}${goOn}`,
  );
}
