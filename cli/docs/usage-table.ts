import { type Item, total } from "./cost";
import { type Design, FIRST_DESIGN } from "./design";
import { ASSUMED, type Extras, loadOfVideo } from "./load";
import { backupCost, hoursToProcessAgain, mostVideos, tasksFor, usageCost } from "./usage-cost";

/** Numbers of new videos per month. */
export const LOADS = [0, 1_000, 1_000_000] as const;

/** Markdown tables of monthly cost with videos, for each design and the first design. */
export function usageTables(designs: readonly Design[]): string {
  return [
    "## With videos",
    "",
    ...assumptions(),
    "",
    ...[...designs, FIRST_DESIGN].flatMap(table),
    ...backupChoice(designs),
  ].join("\n");
}

function table(design: Design): string[] {
  const months = LOADS.map((videos) => usageCost(design, videos));
  const added = months.map((items) => items.slice(design.idle.length));
  const names = [...new Set(added.flat().map(({ what }) => what))];
  const row = (what: string, cells: readonly string[]): string => `| ${what} | ${cells.join(" | ")} |`;
  const ratios = LOADS.map((videos, at) => total(months[at] ?? []) / total(usageCost(FIRST_DESIGN, videos)));
  return [
    `### ${design.name} with videos`,
    "",
    row(
      "$ a month",
      LOADS.map((videos) => (videos === 0 ? "idle" : `${number(videos)} videos`)),
    ),
    `|---|${LOADS.map(() => "---:").join("|")}|`,
    row(
      "idle",
      LOADS.map(() => dollars(total(design.idle))),
    ),
    ...names.map((name) =>
      row(
        name,
        added.map((items) => dollars(sumOf(items, name))),
      ),
    ),
    row(
      "**total**",
      months.map((items) => `**${dollars(total(items))}**`),
    ),
    ...(design === FIRST_DESIGN
      ? []
      : [
          row(
            "× the first design",
            ratios.map((ratio) => ratio.toFixed(2)),
          ),
        ]),
    row(
      "tasks",
      LOADS.map((videos) => tasks(design, videos)),
    ),
    "",
  ];
}

/** What `backup.streams` costs and saves, for designs with AWS Backup. */
function backupChoice(designs: readonly Design[]): string[] {
  const backedUp = designs.filter(({ backups }) => backups.sources);
  const loads = LOADS.filter((videos) => videos > 0);
  if (backedUp.length === 0) return [];
  return [
    "### Backing up the streams or not",
    "",
    "If the streams and their copies in the backup bucket are lost, AWS Backup restores them with `backup.streams` on.",
    "With it off, the processor makes them again from the sources: the table shows the time of the maximum number of",
    "tasks, fully utilized. We have not measured how fast AWS Backup or a copy from the backup bucket restores.",
    "",
    `| | ${loads.map((videos) => `${number(videos)} videos a month`).join(" | ")} |`,
    `|---|${loads.map(() => "---:").join("|")}|`,
    ...backedUp.flatMap((design) => [
      `| ${design.name}, on, $ a month | ${loads.map((videos) => dollars(backupCost(withStreams(design, { streams: true }), videos))).join(" | ")} |`,
      `| ${design.name}, off, $ a month | ${loads.map((videos) => dollars(backupCost(withStreams(design, { streams: false }), videos))).join(" | ")} |`,
      `| ${design.name}, off, hours to make all streams again | ${loads.map((videos) => number(hoursToProcessAgain(design, videos))).join(" | ")} |`,
    ]),
    "",
  ];
}

function withStreams(design: Design, { streams }: { readonly streams: boolean }): Design {
  return { ...design, backups: { ...design.backups, streams } };
}

/** Tasks needed of tasks allowed; if more are needed, the number of videos that the allowed tasks process. */
function tasks(design: Design, videos: number): string {
  const most = mostVideos(design);
  const needed = number(tasksFor(design, videos));
  if (videos <= most) return `${needed} of ${design.task.maximum}`;
  return `**${needed} needed, ${design.task.maximum} allowed: at most ${number(most)} videos per month, fully utilized**`;
}

function sumOf(items: readonly Item[], name: string): number {
  return total(items.filter(({ what }) => what === name));
}

const dollars = (amount: number): string => (amount === 0 ? "" : number(Number(amount.toFixed(2)), 2));

/** A number with spaces between thousands. */
function number(value: number, digits = 0): string {
  return value
    .toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replaceAll(",", " ");
}

function assumptions(): string[] {
  const { sourceBytes, streamBytes, edgeBytes, edgeRequests, apiCalls, cpuSeconds } = loadOfVideo();
  const mb = (bytes: number): string => `${number(bytes / 1_000_000)} MB`;
  const extra = (extras: Partial<Extras>): string =>
    mb(loadOfVideo({ downloads: false, av1: false, ...extras }).streamBytes - streamBytes);
  const per = (value: number): string => number(value / ASSUMED.views);
  return [
    "Computed, not from a bill. `cli/docs/load.ts` has the assumptions, `cli/docs/prices.ts` the prices with their sources.",
    "",
    `- A video has ${ASSUMED.length / 60} minutes of ${ASSUMED.width} × ${ASSUMED.height} in ${mb(sourceBytes)}, written once. Its streams have ${mb(streamBytes)} and need ` +
      `${number(cpuSeconds)} vCPU seconds (measured on x86, assumed for Arm). Tasks are ${ASSUMED.busy * 100} % utilized.`,
    `- With \`processor.downloads\` it has an MP4 of ${extra({ downloads: true })} more, as large as what is copied into it; the traffic of downloads is not included. ` +
      `With \`processor.av1\` it has ${extra({ av1: true })} more; the longer time of its tasks (performance.md) is not included.`,
    `- It has ${ASSUMED.views} views of ${ASSUMED.watched / 60} minutes in ${ASSUMED.watchedHeight}p: ${mb(edgeBytes / ASSUMED.views)} and ` +
      `${per(edgeRequests)} requests each. In total, it has ${number(apiCalls)} API calls of ${ASSUMED.call * 1_000} ms.`,
    `- 1 000 videos are 1 000 new videos each month. Nothing is deleted; the cost is that of month ${ASSUMED.kept}, with ${ASSUMED.kept} times as many stored.`,
    `- A synthetic check takes ${ASSUMED.check.seconds} s and ${ASSUMED.check.apiCalls} API calls: assumed, not measured on AWS. It is in the idle month.`,
    "- Viewers are in North America and Europe.",
    "- If the settings allow too few tasks, the cost assumes a higher `processor.maximumTasks`, and the last row says so. " +
      " Account quotas and the sizes of database and cache are not checked.",
    "- The first design is computed exactly as drawn: its tasks reach S3 through NAT gateways, its function has 128 MB, " +
      "and it has no traces, no AWS Backup and no associated web ACL. It has no processing code; the same ffmpeg is assumed " +
      "to fit its tasks. CloudFront and the bucket, which it draws but does not create, cost the same; its copy with " +
      "`aws s3 sync` is in S3 Standard.",
    "- Not included: Amplify, sign-ups, load balancer capacity units, flow logs, traffic between zones, storage of " +
      "CloudWatch logs, database snapshots, the processor's own metrics, invalidations of what creators delete, requests to KMS other than those of S3, and the minimum of 128 KB per object of " +
      "infrequent access and backups.",
  ];
}
