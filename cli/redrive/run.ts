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
  /** Undefined: only look. */
  readonly action: "redrive" | "discard" | undefined;
  readonly dryRun: boolean;
}

export interface RedriveRun {
  readonly confirmation: Confirmation;
  readonly queues: Queues;
  readonly logs: CloudWatchLogsClient;
  /** The processor's. */
  readonly logGroup: string;
  readonly uploadsBucket: string;
  readonly steps: Steps;
  readonly options: RedriveOptions;
  /** Where letters are written to before they go: `.local/redrive` by default. */
  readonly folder?: string;
  readonly name: string;
}

/** How many letters are shown. */
const MAX_LISTED = 50;

/** Shows dead letters, and moves or deletes those that are selected. Whatever happens, the others are back at the end. */
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
    for (const line of described(selected, new Date())) steps.line(line);
    if (others.length > 0) steps.line(`${others.length} others are not selected`);
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
  const what = action === "redrive" ? "put back into the media queue" : "deleted";
  if (options.dryRun) {
    steps.line(`dry run: ${selected.length} would be ${what}`);
    return { done: [], failed: [] };
  }
  await confirm(`Shall ${selected.length} dead letters of ${name} be ${what}?`, confirmation);
  const unique = `${stamp(new Date())}-${randomBytes(4).toString("hex")}`;
  const file = join(folder, `${name}-${action}-${unique}.jsonl`);
  keepLetters(file, selected);
  const moved = await steps.run(
    action,
    () => (action === "redrive" ? redrive : discard)(queues, selected),
    ({ done }) => `${done.length} ${what}; they are in ${file}`,
  );
  for (const { letter, why } of moved.failed) steps.line(`  ${letter.id}: ${why}`);
  return moved;
}

/** What there is, for a person: each reason with its count, and each letter. */
export function described(letters: readonly Explained[], now: Date): string[] {
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
    ...(letters.length > MAX_LISTED ? [`  and ${letters.length - MAX_LISTED} newer ones`] : []),
  ];
}
