import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { localFolder } from "@packages/cli-kit/paths";
import { duration, type Steps } from "@packages/cli-kit/progress";
import { confirm, type Confirmation } from "@packages/cli-kit/confirm";
import { stamp } from "@packages/cli-kit/timestamp";
import { type Letter, show, takeLetters } from "./letters";
import { discard, keepLetters, type Moved, type Queues, redrive } from "./move";
import { reasonsOf } from "./reasons";
import { type Explained, select, type Selection } from "./select";

export interface RedriveOptions {
  readonly selection: Selection;
  /** Undefined to only show the letters. */
  readonly action: "redrive" | "discard" | undefined;
  readonly dryRun: boolean;
}

export interface RedriveRun {
  readonly confirmation: Confirmation;
  readonly queues: Queues;
  readonly logs: CloudWatchLogsClient;
  /** Log group of the processor. */
  readonly logGroup: string;
  readonly uploadsBucket: string;
  readonly steps: Steps;
  readonly options: RedriveOptions;
  /**
   * Folder where letters are saved before they are moved.
   * @default .local/redrive
   */
  readonly folder?: string;
  readonly name: string;
}

/** Maximum number of letters shown. */
const MAX_LISTED = 50;

/**
 * Shows dead letters, and requeues or deletes the selected ones. The others are visible again when it returns or
 * throws.
 */
export async function runRedrive(run: RedriveRun): Promise<Moved> {
  const { queues, steps, uploadsBucket, options } = run;
  const { sqs, deadLettersUrl: url } = queues;
  let held: readonly Letter[] = [];
  try {
    const letters = await steps.run(
      "dead letters",
      (status) => {
        let taken = 0;
        status(() => `${taken}`);
        return takeLetters({ sqs, url, uploadsBucket, onProgress: (count) => (taken = count) });
      },
      ({ length }) => `${length}`,
    );
    held = letters;
    const reasons = await steps.run(`reasons in ${run.logGroup}`, () =>
      reasonsOf(run.logs, run.logGroup, letters),
    );
    const explained = letters.flatMap((letter) => {
      const reason = reasons.get(letter.id);
      return reason === undefined ? [] : [{ ...letter, reason }];
    });
    const { selected, others } = select(explained, options.selection);
    for (const line of describeLetters(selected, new Date())) steps.line(line);
    if (others.length > 0) steps.line(`${others.length} not selected`);
    if (options.action === undefined || selected.length === 0) return { done: [], failed: [] };
    const moved = await act(run, options.action, selected);
    const gone = new Set(moved.done.map(({ id }) => id));
    held = letters.filter(({ id }) => !gone.has(id));
    return moved;
  } finally {
    await show(sqs, url, held);
  }
}

async function act(
  { queues, steps, options, confirmation, name, folder = join(localFolder, "redrive") }: RedriveRun,
  action: "redrive" | "discard",
  selected: readonly Explained[],
): Promise<Moved> {
  const what = action === "redrive" ? "requeued" : "deleted";
  if (options.dryRun) {
    steps.line(`dry run: ${selected.length} dead letters would be ${what}`);
    return { done: [], failed: [] };
  }
  await confirm(
    `${action === "redrive" ? "Requeue" : "Delete"} ${selected.length} dead letters of ${name}?`,
    confirmation,
  );
  const unique = `${stamp(new Date())}-${randomBytes(4).toString("hex")}`;
  const file = join(folder, `${name}-${action}-${unique}.jsonl`);
  keepLetters(file, selected);
  const moved = await steps.run(
    action,
    () => (action === "redrive" ? redrive : discard)(queues, selected),
    ({ done }) => `${done.length} ${what}, saved in ${file}`,
  );
  for (const { letter, why } of moved.failed) steps.line(`  ${letter.id}: ${why}`);
  return moved;
}

/** Lines for people: each reason with its count, then each letter. */
export function describeLetters(letters: readonly Explained[], now: Date): string[] {
  const counts = new Map<string, number>();
  for (const { reason } of letters) {
    const text = `${reason.kind}: ${reason.text}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const line = ({ id, sent, receives, media, reason }: Explained): string =>
    `  ${duration(now.getTime() - sent.getTime())} old, ${receives} receives, ` +
    `${media.length === 0 ? `message ${id}` : `media ${media.join(", ")}`}: ${reason.kind}, ${reason.text}`;
  return [
    ...[...counts].sort(([, one], [, other]) => other - one).map(([text, count]) => `${count} × ${text}`),
    ...letters.slice(0, MAX_LISTED).map(line),
    ...(letters.length > MAX_LISTED ? [`  and ${letters.length - MAX_LISTED} newer`] : []),
  ];
}
