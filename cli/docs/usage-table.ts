import { type Item, total } from "./cost";
import { type Design, FIRST_DESIGN } from "./design";
import { ASSUMED, loadOfVideo } from "./load";
import { mostVideos, tasksFor, usageCost } from "./usage-cost";

/** Numbers of new videos per month. */
export const LOADS = [0, 1_000, 1_000_000] as const;

/** Markdown tables of monthly cost with videos, for each design and the first design. */
export function usageTables(designs: readonly Design[]): string {
  return ["## With videos", "", ...assumptions(), "", ...[...designs, FIRST_DESIGN].flatMap(table)].join(
    "\n",
  );
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

/** Tasks needed of tasks allowed; if more are needed, the number of videos that the allowed tasks process. */
function tasks(design: Design, videos: number): string {
  const most = mostVideos(design);
  const needed = number(tasksFor(design, videos));
  if (videos <= most) return `${needed} of ${design.task.maximum}`;
  return `**${needed} needed, ${design.task.maximum} allowed: at most ${number(most)} videos per month**`;
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
  const per = (value: number): string => number(value / ASSUMED.views);
  return [
    "Computed, not from a bill. `cli/docs/load.ts` has the assumptions, `cli/docs/prices.ts` the prices with their sources.",
    "",
    `- A video has ${ASSUMED.length / 60} minutes of ${ASSUMED.width} × ${ASSUMED.height} in ${mb(sourceBytes)}. Its streams have ${mb(streamBytes)} and need ` +
      `${number(cpuSeconds)} vCPU seconds (measured on x86, assumed for Arm). Tasks are ${ASSUMED.busy * 100} % utilized.`,
    `- It has ${ASSUMED.views} views of ${ASSUMED.watched / 60} minutes in ${ASSUMED.watchedHeight}p: ${mb(edgeBytes / ASSUMED.views)} and ` +
      `${per(edgeRequests)} requests each. In total, it has ${number(apiCalls)} API calls of ${ASSUMED.call * 1_000} ms.`,
    `- The number is that of new videos each month. Nothing is deleted, and the cost is that of month ${ASSUMED.kept}. Viewers are in North America and Europe.`,
    "- If videos need more tasks than the settings allow, the cost is that of a higher `processor.maximumTasks`, and the " +
      "last row says so. Account quotas and the sizes of database and cache are not checked.",
    "- The first design is computed exactly as drawn: its tasks reach S3 through NAT gateways, its function has 128 MB, " +
      "and it has no traces, no AWS Backup and no associated web ACL. It has no processing code; the same ffmpeg is assumed " +
      "to fit its tasks. CloudFront and the bucket, which it draws but does not create, cost the same; its copy with " +
      "`aws s3 sync` is in S3 Standard.",
    "- Not included: Amplify, sign-ups, load balancer capacity units, flow logs, traffic between zones, storage of " +
      "CloudWatch logs, database snapshots, requests to KMS other than those of S3, and the minimum of 128 KB per object of " +
      "infrequent access and backups.",
  ];
}
